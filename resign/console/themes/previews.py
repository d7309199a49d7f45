"""One page of a theme that is being worked on, as one sample person would see it."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resign.i18n import Catalogues
from resign.themes.brand import Brand
from resign.themes.build import Built, brand_of, build
from resign.themes.contexts import PAGE_NAMES, PageName
from resign.themes.fault import Fault
from resign.themes.samples import SAMPLES, sample
from resign.themes.source import ThemeSource, read

# Each is a process that uses up to a quarter of a gigabyte and a processor core.
_MOST_AT_ONCE = 2
_WAIT_SECONDS = 2.0
_MOST_KEPT = 24


class Busy(Exception):
    """As many pages are being made as may be at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be seen; whatever is unknown becomes what is seen first."""

    page: PageName = "optout"
    language: str = "en"
    sample: str = SAMPLES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A page that was made. `body` is None where it could not be."""

    body: bytes | None
    csp: str
    faults: tuple[Fault, ...]


class Previews:
    """Shots are kept in memory for a while, because a frame can only be shown what has an address."""

    def __init__(self, catalogues: Catalogues, *, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._catalogues = catalogues
        self._wait_seconds = wait_seconds
        self.room = threading.BoundedSemaphore(_MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Shot] = OrderedDict()

    def shot(self, source: ThemeSource, workspace: str, brand: Brand, wanted: Wanted) -> Shot:
        """Busy where there is no room within two seconds."""
        built = self.tried(source, workspace, brand, [wanted.page], [wanted.language])
        page = next(iter(built.pages), None)
        if page is None:
            return Shot(body=None, csp="", faults=built.faults)
        who = brand_of(read(source), brand)
        body = page.fill(sample(wanted.page, wanted.language, wanted.sample, self._catalogues, who))
        return Shot(body=body, csp=page.csp, faults=built.faults)

    def tried(
        self,
        source: ThemeSource,
        workspace: str,
        brand: Brand,
        pages: Sequence[PageName],
        languages: Sequence[str],
    ) -> Built:
        """Busy where there is no room within two seconds."""
        if not self.room.acquire(timeout=self._wait_seconds):
            raise Busy
        try:
            return build(
                source, theme=f"{workspace}@draft", workspace=workspace, brand=brand,
                catalogues=self._catalogues, pages=pages, languages=languages,
            )  # fmt: skip
        finally:
            self.room.release()

    def keep(self, shot: Shot) -> str:
        """The name under which it can be shown for a while."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._kept[name] = shot
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return name

    def kept(self, name: str) -> Shot | None:
        with self._lock:
            return self._kept.get(name)


def wanted(given: Mapping[str, str], languages: Sequence[str], page: PageName, language: str) -> Wanted:
    """From a form or a query: strangers to it are left out. `page` and `language` are seen where nothing is wished."""
    name, tongue, person = (given.get(field, "") for field in ("page", "language", "sample"))
    return Wanted(
        page=next((each for each in PAGE_NAMES if each == name), page),
        language=tongue if tongue in languages else language,
        sample=person if person in SAMPLES else SAMPLES[0],
    )
