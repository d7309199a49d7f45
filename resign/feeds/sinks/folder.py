"""Files in a folder of this machine, or of a share that is mounted there."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resign.feeds.sinks.contract import CAN_BE_PUT, PROBE, Alive, File, NotTaken

_CHUNK = 1 << 20
_SAYS = {
    errno.ENOENT: "the folder is not there; make it, or mount it",
    errno.ENOTDIR: "path is no folder",
    errno.EACCES: "we may not write into the folder; look at its permissions",
    errno.EPERM: "we may not write into the folder; look at its permissions",
    errno.EROFS: "the folder is on a disk that cannot be written to",
    errno.ENOSPC: "its disk is full",
    errno.EDQUOT: "its disk quota is used up",
}


class FolderSink:
    """Written aside in the same folder, so that whoever takes files from there never sees half of one."""

    proves = CAN_BE_PUT

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, file: File, alive: Alive) -> None:
        aside = self._path / f".{file.name}.part"
        with _in_words():
            try:
                with file.path.open("rb") as given, aside.open("wb") as taken:
                    while chunk := given.read(_CHUNK):
                        taken.write(chunk)
                        alive()
                    taken.flush()
                    os.fsync(taken.fileno())
                aside.replace(self._path / file.name)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
            self._settle()

    def probe(self) -> None:
        probe = self._path / PROBE
        with _in_words():
            probe.write_bytes(b"")
            probe.unlink()

    def _settle(self) -> None:
        """The name is in the folder for good only now."""
        descriptor = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotTaken(
            _SAYS.get(error.errno or 0, f"the file cannot be written ({error.strerror})")
        ) from None
