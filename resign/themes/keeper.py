"""Puts on what is published: looks into the database now and then, and dresses the pages of this process.

Nothing that goes wrong here reaches a person: what is worn stays worn, and where nothing is, the shipped pages are.
"""

import dataclasses
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from resign.clock import Clock, SystemClock
from resign.db import Database
from resign.i18n import Catalogues
from resign.telemetry.metrics import THEME_FALLBACK
from resign.themes.basis import basis
from resign.themes.brand import Brand
from resign.themes.build import build
from resign.themes.checks import sound
from resign.themes.fault import BadTheme, Fault
from resign.themes.kept import Kept, fills, found, keep_in_turns, kept
from resign.themes.page import Page
from resign.themes.pages import Pages
from resign.themes.source import ThemeSource
from resign.themes.tables import ThemePublication
from resign.themes.troubled import note
from resign.themes.versions import Version, source_of, worn

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
# A theme that could not be built costs a child process and seconds each time.
_AGAIN_SECONDS = 60.0
_NOTED_EVERY_SECONDS = 60.0
_OUT_OF_REACH = (SQLAlchemyError, OSError)


@dataclass(frozen=True, slots=True)
class _Worn:
    """The publication that was acted on; `again_at` on the monotonic clock, where it has to be tried again."""

    publication: int | None
    again_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """What was built of the missing pages; `broken` of them break a rule, for which `faults` are the reasons."""

    pages: tuple[Page, ...] = ()
    faults: tuple[Fault, ...] = ()
    broken: int = 0


class Keeper:
    """One per web process. `brands` by workspace."""

    def __init__(
        self,
        database: Database,
        pages: Pages,
        brands: Mapping[str, Brand],
        catalogues: Catalogues,
        *,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._pages, self._catalogues = database, pages, catalogues
        self._brands = brands
        self._clock, self._monotonic = clock or SystemClock(), monotonic
        # Now, and not when it is needed: the files may be another release's by then, the code in memory never is.
        self._bases = {workspace: basis(brand, catalogues) for workspace, brand in brands.items()}
        self._worn: dict[str, _Worn] = {}
        self._said: dict[str, str] = {}
        self._note_at = monotonic()
        self._out = False
        pages.look_up_with(self.find)

    def start(self) -> threading.Event:
        """Puts on what is ready, before anybody comes, and goes on in a thread of its own; set the event to end it."""
        self.look(building=False)
        stop = threading.Event()
        threading.Thread(target=self.run, args=(stop,), name="themes", daemon=True).start()
        return stop

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.look()
            stop.wait(EVERY_SECONDS)

    def look(self, *, building: bool = True) -> None:
        """One query where nothing has changed. Never raises."""
        try:
            with self._database.reading() as session:
                newest = _newest(session)
        except _OUT_OF_REACH as error:
            self._out_of_reach(error)
            return
        self._out = False
        for workspace in self._brands:
            try:
                self._dress(workspace, *newest.get(workspace, (None, None)), building=building)
            except Exception as error:  # noqa: BLE001 - a theme, whatever is wrong with it, takes no page away
                self._fell_back(workspace, f"it cannot be put on ({type(error).__name__})")
        self._note_troubles()

    def find(self, digest: str) -> Page | None:
        """A page of a theme that this process has not worn; None also where the database does not answer."""
        try:
            with self._database.reading() as session:
                return found(session, digest)
        except _OUT_OF_REACH as error:
            log.warning("A page of an earlier theme cannot be looked up (%s)", type(error).__name__)
            return None

    def _dress(
        self, workspace: str, publication: int | None, version_id: int | None, *, building: bool
    ) -> None:
        before = self._worn.get(workspace)
        if before is not None and before.publication == publication:
            if before.again_at is None:
                self._is_well(workspace)
                return
            if self._monotonic() < before.again_at:
                THEME_FALLBACK.labels(workspace).set(1)
                return
        if version_id is None:
            self._wear(workspace, publication, ())
            self._is_well(workspace)
            return
        look = self._read(workspace, building=building)
        if look is None:
            return
        publication, version, there, source = look
        made = self._build(version, there, source)
        pages = (*there.pages, *made.pages)
        cause = _cause(there, pages, made)
        # What breaks a rule breaks it again: the same files, settings and release make the same page.
        for_good = made.broken and made.broken == len(there.missing) - len(made.pages) and not there.damaged
        again_at = math.inf if for_good else self._monotonic() + _AGAIN_SECONDS
        if pages:
            self._wear(workspace, publication, pages)
        if cause or not pages:
            self._worn[workspace] = _Worn(publication, again_at)
            self._fell_back(workspace, cause or "it has no pages", version)
        else:
            self._is_well(workspace)

    def _out_of_reach(self, error: Exception) -> None:
        """What is worn stays worn, and is well; where nobody could look yet, nobody knows what should be shown."""
        for workspace in self._brands:
            if workspace not in self._worn:
                self._fell_back(workspace, f"the database does not answer ({type(error).__name__})")
        if not self._out:
            log.warning("Themes stay as they are: the database does not answer (%s)", type(error).__name__)
        self._out = True

    def _read(
        self, workspace: str, *, building: bool
    ) -> tuple[int, Version, Kept, ThemeSource | None] | None:
        """What is published, and its files where something is to be built; None where that has to wait."""
        with self._database.reading() as session:
            now = worn(session, workspace)
            if now is None or now.version is None:
                return None  # taken off a moment ago: the next look sees it
            there = kept(session, now.version, self._bases[workspace], self._catalogues)
            if not there.missing:
                return now.publication, now.version, there, None
            if not building:
                return None
            try:
                source = source_of(session, workspace, now.version.number)
            except BadTheme:
                source = None
        return now.publication, now.version, there, source

    def _build(self, version: Version, there: Kept, source: ThemeSource | None) -> _Made:
        """The missing pages that may be shown, stored for the other processes too.

        Outside of any transaction, because it takes seconds.
        """
        if source is None:
            return _Made()
        brand = self._brands[version.workspace]
        built = build(
            source,
            theme=version.theme,
            workspace=version.workspace,
            brand=brand,
            catalogues=self._catalogues,
            pages=sorted({name for name, _ in there.missing}),
            languages=sorted({language for _, language in there.missing}),
        )
        wanted = set(there.missing)
        asked = tuple(page for page in built.pages if (page.name, page.language) in wanted and fills(page))
        pages, wrong = sound(dataclasses.replace(built, pages=asked), source, brand, self._catalogues)
        self._store(version, pages)
        return _Made(pages, (*wrong, *built.faults), len(asked) - len(pages))

    def _store(self, version: Version, pages: tuple[Page, ...]) -> None:
        """Worn all the same where that fails: another process then builds them too."""
        try:
            keep_in_turns(self._database.writing, version.id, self._bases[version.workspace], pages)
        except _OUT_OF_REACH as error:
            log.warning("A theme's pages were built and cannot be stored (%s)", type(error).__name__)

    def _wear(self, workspace: str, publication: int | None, pages: tuple[Page, ...]) -> None:
        self._pages.wear(workspace, pages)
        self._worn[workspace] = _Worn(publication)

    def _note_troubles(self) -> None:
        """For the alarms, which are raised by another process."""
        if not self._said or self._monotonic() < self._note_at:
            return
        self._note_at = self._monotonic() + _NOTED_EVERY_SECONDS
        try:
            with self._database.writing() as session:
                note(session, self._said, self._clock.now())
                session.commit()
        except _OUT_OF_REACH as error:
            log.warning("That a theme is not shown cannot be noted (%s)", type(error).__name__)

    def _is_well(self, workspace: str) -> None:
        THEME_FALLBACK.labels(workspace).set(0)
        if self._said.pop(workspace, None) is not None:
            log.info("The theme is worn again as it was published", extra={"workspace": workspace})

    def _fell_back(self, workspace: str, cause: str, version: Version | None = None) -> None:
        """Said once for each cause, and shown for as long as it lasts. No cause quotes a theme's text."""
        THEME_FALLBACK.labels(workspace).set(1)
        if self._said.get(workspace) != cause:
            self._said[workspace] = cause
            log.error(
                "The published theme is not shown as it should be, and shipped pages stand in: %s",
                cause,
                extra={"workspace": workspace, "version": version.number if version else None},
            )


def _newest(session: Session) -> dict[str, tuple[int, int | None]]:
    """By workspace the newest publication and its version."""
    newest = select(func.max(ThemePublication.id)).group_by(ThemePublication.workspace)
    columns = (ThemePublication.workspace, ThemePublication.id, ThemePublication.version_id)
    rows = session.execute(select(*columns).where(ThemePublication.id.in_(newest)))
    return {workspace: (publication, version_id) for workspace, publication, version_id in rows}


def _cause(there: Kept, pages: tuple[Page, ...], made: _Made) -> str | None:
    """Why pages are left out, in words without a word of the theme's; None where none is."""
    absent = len(there.missing) - (len(pages) - len(there.pages))
    if there.damaged:
        name, language = there.damaged[0]
        return (
            f"{len(there.damaged)} of its pages are damaged in the database, `{name}` in {language} first; "
            "publish the version again"
        )
    if absent and made.faults:
        first = made.faults[0]
        what = "break a rule of publishing" if made.broken == absent else "can no longer be built"
        return f"{absent} of its pages {what}; see {first.where}{f':{first.line}' if first.line else ''}"
    return f"{absent} of its pages cannot be made from what is stored" if absent else None
