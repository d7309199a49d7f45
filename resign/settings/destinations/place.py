"""Where a file goes: a folder of this machine, an address over HTTP, or a server over SFTP."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from resign.settings import parse
from resign.settings.destinations.table import Table

# Stands in a URL for the name of the file.
NAME_OF_FILE = "{file}"
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,252})")
_HOST_KEY = re.compile(r"(?:ssh|ecdsa|sk-ssh|sk-ecdsa|rsa)-[a-zA-Z0-9@.-]+ [A-Za-z0-9+/]{20,}={0,3}(?: .*)?")
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
_SFTP_PORT, _MOST_PORT = 22, 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlace:
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPlace:
    """`ok` must stand in the answer, because some answer 200 and an error."""

    url: str = field(repr=False)
    method: Literal["PUT", "POST"]
    token: str | None = field(repr=False)
    ok: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpPlace:
    """`host_key` as a line of known_hosts has it, or its SHA256 fingerprint; `path` is the folder there."""

    host: str
    port: int
    user: str = field(repr=False)
    password: str | None = field(repr=False)
    private_key: str | None = field(repr=False)
    host_key: str
    path: str


Place = FolderPlace | HttpPlace | SftpPlace


def _folder(table: Table) -> FolderPlace:
    path = Path(table.text("path"))
    if not path.is_absolute() or "\x00" in str(path):
        raise table.fault("give path as a whole one, such as /var/lib/resign/files")
    return FolderPlace(path=path)


def _http(table: Table) -> HttpPlace:
    url = table.text("url")
    try:
        parse.webhook(url.replace(NAME_OF_FILE, "file"))
    except ValueError as error:
        raise table.fault(f"url: {error}") from None
    if NAME_OF_FILE in urlsplit(url).netloc:
        raise table.fault(f"url: {NAME_OF_FILE} stands in its path")
    return HttpPlace(
        url=url,
        method="POST" if table.word("method", "PUT", "POST", default="PUT") == "POST" else "PUT",
        token=table.secret("token"),
        ok=table.text("ok") if table.has("ok") else None,
    )


def _sftp(table: Table) -> SftpPlace:
    host = table.text("host")
    if not _HOST.fullmatch(host):
        raise table.fault("host is a name such as sftp.example.com")
    if not table.has("host_key"):
        raise table.fault(
            "host_key is missing; without it a file could be given to anybody. "
            "`ssh-keyscan -t ed25519 HOST` shows it: compare it with what its operator tells you"
        )
    password, key = table.secret("password"), table.secret("private_key")
    if (password is None) == (key is None):
        raise table.fault("give either a password or a private_key")
    return SftpPlace(
        host=host,
        port=table.whole("port", 1, _MOST_PORT, _SFTP_PORT),
        user=table.text("user"),
        password=password,
        private_key=key,
        host_key=_host_key(table, host),
        path=str(PurePosixPath(table.text("path", "."))),
    )


def _host_key(table: Table, host: str) -> str:
    """Also a whole line of ssh-keyscan, which begins with the host."""
    given = table.text("host_key")
    first, _, rest = given.partition(" ")
    if rest and (first.strip("[]").partition("]")[0] == host or first.startswith(f"[{host}]")):
        given = rest.strip()
    if not _HOST_KEY.fullmatch(given) and not _FINGERPRINT.fullmatch(given):
        raise table.fault(
            'host_key is written "ssh-ed25519 AAAA…" or "SHA256:…", as ssh-keyscan and ssh show it'
        )
    return given


PLACES: Mapping[str, Callable[[Table], Place]] = {"folder": _folder, "http-file": _http, "sftp": _sftp}
