"""How many decisions came by the links of each key, and when: what the ledger knows of links in circulation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision


@dataclass(frozen=True, slots=True)
class Use:
    decisions: int
    first: datetime
    last: datetime


def use_of(session: Session, workspace: str) -> dict[str, Use]:
    """By the key's id. It reads the whole ledger: seconds, where there are millions of decisions."""
    rows = session.execute(
        select(Decision.link_key, func.count(), func.min(Decision.at), func.max(Decision.at))
        .where(Decision.workspace == workspace, Decision.link_key.is_not(None))
        .group_by(Decision.link_key)
    )
    return {key_id or "": Use(count, first, last) for key_id, count, first, last in rows}


def ids_met(session: Session, workspace: str) -> frozenset[str]:
    """The ids of all keys by whose links a decision came. It reads the whole ledger, too."""
    query = select(Decision.link_key).where(Decision.workspace == workspace, Decision.link_key.is_not(None))
    return frozenset(key_id or "" for key_id in session.scalars(query.distinct()))


def came_since(session: Session, workspace: str, key_id: str, since: datetime) -> int:
    query = select(func.count()).where(
        Decision.workspace == workspace, Decision.link_key == key_id, Decision.at >= since
    )
    return session.scalar(query) or 0
