"""Asking for a search as a file: what is small is read at once, all else is put down for the worker."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.exports.filters import filters_of, without_addresses
from resign.exports.formats import Format, format_of
from resign.exports.tables import Export
from resign.ledger.tables import Decision
from resign.search import stretches
from resign.search.days import IN_UTC, Zones
from resign.search.find import onwards
from resign.search.parse import parse
from resign.search.people import DigestKey
from resign.search.query import Query
from resign.staff.audit import note
from resign.staff.roles import Staff

MOST_AT_ONCE = 2_000
MOST_UNFINISHED = 5
# Whoever presses waits for them; each looks through 32,000 decisions at the most.
_MOST_PAGES = 8
_MOST_LETTERS = 500
# More than the search reads of it.
_MOST_OF_A_QUERY = 4_000


class NoReason(Exception):
    """Identifiers are wanted in clear, and nothing is said why."""


class TooMany(Exception):
    """Whoever asks has as many exports waiting as they may."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for: `text` as it stands in the search box, `why` in words where identifiers are in `clear`."""

    text: str
    form: Format = "csv"
    clear: bool = False
    why: str = field(default="", repr=False)

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Asked":
        """As a form sends it. Raises NoReason for identifiers in clear without a word why."""
        asked = cls(
            # PostgreSQL keeps no NUL in a text; the search takes it for a blank.
            typed.get("q", "").replace("\x00", " ")[:_MOST_OF_A_QUERY],
            format_of(typed),
            clear=typed.get("clear") == "yes",
            why=" ".join(typed.get("why", "").split())[:_MOST_LETTERS],
        )
        if asked.clear and not asked.why:
            raise NoReason
        return asked

    @property
    def query(self) -> Query:
        return parse(self.text)

    def covers(self, workspaces: Collection[str]) -> tuple[str, ...]:
        """Of the workspaces that whoever asks may see, those that the query means."""
        wanted = self.query.workspaces
        return tuple(name for name in workspaces if not wanted or name in wanted)


def few(
    session: Session,
    asked: Asked,
    workspaces: Sequence[str],
    digest_key: DigestKey,
    *,
    zones: Zones = IN_UTC,
) -> Sequence[int] | None:
    """The decisions' seqs, where they are few and soon found; None where this is the worker's work."""
    if not workspaces:
        return ()
    if stretches.is_behind(session):
        return None
    seqs: list[int] = []
    below: int | None = _top(session)
    for _ in range(_MOST_PAGES):
        if below is None:
            return seqs
        found, below = onwards(session, asked.query, workspaces, digest_key, below, MOST_AT_ONCE, zones=zones)
        seqs += found
        if len(seqs) > MOST_AT_ONCE:
            break
    return seqs if below is None and len(seqs) <= MOST_AT_ONCE else None


def note_taken(
    session: Session, by: Staff, asked: Asked, workspaces: Sequence[str], rows: int, now: datetime
) -> None:
    """That a small one was taken at once."""
    _note(session, by, "exported", asked, workspaces, now, rows=rows)


def put_down(session: Session, by: Staff, asked: Asked, workspaces: Sequence[str], now: datetime) -> Export:
    """For the worker. The same that is still unfinished is not put down a second time. Raises TooMany."""
    unfinished = session.scalars(
        select(Export).where(Export.staff_id == by.id, Export.state.in_(["waiting", "running"]))
    ).all()
    covers = " ".join(workspaces)
    wanted = (asked.text, asked.form, asked.clear, covers)
    for export in unfinished:
        if (export.query, export.format, export.clear, export.workspaces) == wanted:
            return export
    if len(unfinished) >= MOST_UNFINISHED:
        raise TooMany
    top = _top(session)
    export = Export(
        staff_id=by.id, asked_at=now, workspaces=covers, query=asked.text, filters=filters_of(asked.query),
        format=asked.form, clear=asked.clear, state="waiting", top=top, below=top,
    )  # fmt: skip
    session.add(export)
    session.flush()
    _note(session, by, "asked-export", asked, workspaces, now, export=export.id)
    return export


def _note(
    session: Session,
    by: Staff,
    action: str,
    asked: Asked,
    workspaces: Sequence[str],
    now: datetime,
    **detail: str | int | bool,
) -> None:
    """Once for each workspace, so that it is found by each."""
    if asked.clear:
        detail["why"] = without_addresses(asked.why)
    detail |= {"filters": filters_of(asked.query), "format": asked.form, "clear": asked.clear}
    for workspace in workspaces:
        note(session, by, action, now, workspace=workspace, subject=None, **detail)


def _top(session: Session) -> int:
    return (session.scalar(select(func.max(Decision.seq))) or 0) + 1
