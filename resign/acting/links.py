"""Has a new link sent to somebody, by the way of those who have lost theirs."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resign.acting.act import Act
from resign.acting.person import Person, one_at_a_time
from resign.acting.seen import Changed, Seen, changes_since
from resign.lost_links.queue import ONE_LINK_EVERY
from resign.lost_links.requests import note
from resign.lost_links.tables import LinkRequest, is_open
from resign.profile import Profile

ACTION = "sent-link"


class CannotSend(Exception):
    """`why`: `no-address`; `on-its-way` since `at`; `lately`, at `at`."""

    def __init__(self, why: str, at: datetime | None = None) -> None:
        super().__init__(why)
        self.why, self.at = why, at


def look(session: Session, act: Act, person: Person) -> Profile:
    """The address that a link can go to now; raises CannotSend. A person gets one an hour, whoever asks for it."""
    if person.email is None:
        raise CannotSend("no-address")
    row = LinkRequest
    sent_lately = (row.verdict == "sent") & (row.settled_at > act.at - ONE_LINK_EVERY)
    last = session.scalar(
        select(row)
        .where(
            row.workspace == person.workspace,
            row.digest == person.email.digest(act.digest_key),
            row.agreement.is_(None),
            or_(is_open(), sent_lately),
        )
        .order_by(row.id.desc())
        .limit(1)
    )
    if last is not None:
        raise CannotSend("lately" if last.verdict else "on-its-way", last.settled_at or last.at)
    return person.email


def send_link(session: Session, act: Act, person: Person, seen: Seen) -> None:
    """Raises Changed where somebody had one sent since `seen`, and CannotSend. The caller commits."""
    one_at_a_time(session, person)
    if changes := changes_since(session, person, seen, (ACTION,), decisions=False):
        raise Changed(changes)
    email = look(session, act, person)
    note(session, email, {person.workspace: email.digest(act.digest_key)}, act.at)
    act.note(session, ACTION, person.digest)
