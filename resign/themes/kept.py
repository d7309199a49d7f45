"""The pages of a version as the database keeps them: put there, looked through, and never trusted unseen.

A row may come from an earlier release, or have been damaged: a page that would not fill must not be met by anybody.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.i18n import Catalogues
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, PageName
from resign.themes.page import Page
from resign.themes.tables import ThemePage, ThemeVersion
from resign.themes.versions import Version

Key = tuple[PageName, str]
Writing = Callable[[], AbstractContextManager[Session]]
# A policy of ours, whatever the hash of the style in it: a header is no place for anything else.
_POLICY = re.compile(
    r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; "
    r"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Some megabytes at the most: whoever presses meanwhile waits until they are written.
_AT_ONCE = 50


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`damaged` are there and cannot be used; `missing` are not there."""

    pages: tuple[Page, ...]
    damaged: tuple[Key, ...]
    missing: tuple[Key, ...]


def keep(session: Session, version_id: int, basis: str, pages: Iterable[Page]) -> None:
    """Puts pages in, also in the place of damaged ones. The same source and basis give the same text again."""
    rows = [
        {
            "version_id": version_id,
            "basis": basis,
            "page": page.name,
            "language": page.language,
            "csp": page.csp,
            "text": page.text,
            "digest": page.digest,
        }
        for page in pages
    ]
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(ThemePage)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["version_id", "basis", "page", "language"],
            set_={name: insert.excluded[name] for name in ("csp", "text", "digest")},
        ),
        rows,
    )


def keep_in_turns(writing: Writing, version_id: int, basis: str, pages: Sequence[Page]) -> None:
    """`keep`, committed, a few pages in each transaction. `writing` is the database's."""
    for begin in range(0, len(pages), _AT_ONCE):
        with writing() as session:
            keep(session, version_id, basis, pages[begin : begin + _AT_ONCE])
            session.commit()


def kept(session: Session, version: Version, basis: str, catalogues: Catalogues) -> Kept:
    pages: list[Page] = []
    damaged: list[Key] = []
    there = select(ThemePage).where(ThemePage.version_id == version.id, ThemePage.basis == basis)
    for row in session.scalars(there):
        if (row.page, row.language) not in expected(catalogues):
            continue
        page = _page(row, version)
        if page is None:
            damaged.append((cast("PageName", row.page), row.language))
        else:
            pages.append(page)
    found = {*damaged, *((page.name, page.language) for page in pages)}
    missing = tuple(sorted(expected(catalogues) - found))
    return Kept(pages=tuple(pages), damaged=tuple(sorted(damaged)), missing=missing)


def found(session: Session, digest: str) -> Page | None:
    """The page of that text, of whatever version and release; the newest where several have it."""
    row = session.execute(
        select(ThemePage, ThemeVersion.workspace, ThemeVersion.number)
        .join(ThemeVersion, ThemeVersion.id == ThemePage.version_id)
        .where(ThemePage.digest == digest)
        .order_by(ThemePage.version_id.desc())
        .limit(1)
    ).first()
    if row is None or row.ThemePage.page not in CONTEXTS:
        return None
    page = _made(row.ThemePage, row.workspace, f"{row.workspace}@{row.number}")
    return page if page.digest == digest else None


def expected(catalogues: Catalogues) -> frozenset[Key]:
    """Every page in every language."""
    return frozenset((name, language) for name in PAGE_NAMES for language in catalogues.languages)


def fills(page: Page) -> bool:
    """Whether the page can be sent: its policy is one of ours, and each marker is a field of its context."""
    if not _POLICY.fullmatch(page.csp):
        return False
    context = CONTEXTS[page.name]
    blank: dict[str, Any] = {
        field.name: "" if field.type is str else {} for field in dataclasses.fields(context)
    }
    try:
        page.fill(context(**blank))
    except Exception:  # noqa: BLE001 - whatever it is, nobody who opens a link must meet it
        return False
    return True


def _page(row: ThemePage, version: Version) -> Page | None:
    page = _made(row, version.workspace, version.theme)
    return page if page.digest == row.digest and fills(page) else None


def _made(row: ThemePage, workspace: str, theme: str) -> Page:
    return Page(
        name=cast("PageName", row.page),
        language=row.language,
        workspace=workspace,
        theme=theme,
        csp=row.csp,
        text=row.text,
    )
