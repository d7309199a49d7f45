"""Plans by an index, for many at once, where PostgreSQL knows too little of a table to see that it has to be so."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_BY_INDEX = select(
    # Else one that was made while the table was nearly empty is kept.
    func.set_config("plan_cache_mode", "force_custom_plan", True),
    func.set_config("enable_seqscan", "off", True),
)


def plan_by_index(session: Session) -> None:
    """Until the end of the transaction tables are gone through only where no index would do.

    Of a table that it has not counted for a minute PostgreSQL takes five hundred digests for all that there are, and
    goes through all of it for each five hundred rows of an import, which fills it within that minute.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_BY_INDEX)
