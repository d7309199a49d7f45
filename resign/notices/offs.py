"""Whether somebody said no at Synerise after they had asked for something here: then nothing may be confirmed any more."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Consent
from resign.notices.notice import BY_THE_PERSON, SUBJECTS
from resign.notices.rules import CLOCKS_APART
from resign.notices.tables import NoticeRow

_OFFS = [action for action, subject in SUBJECTS.items() if subject == "off" and action != BY_THE_PERSON]


def switched_off_since(
    session: Session, workspace: str, digest: str, agreement: str, asked_at: datetime
) -> bool:
    """Also where that added nothing to what we held, because they are out here, or was not weighed yet.

    What had arrived by then was said before. Otherwise Synerise's clock decides, and in doubt it was said since; but a
    switch-off may be the echo of what we told just before, so it counts only if it is surely the later.
    """
    row = NoticeRow
    by_the_person = (row.action == BY_THE_PERSON) & (row.at >= asked_at - CLOCKS_APART)
    found = select(row.id).where(
        row.workspace == workspace,
        row.agreement == agreement,
        row.digest.in_(_same_person(session, workspace, digest)),
        row.arrived_at >= asked_at,
        or_(by_the_person, and_(row.action.in_(_OFFS), row.at > asked_at)),
        or_(row.verdict.is_(None), row.verdict != "echo"),
    )
    return session.scalar(found.limit(1)) is not None


def _same_person(session: Session, workspace: str, digest: str) -> set[str]:
    """The event may name them by an address that was read back, or by the identifier that it was read back for."""
    found = {digest}
    for asked, wanted in ((Consent.digest, Consent.email_digest), (Consent.email_digest, Consent.digest)):
        others = select(wanted).where(Consent.workspace == workspace, asked == digest)
        found |= {other for other in session.scalars(others) if other is not None}
    return found
