"""A campaign that is really there, for whoever shows how campaigns are looked for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.reports.tables import RollupCount


def latest_campaign(session: Session, workspaces: Sequence[str]) -> str | None:
    """The one by which people left last, as far as it has been counted; of several on one day the first by its letters.

    One look into each workspace's own end of the key.
    """
    row = RollupCount
    found: list[Any] = []
    for workspace in workspaces:
        newest = (
            select(row.day, row.value)
            .where(row.workspace == workspace, row.dimension == "campaign", row.choice == "opt-out")
            .where(row.value != "", row.count > 0)
            .order_by(row.day.desc(), row.value)
            .limit(1)
        )
        found += session.execute(newest).all()
    return max(found, key=lambda each: each.day).value if found else None
