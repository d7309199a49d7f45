"""People of whom nothing is known but a hash of their address: lists of other senders' opt-outs."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.ledger.decision import ALL
from resign.ledger.tables import HashedOptOut
from resign.profile import Profile


def plain_hash(address: str) -> str:
    """SHA-256 of the address in small letters without blanks around it, as such lists are commonly made: 64 digits."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def suppressed(
    session: Session,
    workspace: str,
    digest_key: bytes,
    profiles: Iterable[Profile],
    agreements: Sequence[str],
) -> dict[tuple[Profile, str], datetime]:
    """Those of the profiles whose address is on a list, with the agreement that it is on it for; and since when at the latest."""
    by_hash: dict[str, Profile] = {}
    for profile in profiles:
        if profile.kind == "email":
            by_hash[plain_hash(profile.value)] = profile
            by_hash[profile.digest(digest_key)] = profile
    if not by_hash:
        return {}
    found = session.execute(
        select(HashedOptOut.hash, HashedOptOut.agreement, HashedOptOut.at)
        .where(
            HashedOptOut.workspace == workspace,
            HashedOptOut.agreement.in_([*agreements, ALL]),
            HashedOptOut.hash.in_(by_hash),
        )
        .order_by(HashedOptOut.at)
    )
    return {
        (by_hash[row.hash], agreement): row.at
        for row in found
        for agreement in (agreements if row.agreement == ALL else (row.agreement,))
    }
