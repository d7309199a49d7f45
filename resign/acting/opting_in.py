"""Takes an opt-out back: because the person asked for it, or because staff opted out the wrong one. Only on a basis."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.acting.act import Act
from resign.acting.basis import Basis
from resign.acting.person import Person, agreements_of, one_at_a_time
from resign.acting.seen import Changed, Seen, changes_since
from resign.ledger import ALL, NewDecision
from resign.ledger.directly import append, stop_others
from resign.ledger.standings import standings
from resign.ledger.tables import Decision
from resign.lost_links.requests import note_confirmation
from resign.profile import Profile
from resign.settings import Workspace

ACTION = "opted-in"
ASKED = "asked-to-confirm"
# Later nobody remembers whom they meant, and the person may have come to rely on it.
MISTAKE_WITHIN = timedelta(hours=24)


class CannotOptIn(Exception):
    """`why`: `is-in` already, `not-ours` (not all of it is a late mistake of staff), `nameless`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def out_of(session: Session, person: Person, workspace: Workspace) -> tuple[str, ...]:
    """The agreements that the person is out of, by what was decided here."""
    names = agreements_of(workspace)
    stands = standings(session, person.workspace, person.digest, names)
    return tuple(name for name in names if name in stands and stands[name].choice == "opt-out")


def are_mistakes(session: Session, person: Person, agreements: Collection[str], now: datetime) -> bool:
    """Whether staff made every opt-out that holds, and the first of them within a day: then it is theirs to mend."""
    return bool(agreements) and all(_is_mistake(session, person, each, now) for each in agreements)


def opt_in(
    session: Session, act: Act, person: Person, agreements: Collection[str], basis: Basis, seen: Seen
) -> list[NewDecision]:
    """Raises Changed where something happened since `seen`, and CannotOptIn. The caller commits.

    Looked at and written while nobody else may append, so that an opt-out which arrives meanwhile is either seen here
    or is the newer one. A basis without a channel is a mistake of staff.
    """
    profile = _named(person)
    one_at_a_time(session, person)
    stop_others(session)
    _look(session, act, person, agreements, seen)
    if basis.channel is None and not are_mistakes(session, person, agreements, act.at):
        raise CannotOptIn("not-ours")
    made = [act.decide(profile, agreement, "opt-in") for agreement in agreements]
    append(session, made)
    for decision in made:
        told = {"decision": str(decision.id), "agreement": decision.row["agreement"]}
        act.note(session, ACTION, person.digest, **told, **basis.detail())
    return made


def ask_to_confirm(
    session: Session, act: Act, person: Person, agreements: Collection[str], basis: Basis, seen: Seen
) -> None:
    """Has the mail sent by which the person opts in themselves. Raises as `opt_in` does; the caller commits."""
    profile = _named(person)
    one_at_a_time(session, person)
    _look(session, act, person, agreements, seen)
    for agreement in agreements:
        note_confirmation(session, person.workspace, profile, person.digest, agreement, act.at)
        act.note(session, ASKED, person.digest, agreement=agreement, **basis.detail())


def _named(person: Person) -> Profile:
    if person.profile is None:
        raise CannotOptIn("nameless")
    return person.profile


def _look(session: Session, act: Act, person: Person, agreements: Collection[str], seen: Seen) -> None:
    if changes := changes_since(session, person, seen, (ASKED,)):
        raise Changed(changes)
    if not agreements or set(agreements) - set(out_of(session, person, act.workspace)):
        raise CannotOptIn("is-in")


def _is_mistake(session: Session, person: Person, agreement: str, now: datetime) -> bool:
    own = (Decision.workspace == person.workspace, Decision.digest == person.digest)
    last_in = select(func.max(Decision.seq)).where(
        *own, Decision.agreement == agreement, Decision.choice == "opt-in"
    )
    # What was said of everything was said of each agreement.
    outs = (*own, Decision.agreement.in_([agreement, ALL]), Decision.seq > (session.scalar(last_in) or 0))
    by_staff = func.count().filter(Decision.method == "staff")
    count, staffs, first = session.execute(
        select(func.count(), by_staff, func.min(Decision.at)).where(*outs)
    ).one()
    return bool(count) and count == staffs and now - first <= MISTAKE_WITHIN
