"""Real servers on loopback for files to go to, each with faults to switch on; and files to send."""

import asyncio
import gc
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import BinaryIO

import asyncssh
import pytest

from tests.support.serving import start as start_serving

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Given:
    """A file as the spool has it."""

    path: Path
    name: str
    media: str
    bytes: int
    sha256: str


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Given]:
    def make(content: bytes = b"email\r\nanna@example.com\r\n", name: str = "crm-00000001.csv") -> Given:
        path = tmp_path / "spooled"
        path.write_bytes(content)
        return Given(path, name, "text/csv; charset=utf-8", len(content), hashlib.sha256(content).hexdigest())

    return make


def alive() -> None:
    """Nobody asks us to stop."""


@dataclass
class Faults:
    cut_after: int | None = None
    cuts: int = 0
    full: bool = False
    slow: float = 0.0
    written: int = 0
    connections: int = 0
    begins: list[int] = field(default_factory=list)
    opened: list[BinaryIO] = field(default_factory=list)


class _Files(asyncssh.SFTPServer):
    def __init__(self, chan: asyncssh.SSHServerChannel, faults: Faults, root: Path) -> None:
        self._chan, self._faults = chan, faults
        self._first = True
        faults.connections += 1
        super().__init__(chan, chroot=str(root).encode())

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """Kept, so that one that a client never closed is closed in the end."""
        opened = super().open(path, pflags, attrs)
        self._faults.opened.append(opened)
        return opened

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        faults = self._faults
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if faults.full:
            raise asyncssh.SFTPFailure("no room left for anna@example.com")
        if self._first:
            faults.begins.append(offset)
            self._first = False
        if faults.cut_after is not None and faults.cuts and faults.written >= faults.cut_after:
            faults.cuts -= 1
            faults.written = 0
            self._chan.get_connection().abort()
            raise asyncssh.SFTPConnectionLost("cut")
        faults.written += len(data)
        return super().write(file_obj, offset, data)


class _Door(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("resign", "right")


@dataclass
class SftpServer:
    port: int
    key: asyncssh.SSHKey
    root: Path
    faults: Faults

    @property
    def host_key(self) -> str:
        return " ".join(self.key.export_public_key().decode().split()[:2])

    @property
    def files(self) -> list[str]:
        return sorted(file.name for file in self.root.rglob("*") if file.is_file())


@pytest.fixture(scope="session")
def client_key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def sftp_server(tmp_path: Path, client_key: asyncssh.SSHKey) -> Iterator[SftpServer]:
    """asyncssh's own server, in a thread of its own; the folder `in` is there."""
    root, faults = tmp_path / "there", Faults()
    (root / "in").mkdir(parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = asyncssh.import_authorized_keys(client_key.export_public_key().decode())
    loop = asyncio.new_event_loop()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=_Door, server_host_keys=[key], authorized_client_keys=public,
            sftp_factory=lambda chan: _Files(chan, faults, root),
        )  # fmt: skip

    running = threading.Thread(target=loop.run_forever, daemon=True)
    running.start()
    # In that thread from the start: a browser that is open has a loop of its own running in ours.
    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    yield SftpServer(acceptor.get_port(), key, root, faults)

    async def end() -> None:
        acceptor.close()
        await asyncio.sleep(0.05)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(end(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    running.join(10)
    loop.close()
    for each in faults.opened:
        each.close()
    # What it has left behind must not be taken away in the middle of something else.
    gc.collect()


@dataclass
class Receiver:
    """What an HTTP server was sent, and what it answers."""

    url: str = ""
    status: int = 201
    says: bytes = b"thanks"
    location: str = ""
    slow: float = 0.0
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    from time import sleep  # noqa: PLC0415

    state = Receiver()

    class Taker(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.got.append((self.command, self.path, dict(self.headers), body))
            sleep(state.slow)
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.send_header("Content-Length", str(len(state.says)))
            self.end_headers()
            with suppress(BrokenPipeError):
                self.wfile.write(state.says)

        do_PUT = do_POST = do_OPTIONS = _take  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taker) as server:
        serving = start_serving(server)
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield state
        server.shutdown()
        serving.join()
