"""Writes down who asked for a link, or for the mail that completes a double opt-in. Whether anybody knows the address is not asked here: it would show in the time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from resign.ledger.standings import standings
from resign.links import Confirming
from resign.lost_links.queue import ONE_LINK_EVERY
from resign.lost_links.tables import LinkRequest, is_open
from resign.profile import Profile

# As long as a mail may lie unread; a link that is found years later signs nobody up.
CONFIRMED_WITHIN = timedelta(days=7)
# From the event that asks for a mail to the automation's mail; and how far Synerise's clock may be from ours.
_MAILED_WITHIN, _CLOCKS_APART = timedelta(minutes=15), timedelta(minutes=5)


def note(session: Session, profile: Profile, digests: Mapping[str, str], at: datetime) -> None:
    """One row for each workspace, by its name with the digest of the address there. The caller commits."""
    rows = [
        {"workspace": workspace, "email": profile.value, "digest": digest, "at": at, "due_at": at}
        for workspace, digest in digests.items()
    ]
    session.execute(insert(LinkRequest), rows)


def note_confirmation(
    session: Session, workspace: str, profile: Profile, digest: str, agreement: str, at: datetime
) -> None:
    """Asked again while nothing was decided meanwhile, and its mail is on its way or came lately, it is the same one.

    Otherwise it is another, and the links of those before it confirm nothing any more. The caller commits.
    """
    whose = _of(workspace, digest, agreement)
    after = _newest_seq(session, workspace, digest, agreement)
    last = session.scalar(select(LinkRequest).where(*whose).order_by(LinkRequest.id.desc()).limit(1))
    if last is not None and last.after_seq == after and _is_mailed_or_will_be(last, at):
        last.at = at
        return
    session.execute(
        update(LinkRequest).where(*whose, is_open()).values(verdict="overtaken", settled_at=at, email=None)
    )
    session.execute(
        insert(LinkRequest).values(
            workspace=workspace,
            email=profile.value,
            kind=profile.kind,
            digest=digest,
            agreement=agreement,
            after_seq=after,
            at=at,
            due_at=at,
        )
    )


def was_mailed(session: Session, workspace: str, digests: Collection[str], at: datetime) -> bool:
    """Whether a mail of that time may be one that was asked for here: a link, or the mail of a double opt-in."""
    found = select(LinkRequest.id).where(
        LinkRequest.workspace == workspace,
        LinkRequest.digest.in_(digests),
        LinkRequest.verdict == "sent",
        LinkRequest.settled_at.between(at - _MAILED_WITHIN, at + _CLOCKS_APART),
    )
    return session.scalar(found.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """When something was last asked for, and the number of the newest decision then, 0 for none."""

    after: int
    at: datetime


def asked_after(
    session: Session, workspace: str, digest: str, asked: Confirming, now: datetime
) -> Asked | None:
    """None where it can no longer be confirmed.

    Only the newest request of a wish can be. The order is that of the database's numbers, never of two clocks.
    """
    last = session.scalar(
        select(LinkRequest)
        .where(*_of(workspace, digest, asked.agreement))
        .order_by(LinkRequest.id.desc())
        .limit(1)
    )
    if last is None or last.id != asked.request or last.at <= now - CONFIRMED_WITHIN:
        return None
    return Asked(last.after_seq, last.at) if last.after_seq is not None else None


def waiting(
    session: Session, workspace: str, digest: str, agreements: Collection[str], now: datetime
) -> dict[str, datetime]:
    """When it was asked for by agreement, where an email that is on its way, or came, can still confirm it."""
    newest = (
        select(func.max(LinkRequest.id))
        .where(
            LinkRequest.workspace == workspace,
            LinkRequest.digest == digest,
            LinkRequest.agreement.in_(agreements),
        )
        .group_by(LinkRequest.agreement)
    )
    asked = select(LinkRequest).where(LinkRequest.id.in_(newest), LinkRequest.at > now - CONFIRMED_WITHIN)
    found = [row for row in session.scalars(asked) if row.verdict in {None, "sent"}]
    stands = standings(session, workspace, digest, agreements) if found else {}
    return {
        row.agreement: row.at
        for row in found
        if row.agreement is not None
        and row.after_seq == (stands[row.agreement].seq if row.agreement in stands else 0)
    }


def _of(workspace: str, digest: str, agreement: str) -> tuple[ColumnElement[bool], ...]:
    return (
        LinkRequest.workspace == workspace,
        LinkRequest.digest == digest,
        LinkRequest.agreement == agreement,
    )


def _newest_seq(session: Session, workspace: str, digest: str, agreement: str) -> int:
    stands = standings(session, workspace, digest, [agreement]).get(agreement)
    return stands.seq if stands else 0


def _is_mailed_or_will_be(last: LinkRequest, now: datetime) -> bool:
    if last.verdict is None:
        return True
    return last.verdict == "sent" and last.settled_at is not None and last.settled_at > now - ONE_LINK_EVERY
