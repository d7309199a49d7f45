"""Whom an act's page is about: who they are, how they stand, and what whoever opens it has seen by that."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from resign.acting.person import Person, agreements_of
from resign.acting.seen import Seen, seen_now
from resign.console import wording
from resign.console.acting.edge import person_of
from resign.console.acting.typed import seen
from resign.console.desk import desk
from resign.console.spoken import mark, moment, say
from resign.ledger.newest import Newest
from resign.ledger.standings import standings

_STANDS = {
    "opt-out": mark("%(what)s: out. Decided %(at)s, %(how)s."),
    "opt-in": mark("%(what)s: in. Decided %(at)s, %(how)s."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """`person` is None while the database is away: then the page is there for what was typed."""

    workspace: str
    digest: str
    person: Person | None
    seen: Seen
    stands: list[str] = field(default_factory=list)


def whom_of(session: Session, workspace: str, digest: str) -> Whom:
    person = person_of(session, workspace, digest)
    # First what was seen, then what is shown: what comes between the two is said to be new, never the reverse.
    now = seen_now(session, person)
    names = agreements_of(desk().workspaces[workspace])
    held = standings(session, workspace, digest, names)
    stands = [_line(workspace, name, held[name]) for name in names if name in held]
    return Whom(workspace=workspace, digest=digest, person=person, seen=now, stands=stands)


def lost(workspace: str, digest: str) -> Whom:
    """As far as the form itself tells."""
    return Whom(workspace=workspace, digest=digest, person=None, seen=seen())


def _line(workspace: str, name: str, newest: Newest) -> str:
    return say(
        _STANDS[newest.choice], what=wording.agreement(workspace, name), at=moment(newest.at),
        how=wording.method(newest.method),
    )  # fmt: skip
