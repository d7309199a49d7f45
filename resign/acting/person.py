"""Whom an act is for: the profile as it was decided under, and the address that a mail would reach."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Consent, Decision
from resign.links import SCOPE
from resign.profile import Kind, Profile
from resign.settings import Workspace

# Any number, as long as nothing else in this database locks it together with a person's own.
_LOCK = 0x6163_7400


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`profile` is None where retention has emptied the identifier; `email` where no address is known."""

    workspace: str
    digest: str
    profile: Profile | None
    email: Profile | None

    @property
    def masked(self) -> str:
        return self.profile.masked() if self.profile else ""


def find(session: Session, workspace: str, digest: str) -> Person | None:
    """None for somebody of whom nothing is recorded there."""
    own = (Decision.workspace == workspace, Decision.digest == digest)
    newest = select(Decision.kind, Decision.identifier).where(*own).order_by(Decision.seq.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    if row is None:
        return None
    profile = Profile(cast("Kind", row.kind), row.identifier) if row.identifier else None
    email = profile if profile and profile.kind == "email" else _read_back(session, workspace, digest)
    return Person(workspace=workspace, digest=digest, profile=profile, email=email)


def agreements_of(workspace: Workspace) -> tuple[str, ...]:
    """All that can be decided on there, Synerise's own agreement first."""
    return (SCOPE, *(each.name for each in workspace.agreements))


def one_at_a_time(session: Session, person: Person) -> None:
    """Until the end of the transaction nobody else acts for this person. On SQLite the writer is alone anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK, int(person.digest[:8], 16) - 2**31)))


def _read_back(session: Session, workspace: str, digest: str) -> Profile | None:
    address = session.scalar(
        select(Consent.email)
        .where(Consent.workspace == workspace, Consent.digest == digest, Consent.email.is_not(None))
        .order_by(Consent.decision_seq.desc())
        .limit(1)
    )
    return Profile("email", address) if address else None
