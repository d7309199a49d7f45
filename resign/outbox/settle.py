"""Settles attempts behind the fence of their ticket: a worker that came back too late changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, null, update
from sqlalchemy.orm import Session

from resign.db import UtcDateTime
from resign.ledger.tables import Consent
from resign.outbox.claim import Claimed
from resign.outbox.contract import Accepted, Confirmed, Outcome
from resign.outbox.tables import Attempt, MessageRow
from resign.outbox.verdict import Verdict
from resign.profile import Profile

_REASON_MOST = 255
_REQUEST_ID_MOST = 64


@dataclass(frozen=True, slots=True)
class Finished:
    """One message after one attempt: what the destination said, and what that means."""

    claimed: Claimed
    outcome: Outcome
    verdict: Verdict
    at: datetime
    milliseconds: int


def settle(session: Session, finished: Sequence[Finished], digest_key: Callable[[str], bytes]) -> None:
    """Writes the verdicts and the attempts. The caller commits."""
    if not finished:
        return
    connection = session.connection()
    connection.execute(_SETTLE, [_change(done) for done in finished])
    connection.execute(insert(Attempt), [_attempt(done) for done in finished])
    for done in finished:
        if isinstance(done.outcome, Confirmed) and done.outcome.email:
            _fill_in_address(session, done.claimed, done.outcome.email, digest_key)


_columns = MessageRow.__table__.c
_SETTLE = (
    update(MessageRow)
    .where(_columns.id == bindparam("message"), _columns.ticket == bindparam("held"))
    .values(
        # A newer decision may have overtaken it while it was under way: then it stays overtaken.
        state=case((_columns.state == "superseded", "superseded"), else_=bindparam("next_state")),
        due_at=bindparam("next_due"),
        owed_since=case(
            (bindparam("unknown") == 1, null()),
            (bindparam("anew") == 1, bindparam("at", type_=UtcDateTime)),
            else_=func.coalesce(_columns.owed_since, bindparam("at", type_=UtcDateTime)),
        ),
        ticket=None,
        leased_until=None,
        tries=bindparam("next_tries"),
        tellings=_columns.tellings + bindparam("anew"),
        alone=bindparam("by_itself"),
        outcome=bindparam("said"),
        reason=bindparam("why"),
        accepted_at=func.coalesce(bindparam("accepted", type_=UtcDateTime), _columns.accepted_at),
        confirmed_at=bindparam("confirmed"),
    )
)


def _change(done: Finished) -> dict[str, Any]:
    verdict = done.verdict
    return {
        "message": done.claimed.id,
        "held": done.claimed.ticket,
        "next_state": verdict.state,
        "next_due": verdict.due_at,
        "next_tries": verdict.tries,
        "anew": int(verdict.told_anew),
        "unknown": int(verdict.outcome == "no-such-profile"),
        "at": done.at,
        "by_itself": verdict.alone or done.claimed.message.alone,
        "said": verdict.outcome,
        "why": verdict.reason[:_REASON_MOST] or None,
        "accepted": done.at if isinstance(done.outcome, Accepted) else None,
        "confirmed": done.at if isinstance(done.outcome, Confirmed) else None,
    }


def _attempt(done: Finished) -> dict[str, Any]:
    request_id = done.outcome.request_id if isinstance(done.outcome, Accepted) else None
    return {
        "message_id": done.claimed.id,
        "at": done.at,
        "phase": done.claimed.phase,
        "outcome": done.verdict.outcome,
        "reason": done.verdict.reason[:_REASON_MOST] or None,
        "request_id": request_id[:_REQUEST_ID_MOST] if request_id else None,
        "milliseconds": done.milliseconds,
    }


def _fill_in_address(
    session: Session, claimed: Claimed, email: str, digest_key: Callable[[str], bytes]
) -> None:
    """Where the link named only a customId or clientId, support can search by the address that came back."""
    key = digest_key(claimed.way[0])
    session.execute(
        update(Consent)
        .where(
            Consent.workspace == claimed.way[0],
            Consent.digest == claimed.message.profile.digest(key),
            Consent.agreement == claimed.message.agreement,
        )
        .values(email=email, email_digest=Profile("email", email).digest(key))
        .execution_options(synchronize_session=False)
    )
