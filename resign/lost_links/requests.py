"""Writes down who asked for a link, or for the mail that completes a double opt-in. Whether anybody knows the address is not asked here: it would show in the time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.orm import Session

from resign.lost_links.tables import LinkRequest, is_open
from resign.profile import Profile

# As long as a mail may lie unread; a link that is found years later signs nobody up.
CONFIRMED_WITHIN = timedelta(days=7)


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
    """Asked again while the first is still on its way, it is the same one, asked now. The caller commits."""
    again = (
        update(LinkRequest)
        .where(
            LinkRequest.workspace == workspace,
            LinkRequest.digest == digest,
            LinkRequest.agreement == agreement,
            is_open(),
        )
        .values(at=at)
    )
    if cast("CursorResult[Any]", session.execute(again)).rowcount:
        return
    session.execute(
        insert(LinkRequest).values(
            workspace=workspace,
            email=profile.value,
            kind=profile.kind,
            digest=digest,
            agreement=agreement,
            at=at,
            due_at=at,
        )
    )


def asked_to_confirm(
    session: Session, workspace: str, digest: str, agreement: str, now: datetime
) -> datetime | None:
    """When this was asked for last, as far as it can still be confirmed."""
    return session.scalar(
        select(func.max(LinkRequest.at)).where(
            LinkRequest.workspace == workspace,
            LinkRequest.digest == digest,
            LinkRequest.agreement == agreement,
            LinkRequest.at > now - CONFIRMED_WITHIN,
        )
    )
