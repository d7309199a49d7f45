"""Who in the ledger an event is about: one person may be there under an address, a customId and a clientId."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resign.ledger import Newest
from resign.ledger.newest import COLUMNS
from resign.ledger.tables import Consent, Decision
from resign.links import SCOPE
from resign.notices.tables import NoticeRow
from resign.profile import Kind, Profile

_DECISIONS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Person:
    """One identity and its newest decisions, newest first."""

    profile: Profile
    digest: str
    decisions: tuple[Newest, ...]


def people(session: Session, notice: NoticeRow) -> list[Person]:
    """The identities that the ledger knows; the event's own where it knows none."""
    digests = [notice.digest, *(notice.others or "").split()]
    known = select(Consent.digest).where(
        Consent.workspace == notice.workspace,
        or_(Consent.digest.in_(digests), Consent.email_digest.in_(digests)),
    )
    # The fan-out writes the consents, and a decision may be newer than the fan-out.
    every = {*digests, *session.scalars(known)}
    found = [person for digest in sorted(every) if (person := _person(session, notice.workspace, digest))]
    return found or [Person(profile_of(notice), notice.digest, ())]


def profile_of(notice: NoticeRow) -> Profile:
    return Profile(cast("Kind", notice.kind), notice.identifier or "")


def _person(session: Session, workspace: str, digest: str) -> Person | None:
    rows = session.execute(
        select(*COLUMNS, Decision.kind, Decision.identifier)
        .where(Decision.digest == digest, Decision.workspace == workspace, Decision.agreement == SCOPE)
        .order_by(Decision.seq.desc())
        .limit(_DECISIONS_LOOKED_AT)
    ).all()
    if not rows or rows[0].identifier is None:
        return None
    profile = Profile(cast("Kind", rows[0].kind), rows[0].identifier)
    return Person(profile, digest, tuple(Newest(*row[:-2]) for row in rows))
