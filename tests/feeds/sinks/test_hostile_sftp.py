"""A server that means no good, or has gone mad: each try ends in its time, says why, and what is owed stays owed."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import asyncssh
import pytest

from resign.feeds.sinks.contract import NotTaken
from resign.feeds.sinks.sftp import SftpSink
from resign.settings.destinations.place import SftpPlace
from tests.feeds.sinks.conftest import LOOPBACK, _Files, alive

CONTENT = bytes(200_000)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    """A connection that broke off is tried again once, not four times."""
    monkeypatch.setattr("resign.feeds.sinks.sftp._MOST_BREAKS", 1)


@pytest.fixture
def place(sftp_server) -> SftpPlace:
    return SftpPlace(
        host="127.0.0.1", port=sftp_server.port, user="resign", password="right", private_key=None,
        host_key=sftp_server.host_key, path="in",
    )  # fmt: skip


@pytest.fixture
def refuses(place, given):
    """Puts a file there, in vain; what was said, within the seconds that it may take."""

    def put(port: int, seconds: float = 3) -> str:
        began = time.monotonic()
        with pytest.raises(NotTaken) as reason:
            SftpSink(replace(place, port=port), LOOPBACK, seconds).put(given(CONTENT), alive)
        assert time.monotonic() - began < seconds + 10, "on a busy machine"
        return str(reason.value)

    return put


Talk = Callable[[socket.socket], None]


@pytest.fixture
def stranger() -> Iterator[Callable[[Talk], int]]:
    """Listens and talks; its port."""
    listening: list[socket.socket] = []

    def listen(talk: Talk) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=_talks, args=(talk, connection), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return int(server.getsockname()[1])

    yield listen
    for each in listening:
        each.close()


def _talks(talk: Talk, connection: socket.socket) -> None:
    with connection, suppress(OSError):
        talk(connection)


def _says_nothing(connection: socket.socket) -> None:
    while connection.recv(1 << 16):
        pass


def _has_much_to_say(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"Welcome to the machine of anna@example.com\r\n" * 100)


def _never_ends_its_line(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 65_536)


def _drips(connection: socket.socket) -> None:
    for sign in b"SSH-2.0-drips" * 100:
        connection.sendall(bytes([sign]))
        time.sleep(0.05)


def _is_no_ssh(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-mad\r\n" + b"\xff" * 100_000)
    _says_nothing(connection)


@pytest.mark.parametrize(
    "talk", [_says_nothing, _has_much_to_say, _never_ends_its_line, _drips, _is_no_ssh, socket.socket.close]
)
def test_whoever_does_not_speak_ssh_is_left_in_time(stranger, refuses, talk):
    said = refuses(stranger(talk))
    assert "took too long" in said or "does not speak SSH" in said
    assert "anna" not in said


class _Mad(_Files):
    """`how` is what it does."""

    how = ""

    def __init__(self, chan: asyncssh.SSHServerChannel, *more: Any) -> None:
        super().__init__(chan, *more)
        if self.how == "hangs up at once":
            chan.get_connection().abort()

    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        found = asyncssh.SFTPAttrs.from_local(super().stat(path))
        if self.how == "says another length":
            found.size = 1 << 62
        return found

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self.how == "refuses to rename":
            raise asyncssh.SFTPFailure("not that of anna@example.com")
        if self.how == "hangs at the end":
            await asyncio.sleep(600)
        if self.how == "closes at the end":
            self._chan.get_connection().abort()
            return
        super().posix_rename(oldpath, newpath)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("hangs up at once", "broke off"), ("says another length", "another length"), ("refuses to rename", "SFTPFailure"),
        ("hangs at the end", "took too long"), ("closes at the end", "broke off"),
    ],
)  # fmt: skip
def test_nothing_is_there_under_its_name_before_all_is(
    sftp_server, place, refuses, given, monkeypatch, how, said
):
    with monkeypatch.context() as mad:
        mad.setattr("tests.feeds.sinks.conftest._Files", _Mad)
        mad.setattr(_Mad, "how", how)
        found = refuses(sftp_server.port)
    assert said in found
    assert "anna" not in found
    assert "crm-00000001.csv" not in sftp_server.files
    SftpSink(place, LOOPBACK, 30).put(given(CONTENT), alive)
    assert sftp_server.files == ["crm-00000001.csv"]
    assert (sftp_server.root / "in" / "crm-00000001.csv").read_bytes() == CONTENT
