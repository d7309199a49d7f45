"""Files over SFTP: written aside and renamed; a transfer that broke off goes on where what is there agrees with ours."""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import Any, BinaryIO, TypeVar

import asyncssh

from resign.feeds.sinks.contract import CAN_BE_PUT, MOST_SILENT, PROBE, Alive, File, NotTaken
from resign.feeds.sinks.ssh import connected
from resign.outward.addresses import Network
from resign.settings.destinations.place import SftpPlace

T = TypeVar("T")

_COMPARED = 1 << 16
_MOST_BREAKS = 4
_BLOCK = 1 << 15
_LARGEST_BLOCK = 1 << 18
_BROKEN = (asyncssh.ConnectionLost, asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost, ConnectionError)


class SftpSink:
    proves = CAN_BE_PUT

    def __init__(self, place: SftpPlace, networks: Sequence[Network], most_seconds: float) -> None:
        self._place, self._networks, self._most_seconds = place, networks, most_seconds

    def put(self, file: File, alive: Alive) -> None:
        _by_itself(self._within(self._put(file, alive), self._most_seconds))

    def probe(self) -> None:
        _by_itself(self._within(self._probe(), MOST_SILENT))

    async def _within(self, work: Coroutine[Any, Any, None], seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await work
        except TimeoutError:
            raise NotTaken(
                "it took too long; see whether it is slow, or give it more by most_seconds"
            ) from None
        except _BROKEN:
            raise NotTaken("the connection broke off several times") from None
        except asyncssh.SFTPError as error:
            raise NotTaken(_in_words(error)) from None

    async def _probe(self) -> None:
        async with connected(self._place, self._networks) as sftp:
            path = str(PurePosixPath(self._place.path) / PROBE)
            opened = await _silent(sftp.open(path, "wb"))
            await _silent(opened.close())
            await _silent(sftp.remove(path))

    async def _put(self, file: File, alive: Alive) -> None:
        breaks = 0
        while True:
            try:
                async with connected(self._place, self._networks) as sftp:
                    await self._send(sftp, file, alive)
            except _BROKEN:
                breaks += 1
                if breaks > _MOST_BREAKS:
                    raise
                alive()
                await asyncio.sleep(min(2.0**breaks / 4, 5))
            else:
                return

    async def _send(self, sftp: asyncssh.SFTPClient, file: File, alive: Alive) -> None:
        """The name aside holds the checksum, so that no other content is ever gone on with."""
        folder = PurePosixPath(self._place.path)
        aside, final = str(folder / f".{file.name}.{file.sha256[:16]}.part"), str(folder / file.name)
        with file.path.open("rb") as given:
            done = await _agreed(sftp, aside, given, file.bytes)
            # Not closed where something goes wrong: whoever has stopped answering would not answer that either.
            taken = await _silent(sftp.open(aside, "r+b" if done else "wb"))
            await _copy(given, taken, done, _block(sftp), alive)
            await _settle(taken)
            await _silent(taken.close())
        there = await _silent(sftp.stat(aside))
        if there.size != file.bytes:
            await _silent(sftp.remove(aside))
            raise NotTaken("what is there after the transfer has another length than the file")
        await _rename(sftp, aside, final)


def _by_itself(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own, so that it does not matter what runs in the caller's."""
    with ThreadPoolExecutor(1, thread_name_prefix="sftp") as pool:
        pool.submit(asyncio.run, work).result()


async def _agreed(sftp: asyncssh.SFTPClient, aside: str, given: BinaryIO, length: int) -> int:
    """How much of the file is there already: by its length, and by what stands at its end."""
    try:
        there = (await _silent(sftp.stat(aside))).size or 0
    except asyncssh.SFTPNoSuchFile:
        return 0
    if not 0 < there <= length:
        return 0
    begin = max(0, there - _COMPARED)
    taken = await _silent(sftp.open(aside, "rb"))
    end: object = await _silent(taken.read(there - begin, begin))
    await _silent(taken.close())
    given.seek(begin)
    return there if end == given.read(there - begin) else 0


async def _copy(given: BinaryIO, taken: asyncssh.SFTPClientFile, done: int, block: int, alive: Alive) -> None:
    """One block after the other: what is there is always a beginning, without a hole."""
    given.seek(done)
    while chunk := given.read(block):
        await _silent(taken.write(chunk, done))
        done += len(chunk)
        alive()


def _block(sftp: asyncssh.SFTPClient) -> int:
    return min(sftp.limits.max_write_len or _BLOCK, _LARGEST_BLOCK)


async def _settle(taken: asyncssh.SFTPClientFile) -> None:
    try:
        await _silent(taken.fsync())
    except asyncssh.SFTPOpUnsupported:
        return  # it says nothing about its disk; a 2xx of HTTP says no more


async def _rename(sftp: asyncssh.SFTPClient, aside: str, final: str) -> None:
    """Over a file of the same name, which is what an earlier try has left."""
    try:
        await _silent(sftp.posix_rename(aside, final))
    except asyncssh.SFTPOpUnsupported:
        if await _silent(sftp.exists(final)):
            await _silent(sftp.remove(final))
        await _silent(sftp.rename(aside, final))


async def _silent(step: Awaitable[T]) -> T:
    """A step that says nothing for so long is taken for a connection that broke off."""
    try:
        return await asyncio.wait_for(step, MOST_SILENT / 2)
    except TimeoutError:
        raise ConnectionError from None


def _in_words(error: asyncssh.SFTPError) -> str:
    """Its own words are not repeated: anything may stand in them."""
    if isinstance(error, asyncssh.SFTPNoSuchFile | asyncssh.SFTPNoSuchPath):
        return "the folder of path is not there; make it, or mend path"
    if isinstance(error, asyncssh.SFTPPermissionDenied | asyncssh.SFTPWriteProtect):
        return "we may not write into the folder; look at its permissions"
    if isinstance(error, asyncssh.SFTPNoSpaceOnFilesystem | asyncssh.SFTPQuotaExceeded):
        return "its disk is full"
    return f"it does not write the file; most often its disk is full ({type(error).__name__})"
