"""Notes which feeds the settings do not name any more, and forgets files that arrived long ago: a chore of the worker's."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import and_, delete, or_, select, update

from resign.clock import Clock
from resign.db import Database
from resign.feeds.tables import Feed, FeedFile

# So long it is told which file a decision was in.
_KEPT = timedelta(days=400)
_FILES_AT_ONCE = 500


class Tidying:
    """One `step` at a time; several processes may run one each. `named` are workspace and destination of each feed."""

    def __init__(self, database: Database, named: Collection[tuple[str, str]], clock: Clock) -> None:
        self._database, self._named, self._clock = database, named, clock

    def step(self) -> bool:
        """True where more is waiting."""
        now = self._clock.now()
        ours = [
            and_(Feed.workspace == workspace, Feed.destination == name) for workspace, name in self._named
        ]
        gone = and_(Feed.gone_at.is_(None), ~or_(*ours)) if ours else Feed.gone_at.is_(None)
        old = select(FeedFile.id).where(FeedFile.at < now - _KEPT).limit(_FILES_AT_ONCE)
        with self._database.reading() as session:
            is_gone = session.scalar(select(Feed.destination).where(gone).limit(1)) is not None
            forgotten = list(session.scalars(old))
        if not is_gone and not forgotten:
            return False
        with self._database.writing() as session:
            session.execute(update(Feed).where(gone).values(gone_at=now))
            session.execute(delete(FeedFile).where(FeedFile.id.in_(forgotten)))
            session.commit()
        return len(forgotten) == _FILES_AT_ONCE
