"""Where a workspace's link keys are read from, and how the file that holds them is written anew."""

import os
import stat
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from resign.settings.surroundings import settings_given


class CannotWrite(Exception):
    """Why the keys were not written, and what to do; the file is as it was."""


@dataclass(frozen=True, slots=True)
class Place:
    """`name` is what a person sets; `file` is there where the keys have a file of their own."""

    name: str
    file: Path | None = None

    def write(self, text: str) -> None:
        """Whole or not at all, durably, and readable for those who could read it before."""
        if self.file is None:
            raise CannotWrite(
                f"The keys stand in {self.name} itself. Put them into a file of their own, which only resign "
                "may read, and name it with RESIGN_KEYS_FILE (in a TOML file: keys_file); or run this without --write."
            )
        try:
            _replace(self.file.resolve(strict=True), f"{text}\n")
        except OSError as fault:
            raise CannotWrite(
                f"{self.file} cannot be rewritten ({type(fault).__name__}); it is as it was. "
                "Run this as the file's owner, or without --write and put the keys where they come from."
            ) from None


def place_of(workspace: str, given: Mapping[str, str] | None = None) -> Place:
    """For settings that were loaded already, and so are known to be sound."""
    given = settings_given() if given is None else given
    config = given.get("RESIGN_CONFIG")
    if config is None:
        file = given.get("RESIGN_KEYS_FILE")
        return Place("RESIGN_KEYS_FILE", Path(file)) if file else Place("RESIGN_KEYS")
    table = tomllib.loads(Path(config).read_text(encoding="utf-8"))["workspaces"][workspace]
    file = table.get("keys_file")
    name = f"[workspaces.{workspace}] of {config}"
    return Place(f"keys_file in {name}", Path(file)) if file else Place(f"keys in {name}")


def _replace(file: Path, text: str) -> None:
    """A second file takes the first one's place, with its mode and owner, once it is on the disk."""
    before = file.stat()
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            own = os.fstat(handle)
            if (own.st_uid, own.st_gid) != (before.st_uid, before.st_gid):
                os.fchown(handle, before.st_uid, before.st_gid)
            os.fchmod(handle, stat.S_IMODE(before.st_mode))
            written.write(text)
            written.flush()
            os.fsync(handle)
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
