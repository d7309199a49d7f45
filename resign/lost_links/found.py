"""Whose link an address stands for: the address itself, or in the other kind of workspace who it led to before."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Consent, Decision
from resign.profile import Profile
from resign.settings import Workspace

# Profiles that share an address, a family's say: each gets a link of its own, a crowd does not.
_MOST = 5


def profiles_of(session: Session, workspace: Workspace, email: str, digest: str) -> list[Profile]:
    """Where e-mails are not unique an address names nobody at Synerise. Reading a profile back taught us who has
    which, so a person is found there once they have decided something here; whoever has not, is unknown.
    """
    if workspace.synerise_emails == "unique":
        return [Profile("email", email)]
    newest = (
        select(func.max(Consent.decision_seq).label("seq"))
        .where(Consent.workspace == workspace.name, Consent.email_digest == digest)
        .group_by(Consent.digest)
        .subquery()
    )
    rows = session.execute(
        select(Decision.kind, Decision.identifier)
        .join(newest, newest.c.seq == Decision.seq)
        .where(Decision.identifier.is_not(None), Decision.kind != "email")
        .order_by(Decision.seq.desc())
        .limit(_MOST)
    )
    return [Profile.of(kind, identifier or "") for kind, identifier in rows]
