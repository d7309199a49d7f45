"""Why people left, where they said so: kept apart from them, and after 30 days joined to nobody."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision, Reason

MOST_CHARACTERS = 500
ASKED_WITHIN = timedelta(hours=24)
# To the end of its 29th day: at most 30 days, and all answers of one day at the same moment.
_JOINED_DAYS = timedelta(days=29)
_NUMBERS = 2**62
_MOST_AT_ONCE = 500


def last_opt_out(session: Session, workspace: str, digest: str, now: datetime) -> Decision | None:
    """The person's newest opt-out of the last day, which is what an answer is about."""
    return session.scalar(
        select(Decision)
        .where(
            Decision.workspace == workspace,
            Decision.digest == digest,
            Decision.choice == "opt-out",
            Decision.at > now - ASKED_WITHIN,
        )
        .order_by(Decision.seq.desc())
        .limit(1)
    )


def keep(
    session: Session, about: Decision, *, code: str | None, words: str | None, language: str, now: datetime
) -> None:
    """One answer for a decision: a second one takes the first one's place. The caller commits."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Reason).values(
        decision=about.id,
        workspace=about.workspace,
        agreement=about.agreement,
        campaign=about.campaign,
        language=language,
        code=code,
        words=words,
        at=now,
    )
    said = {name: insert.excluded[name] for name in ("code", "words", "language", "at")}
    session.execute(insert.on_conflict_do_update(index_elements=["decision"], set_=said))


def any_to_unlink(session: Session, now: datetime) -> bool:
    due = select(Reason.id).where(Reason.decision.is_not(None), Reason.at < _until(now)).limit(1)
    return session.scalar(due) is not None


def unlink(session: Session, now: datetime) -> int:
    """Parts the answers from their decisions after 30 days at most; returns how many. The caller commits.

    Of the time only the day stays, and nothing of the campaign, which may be one person's own: either could find
    the decision again. So could the order in which people answered, so each gets a number by lot, below all others.
    """
    due = session.execute(
        select(Reason.id, Reason.at)
        .where(Reason.decision.is_not(None), Reason.at < _until(now))
        .order_by(Reason.at)
        .limit(_MOST_AT_ONCE)
    ).all()
    for number, at in due:
        by_lot = -1 - secrets.randbelow(_NUMBERS)
        session.execute(
            update(Reason)
            .where(Reason.id == number)
            .values(id=by_lot, decision=None, campaign=None, at=_midnight(at))
        )
    return len(due)


def _until(now: datetime) -> datetime:
    return _midnight(now - _JOINED_DAYS)


def _midnight(at: datetime) -> datetime:
    """Of its day in UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
