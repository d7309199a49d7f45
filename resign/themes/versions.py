"""A workspace's themes as the database keeps them: versions, which one is worn, and the draft somebody works on.

Every function is given a session and leaves the commit to its caller.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer

from resign.themes.source import ThemeSource
from resign.themes.tables import MOST_AUTHOR, MOST_NOTE, ThemeDraft, ThemePublication, ThemeVersion

# Up to two megabytes that a list has no use for.
_MOST_NUMBER = 2**31 - 1  # of its column on PostgreSQL
_WITHOUT_SOURCE = defer(ThemeVersion.source)


class NoSuchVersion(LookupError):
    """The workspace has no version of that number."""


class StaleDraft(Exception):
    """Somebody has saved the draft since; `revision` is theirs."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"the draft was saved meanwhile; it is now revision {revision}")
        self.revision = revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    id: int
    workspace: str
    number: int
    digest: str
    note: str
    author: str
    made_at: datetime

    @property
    def theme(self) -> str:
        """What its pages, and the decisions made on them, say they are of: `fern@3`."""
        return f"{self.workspace}@{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """A publication. No version: the shipped look."""

    publication: int
    version: Version | None
    at: datetime
    author: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    source: ThemeSource
    revision: int
    saved_at: datetime
    author: str


def add(
    session: Session, workspace: str, source: ThemeSource, note: str, author: str, now: datetime
) -> Version:
    """A new version, also of what was pushed before. Notes and authors that are too long are cut."""
    _one_at_a_time(session)
    newest = session.scalar(select(func.max(ThemeVersion.number)).where(ThemeVersion.workspace == workspace))
    row = ThemeVersion(
        workspace=workspace,
        number=(newest or 0) + 1,
        source=source.to_archive(),
        digest=source.digest,
        note=line(note, MOST_NOTE),
        author=line(author, MOST_AUTHOR),
        made_at=now,
    )
    session.add(row)
    session.flush()
    return _version(row)


def history(session: Session, workspace: str) -> list[Version]:
    """The newest first."""
    of_workspace = select(ThemeVersion).where(ThemeVersion.workspace == workspace).options(_WITHOUT_SOURCE)
    return [_version(row) for row in session.scalars(of_workspace.order_by(ThemeVersion.number.desc()))]


def version(session: Session, workspace: str, number: int) -> Version:
    """NoSuchVersion where there is none."""
    one = select(ThemeVersion).where(ThemeVersion.workspace == workspace, ThemeVersion.number == number)
    row = session.scalar(one.options(_WITHOUT_SOURCE)) if number <= _MOST_NUMBER else None
    if row is None:
        raise NoSuchVersion(number)
    return _version(row)


def source_of(session: Session, workspace: str, number: int) -> ThemeSource:
    """NoSuchVersion where there is none; BadTheme where a later release no longer takes what is in it."""
    kept = session.scalar(
        select(ThemeVersion.source).where(ThemeVersion.workspace == workspace, ThemeVersion.number == number)
    )
    if kept is None:
        raise NoSuchVersion(number)
    return ThemeSource.from_archive(kept)


def worn(session: Session, workspace: str) -> Worn | None:
    """None where nothing was ever published: the shipped look, too."""
    return next(iter(publications(session, workspace, most=1)), None)


def publications(session: Session, workspace: str, *, most: int | None = None) -> list[Worn]:
    """What was worn since when, the newest first."""
    rows = session.execute(
        select(ThemePublication, ThemeVersion)
        .outerjoin(ThemeVersion, ThemeVersion.id == ThemePublication.version_id)
        .where(ThemePublication.workspace == workspace)
        .order_by(ThemePublication.id.desc())
        .limit(most)
        .options(_WITHOUT_SOURCE)
    )
    return [
        Worn(
            publication=publication.id,
            version=_version(named) if publication.version_id is not None else None,
            at=publication.at,
            author=publication.author,
            note=publication.note,
        )
        for publication, named in rows
    ]


def worn_before(session: Session, workspace: str) -> Version | None:
    """What a rollback goes back to: what was worn before the present look, None for the shipped one.

    NoSuchVersion where nothing is worn that could be taken off.
    """
    all_of_them = publications(session, workspace)
    if not all_of_them:
        raise NoSuchVersion(workspace)
    present = all_of_them[0].version
    return next((each.version for each in all_of_them if each.version != present), None)


def draft(session: Session, workspace: str) -> Draft | None:
    row = session.get(ThemeDraft, workspace, populate_existing=True)
    if row is None:
        return None
    return Draft(
        source=ThemeSource.from_archive(row.source),
        revision=row.revision,
        saved_at=row.saved_at,
        author=row.author,
    )


def save_draft(
    session: Session, workspace: str, source: ThemeSource, revision: int, author: str, now: datetime
) -> int:
    """The new revision. `revision` is the one that was changed, 0 where there was no draft; StaleDraft where it is
    no longer the newest.

    One statement decides, so that of two who save at once one is told.
    """
    values: dict[str, object] = {
        "source": source.to_archive(),
        "revision": revision + 1,
        "saved_at": now,
        "author": line(author, MOST_AUTHOR),
    }
    if session.scalar(_saving(session, workspace, revision, values)) is None:
        there = session.scalar(select(ThemeDraft.revision).where(ThemeDraft.workspace == workspace))
        raise StaleDraft(there or 0)
    return revision + 1


def _saving(session: Session, workspace: str, revision: int, values: dict[str, object]) -> Executable:
    """Gives the new revision back where it wrote, and nothing where another was there."""
    if revision == 0:
        first = postgresql.insert(ThemeDraft) if _is_postgresql(session) else sqlite.insert(ThemeDraft)
        unless_there = first.values(workspace=workspace, **values).on_conflict_do_nothing()
        return unless_there.returning(ThemeDraft.revision)
    unchanged = (ThemeDraft.workspace == workspace, ThemeDraft.revision == revision)
    return update(ThemeDraft).where(*unchanged).values(**values).returning(ThemeDraft.revision)


def line(text: str, most: int) -> str:
    """A note or a name as it is kept: cut, and without signs that a database refuses or a terminal obeys."""
    return "".join(sign if sign.isprintable() else " " for sign in text.strip()[:most])


def _one_at_a_time(session: Session) -> None:
    """Two who push at once must not get one number. On SQLite a writing session is alone already."""
    if _is_postgresql(session):
        session.execute(text("LOCK TABLE theme_versions IN SHARE ROW EXCLUSIVE MODE"))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _version(row: ThemeVersion) -> Version:
    return Version(
        id=row.id,
        workspace=row.workspace,
        number=row.number,
        digest=row.digest,
        note=row.note,
        author=row.author,
        made_at=row.made_at,
    )
