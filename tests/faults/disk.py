"""A small disk in a file, which can be filled to the last byte and whose power can be cut: a loop mount of its own."""

import errno
import fcntl
import os
import shutil
import struct
import subprocess
import time
from contextlib import suppress
from pathlib import Path

# `EXT4_IOC_SHUTDOWN` with `NOLOGFLUSH`: the file system is dead at once, and whatever was not synced is gone.
# It is what the kernel's own file system tests take for a power cut.
_SHUT_DOWN, _WITHOUT_FLUSHING = 0x8004587D, 2
_SPARED_BLOCKS = 256
_CHUNKS = (1 << 16, 1 << 12, 1)


class NotPermitted(Exception):
    """This machine does not let us mount."""


class Disk:
    """ext4 on a loop device. `folder` is where it is mounted."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self._image = place / "disk.img"
        self.folder = place / "disk"
        self._ballast = self.folder / "ballast"
        self._image.touch()
        os.truncate(self._image, megabytes << 20)
        self.folder.mkdir()
        try:
            _run("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image))
            self.mount()
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(self.folder)
            self._image.unlink()
            raise NotPermitted from error

    def mount(self) -> None:
        _run("mount", "-o", "loop", str(self._image), str(self.folder))

    def unmount(self) -> None:
        """Waits for the last file to be let go of."""
        for patience in range(50):
            try:
                _run("umount", str(self.folder))
            except subprocess.CalledProcessError:
                if patience == 49:
                    raise
                time.sleep(0.1)
            else:
                return

    def fill(self) -> None:
        """Most at once, because others write meanwhile; then byte by byte, until nothing more goes in."""
        room = os.statvfs(self.folder)
        with self._ballast.open("ab", buffering=0) as file:
            with suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, max(1, (room.f_bavail - _SPARED_BLOCKS) * room.f_frsize))
            file.seek(0, os.SEEK_END)
            for chunk in _CHUNKS:
                try:
                    while True:
                        file.write(bytes(chunk))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
            os.fsync(file.fileno())

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def cut(self) -> None:
        """From now on every access fails, and only what was synced before will be there after `replace`."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUT_DOWN, struct.pack("I", _WITHOUT_FLUSHING))
        finally:
            os.close(descriptor)

    def power_up(self) -> None:
        """Nobody may have a file open on it any more."""
        self.unmount()
        self.mount()

    def remove(self) -> None:
        self.unmount()
        self._image.unlink()


def let_go_of(folder: Path) -> None:
    """A closed `Database` keeps its lock file open, and a disk with an open file cannot be unmounted."""
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            if link.readlink().is_relative_to(folder):
                os.close(int(link.name))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
