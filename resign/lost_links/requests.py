"""Writes down who asked for a link. Whether anybody knows the address is not asked here: it would show in the time."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from resign.lost_links.tables import LinkRequest
from resign.profile import Profile


def note(session: Session, profile: Profile, digests: Mapping[str, str], at: datetime) -> None:
    """One row for each workspace, by its name with the digest of the address there. The caller commits."""
    rows = [
        {"workspace": workspace, "email": profile.value, "digest": digest, "at": at, "due_at": at}
        for workspace, digest in digests.items()
    ]
    session.execute(insert(LinkRequest), rows)
