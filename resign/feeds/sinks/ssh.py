"""A connection to an SFTP server whose host key is the one that the settings name, and none other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from hmac import compare_digest

import asyncssh

from resign.feeds.sinks.contract import MOST_SILENT, NotTaken
from resign.outward.addresses import Network, NotAllowed
from resign.outward.connecting import Deadline, connect
from resign.settings.destinations.place import SftpPlace

_CONNECT_SECONDS = 15.0
_LOG_IN_SECONDS = 20.0
_RSA = ("rsa-sha2-512", "rsa-sha2-256")


@asynccontextmanager
async def connected(place: SftpPlace, networks: Sequence[Network]) -> AsyncIterator[asyncssh.SFTPClient]:
    """Raises NotTaken where it cannot be reached, is somebody else, or does not let us in."""
    pinned = _Pinned(place.host_key)
    options = _options(place, pinned)
    try:
        opened = await asyncio.to_thread(
            connect, place.host, place.port, networks, Deadline(_CONNECT_SECONDS)
        )
    except NotAllowed as reason:
        raise NotTaken(str(reason)) from None
    except OSError as error:
        raise NotTaken(f"it cannot be reached ({type(error).__name__})") from None
    opened.setblocking(False)
    try:
        connection = await asyncssh.connect(sock=opened, options=options)
    except asyncssh.HostKeyNotVerifiable:
        raise NotTaken(pinned.says) from None
    except asyncssh.PermissionDenied:
        raise NotTaken(
            "it does not let us in; look at the user, and at its password or private_key"
        ) from None
    except (asyncssh.Error, OSError) as error:
        says = pinned.says if pinned.offered else f"it does not speak SSH with us ({type(error).__name__})"
        raise NotTaken(says) from None
    try:
        sftp = await asyncio.wait_for(connection.start_sftp_client(), _LOG_IN_SECONDS)
        yield sftp
    except asyncssh.ChannelOpenError:
        raise NotTaken("it lets us in, but not to SFTP") from None
    finally:
        # Without a good-bye: whoever has stopped answering would keep us waiting for theirs.
        connection.abort()
        with suppress(TimeoutError, asyncssh.Error, OSError):
            await asyncio.wait_for(connection.wait_closed(), _LOG_IN_SECONDS)


def _options(place: SftpPlace, pinned: "_Pinned") -> asyncssh.SSHClientConnectionOptions:
    """Nothing of this machine's own: no agent, no keys of whoever runs us, no configuration."""
    try:
        keys = [asyncssh.import_private_key(place.private_key)] if place.private_key else None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise NotTaken("the private_key cannot be read; give one without a passphrase") from None
    return asyncssh.SSHClientConnectionOptions(
        config=None, agent_path=None, known_hosts=([], [], []), client_factory=lambda: pinned, host=place.host,
        port=place.port, username=place.user, password=place.password, client_keys=keys,
        server_host_key_algs=pinned.algorithms, login_timeout=_LOG_IN_SECONDS, keepalive_interval=MOST_SILENT / 4,
        keepalive_count_max=2, gss_auth=False, gss_kex=False, client_version="resign",
    )  # fmt: skip


class _Pinned(asyncssh.SSHClient):
    """`offered` is the fingerprint of the key that was shown and was not the one."""

    def __init__(self, host_key: str) -> None:
        self._wanted = host_key
        self.offered = ""
        self.algorithms: Sequence[str] | tuple[()] = ()
        if not host_key.startswith("SHA256:"):
            try:
                key = asyncssh.import_public_key(host_key)
            except asyncssh.KeyImportError:
                raise NotTaken("host_key cannot be read; write it as ssh-keyscan prints it") from None
            kind = key.get_algorithm()
            # Of several that a server may have, it is asked for the one that we know.
            self.algorithms = _RSA if kind == "ssh-rsa" else (kind,)
            self._wanted = key.get_fingerprint()

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002 - asyncssh's
        shown = key.get_fingerprint()
        if compare_digest(shown.rstrip("="), self._wanted.rstrip("=")):
            return True
        self.offered = shown
        return False

    @property
    def says(self) -> str:
        shown = f", but {self.offered}" if self.offered else ""
        return (
            f"its host key is not the one of the settings{shown}. It may be somebody else: "
            "ask its operator whether the key was changed before you change host_key"
        )
