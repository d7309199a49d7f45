"""What the operators' views look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from resign.alarms.alarm import Alarm
from resign.alarms.named import Named, named_lanes
from resign.alarms.seen import alarms
from resign.alarms.troubled import Trouble, troubles
from resign.clock import Clock
from resign.db import Database
from resign.feeds.shown import LateFeed, late_feeds
from resign.notices.shown import oldest_waiting
from resign.ops.shared import Shared
from resign.outbox.owed import Owed, held_lanes, owed, stopped_lanes
from resign.outbox.tables import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that the views say of what is owed and of what is wrong, as one look found it."""

    alarms: Sequence[Alarm]
    troubles: Sequence[Trouble]
    held: Sequence[Lane]
    stopped: Sequence[Lane]
    late_feeds: Sequence[LateFeed]
    unweighed_since: datetime | None
    owed: Owed


@dataclass(frozen=True, slots=True)
class Probe:
    """`named` is every workspace with its destinations. `shared_for`: so long one look is everybody's, in this process."""

    database: Database
    clock: Clock
    named: Named
    metrics_token: str | None = None
    shared_for: timedelta = timedelta()
    sight: Shared[Sight] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sight", Shared(self._look, self.clock, self.shared_for))

    def _look(self) -> Sight:
        now = self.clock.now()
        with self.database.reading() as session:
            return Sight(
                alarms=alarms(session, now, self.named),
                troubles=troubles(session, now, self.named),
                held=named_lanes(held_lanes(session), self.named),
                stopped=named_lanes(stopped_lanes(session), self.named),
                late_feeds=late_feeds(session),
                unweighed_since=oldest_waiting(session),
                owed=owed(session),
            )
