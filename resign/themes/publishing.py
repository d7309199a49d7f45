"""From a version to what people see: built and checked outside of any transaction, then put on in one.

Whoever publishes calls `prepare` (seconds), then `store`, opens a session, calls `put`, and commits. Of two who publish
at once both are recorded, and the later row is what is worn.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from resign.i18n import SOURCE, Catalogues
from resign.themes.basis import basis
from resign.themes.brand import Brand
from resign.themes.build import Built, build, in_order
from resign.themes.checks import check, sound
from resign.themes.fault import Fault
from resign.themes.kept import Writing, expected, fills, keep, keep_in_turns, kept
from resign.themes.page import Page
from resign.themes.source import ThemeSource
from resign.themes.tables import MOST_AUTHOR, MOST_NOTE, ThemePublication
from resign.themes.versions import Version, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What `put` writes. No version is the shipped look; no pages, that they are there already.

    `left_out`: why some pages are not among them, so that people see the shipped ones there.
    """

    version: Version | None
    basis: str
    pages: tuple[Page, ...] = ()
    left_out: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    faults: tuple[Fault, ...]


SHIPPED = Prepared(version=None, basis="")


def prepare(
    source: ThemeSource,
    version: Version,
    brand: Brand,
    catalogues: Catalogues,
    *,
    language: str = SOURCE,
    looks: bool = True,
) -> Prepared | Refused:
    """Builds every page and checks it; `looks` also in a browser, in `language`, the workspace's own."""
    built = _built(source, version, brand, catalogues, language)
    faults = check(built, source, brand, catalogues, looks=looks, language=language)
    if faults := faults or _gaps(built, catalogues):
        return Refused(faults)
    return Prepared(version=version, basis=basis(brand, catalogues), pages=built.pages)


def is_prepared(session: Session, version: Version, brand: Brand, catalogues: Catalogues) -> Prepared | None:
    """A version whose pages are all there for the present basis; None where they have to be built."""
    present = basis(brand, catalogues)
    there = kept(session, version, present, catalogues)
    return None if there.damaged or there.missing else Prepared(version=version, basis=present)


def prepare_again(
    source: ThemeSource, version: Version, brand: Brand, catalogues: Catalogues
) -> Prepared | Refused:
    """For a version that was worn before: what keeps its pages from being built is in the way.

    A page that is built and could not be published now is left out: whoever goes back is in a hurry.
    """
    built = _built(source, version, brand, catalogues)
    if faults := built.faults or _gaps(built, catalogues):
        return Refused(faults)
    pages, left_out = sound(built, source, brand, catalogues)
    if not pages:
        return Refused(left_out)
    return Prepared(version=version, basis=basis(brand, catalogues), pages=pages, left_out=left_out)


def store(writing: Writing, prepared: Prepared) -> Prepared:
    """Writes the pages of a version that is kept already, a few in each transaction, and leaves one line for `put`.

    Nobody sees them before that. All of them in one transaction would keep who presses waiting for a second or two.
    """
    if prepared.version is not None:
        keep_in_turns(writing, prepared.version.id, prepared.basis, prepared.pages)
    return replace(prepared, pages=())


def put(
    session: Session, workspace: str, prepared: Prepared, *, author: str, note: str, now: datetime
) -> int:
    """The number of the new publication; the caller commits."""
    version = prepared.version
    if version is not None and version.workspace != workspace:
        raise ValueError("a version of another workspace")
    if version is not None:
        keep(session, version.id, prepared.basis, prepared.pages)
    row = ThemePublication(
        workspace=workspace,
        version_id=version.id if version else None,
        at=now,
        author=line(author, MOST_AUTHOR),
        note=line(note, MOST_NOTE),
    )
    session.add(row)
    session.flush()
    return row.id


def _built(
    source: ThemeSource, version: Version, brand: Brand, catalogues: Catalogues, language: str = SOURCE
) -> Built:
    return build(
        source, theme=version.theme, workspace=version.workspace, brand=brand, catalogues=catalogues,
        languages=in_order(catalogues.languages, language),
    )  # fmt: skip


def _gaps(built: Built, catalogues: Catalogues) -> tuple[Fault, ...]:
    """Pages that are not there, or that could not be filled, though nothing said so: they would be fallen back on."""
    sound = {(page.name, page.language) for page in built.pages if fills(page)}
    return tuple(
        Fault(
            where=name,
            what="the page was not made, or would not fill",
            remedy="Take back what this page's template changes, and try again.",
            page=name,
            language=language,
        )
        for name, language in sorted(expected(catalogues) - sound)
    )
