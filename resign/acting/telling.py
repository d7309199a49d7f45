"""Has a person's newest decisions told again, also those that were refused or settled."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from resign.acting.act import Act
from resign.acting.person import Person, one_at_a_time
from resign.acting.seen import Change, Changed, Seen, changes_since
from resign.outbox.repeating import Telling, repeat, tellings

ACTION = "told-again"
# What a worker is about by itself: its steps are nothing that somebody who looks has to be told of.
_OPEN = {"waiting", "in-hand", "owed", "accepted"}


class CannotTell(Exception):
    """`why`: there is `nothing` that may be told again, `nameless`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def state_of(told: Sequence[Telling]) -> str:
    """What a form carries of them, beside what was decided: `newsletter.synerise.dead`, say."""
    ended = (each for each in told if each.state not in _OPEN)
    return " ".join(f"{each.agreement}.{each.destination}.{each.state}" for each in ended)


def tell_again(session: Session, act: Act, person: Person, seen: Seen, state: str) -> list[Telling]:
    """Raises Changed where something happened since `seen`, or was told meanwhile; and CannotTell. The caller commits."""
    if person.profile is None:
        raise CannotTell("nameless")
    one_at_a_time(session, person)
    if changes := changes_since(session, person, seen, (ACTION,)):
        raise Changed(changes)
    if state != state_of(tellings(session, person.workspace, person.digest, act.at)):
        raise Changed([Change(at=act.at, what="delivery", who="")])
    told = repeat(session, person.workspace, person.digest, act.digest_key, act.at)
    if not told:
        raise CannotTell("nothing")
    for each in told:
        act.note(
            session, ACTION, person.digest, agreement=each.agreement, destination=each.destination,
            decision=str(each.decision), was=each.state,
        )  # fmt: skip
    return told
