"""The theme of a folder as it is at this moment: built when it is asked for, and again when a file has changed."""

import hashlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from resign.i18n import Catalogues
from resign.themes.brand import Brand
from resign.themes.build import build
from resign.themes.contexts import PageName
from resign.themes.fault import BadTheme, Fault
from resign.themes.page import Page
from resign.themes.source import ThemeSource


@dataclass(frozen=True, slots=True)
class Shown:
    """`revision` changes whenever a file does."""

    revision: str
    pages: dict[PageName, Page]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class Room:
    """One language is built at a time, so that a change shows at once; all of them would take seconds."""

    folder: Path
    workspace: str
    language: str
    brand: Brand
    catalogues: Catalogues
    _mutex: threading.Lock = field(default_factory=threading.Lock)
    _built: dict[str, Shown] = field(default_factory=dict)

    def shown(self, language: str) -> Shown:
        """KeyError for a language without a catalogue. A theme that cannot be read has faults and no pages."""
        if language not in self.catalogues.languages:
            raise KeyError(language)
        revision = _fingerprint(self.folder)
        with self._mutex:
            known = self._built.get(language)
            if known is None or known.revision != revision:
                known = self._built[language] = self._build(revision, language)
        return known

    def _build(self, revision: str, language: str) -> Shown:
        try:
            source = ThemeSource.from_folder(self.folder)
        except BadTheme as bad:
            return Shown(revision, {}, bad.faults)
        except OSError:
            fault = Fault(where=self.folder.name, what="a file cannot be read", remedy="Save it once more.")
            return Shown(revision, {}, (fault,))
        built = build(
            source,
            theme=f"{self.workspace}@preview",
            workspace=self.workspace,
            brand=self.brand,
            catalogues=self.catalogues,
            languages=[language],
        )
        return Shown(revision, {page.name: page for page in built.pages}, built.faults)


def _fingerprint(folder: Path) -> str:
    """Of names, sizes and times: reading all files each second would be felt. Links are not followed."""
    digest = hashlib.sha256()
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            try:
                stat = path.lstat()
            except OSError:
                continue  # an editor's own file, gone again
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]
