"""Who must not be mailed: asked for every recipient of a mailing, so one look answers for a thousand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from resign.ledger.decision import ALL, END_OF_A_BREAK
from resign.ledger.newest import last_said_yes
from resign.ledger.tables import Consent, Decision, HashedOptOut

Why = Literal["opted-out", "stopped-everything", "out-as-somebody-else", "on-a-list"]

_WHOSE = (
    Decision.digest.in_(bindparam("digests", expanding=True)),
    Decision.workspace == bindparam("workspace"),
    Decision.agreement.in_(bindparam("agreements", expanding=True)),
)
_LAST = select(func.max(Decision.seq)).where(*_WHOSE).group_by(Decision.digest, Decision.agreement)
_DECIDED = select(
    Decision.seq, Decision.digest, Decision.agreement, Decision.choice, Decision.at, Decision.actor
).where(Decision.seq.in_(_LAST)).order_by(Decision.seq)  # fmt: skip
_AS_OTHERS = (
    select(Consent.digest, Consent.email_digest, Consent.choice, Consent.decision_seq, Consent.since)
    .where(
        Consent.email_digest.in_(bindparam("digests", expanding=True)),
        Consent.workspace == bindparam("workspace"),
        Consent.agreement.in_(bindparam("agreements", expanding=True)),
    )
    .order_by(Consent.decision_seq)
)
_LISTED = (
    select(HashedOptOut.hash, HashedOptOut.at)
    .where(
        HashedOptOut.workspace == bindparam("workspace"),
        HashedOptOut.agreement.in_(bindparam("agreements", expanding=True)),
        HashedOptOut.hash.in_(bindparam("hashes", expanding=True)),
    )
    .order_by(HashedOptOut.at)
)
_Decided = Row[int, str, str, str, datetime, str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is about to be mailed. `plain` is the plain hash of their address, where it is known."""

    digest: str
    plain: str | None = None


@dataclass(frozen=True, slots=True)
class Out:
    """Why somebody must not be mailed, and since when. A list's `since` is when it came here."""

    why: Why
    since: datetime


def out(
    session: Session, workspace: str, recipients: Collection[Recipient], agreement: str
) -> dict[Recipient, Out]:
    """Those of them who must not be mailed on this agreement. In doubt somebody must not."""
    digests = list({each.digest for each in recipients})
    asked = {"workspace": workspace, "agreements": [agreement, ALL], "digests": digests}
    # The last in order holds, for the agreement or for everything.
    newest = {row.digest: row for row in session.execute(_DECIDED, asked)}
    others = _as_others(session.execute(_AS_OTHERS, asked).all())
    hashes = [*digests, *{each.plain for each in recipients if each.plain}]
    listed = {
        row.hash: row.at
        for row in session.execute(
            _LISTED, {"workspace": workspace, "agreements": asked["agreements"], "hashes": hashes}
        )
    }
    found = {}
    for each in recipients:
        own = newest.get(each.digest)
        why = _by_themselves(own) or _as_somebody_else(own, others.get(each.digest, ()))
        since = max(filter(None, (listed.get(each.digest), listed.get(each.plain or ""))), default=None)
        if why is None and since is not None and not _decided_after(session, workspace, own, since):
            why = Out("on-a-list", since)
        if why is not None:
            found[each] = why
    return found


def _by_themselves(own: _Decided | None) -> Out | None:
    if own is None or own.choice != "opt-out":
        return None
    return Out("stopped-everything" if own.agreement == ALL else "opted-out", own.at)


def _as_others(
    rows: Sequence[Row[str, str | None, str, int, datetime]],
) -> dict[str, Sequence[Row[str, str | None, str, int, datetime]]]:
    """By address: what holds for each other identifier of a profile that was read back with it."""
    newest = {(row.email_digest, row.digest): row for row in rows}
    found: dict[str, list[Row[str, str | None, str, int, datetime]]] = {}
    for (address, _), row in newest.items():
        found.setdefault(str(address), []).append(row)
    return dict(found)


def _as_somebody_else(
    own: _Decided | None,
    others: Sequence[Row[str, str | None, str, int, datetime]],
) -> Out | None:
    """An opt-out under a customId holds for the address too, until something newer is decided under the address."""
    outs = [row for row in others if row.choice == "opt-out" and (own is None or row.decision_seq > own.seq)]
    return Out("out-as-somebody-else", outs[-1].since) if outs else None


def _decided_after(session: Session, workspace: str, own: _Decided | None, listed: datetime) -> bool:
    """Nobody knows when they opted out there; only what was decided here after the list came is surely newer.

    That a break was over nobody decided.
    """
    if own is None or own.at <= listed:
        return False
    if own.actor != END_OF_A_BREAK:
        return True
    said_yes = last_said_yes(session, workspace, own.digest, own.agreement)
    return said_yes is not None and said_yes > listed
