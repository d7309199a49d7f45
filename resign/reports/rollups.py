"""The chore that keeps the rollups: looks with nothing locked, then writes what it found in one short transaction.

A step that dies before its commit has counted nothing; one that finds that another worker has written meanwhile
throws its own work away. Whatever is looked up may be newer than the cursor: it is compared with what was counted
of that decision, so meeting it again later adds nothing.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.reports import bursts, recounts
from resign.reports.bursts import Flagged
from resign.reports.changes import Changes, changes_of, write
from resign.reports.facts import SENT, after_mails, facts, numbers, taken_back_by, told_by
from resign.reports.progress import begun, forget_all, gaps_of, note_gaps, take_turn
from resign.reports.recounts import Recount
from resign.reports.streams import ATTEMPTS, DECISIONS, NOTICES, STREAMS, Gap, Read, read
from resign.reports.tables import RollupMark, RollupProgress, RollupZone
from resign.reports.zones import Zones, stored_zones

log = logging.getLogger(__name__)

_PART = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """What one look came to: everything that is to be written, and the progress it was read at."""

    at: datetime
    progress: RollupProgress
    held: Mapping[str, Sequence[Gap]]
    reads: Mapping[str, Read]
    zones: Zones
    changes: Changes
    flagged: Flagged
    recounts: Sequence[Recount]

    @property
    def more(self) -> bool:
        return any(each.more for each in self.reads.values())

    @property
    def moved(self) -> bool:
        """Whether there is anything to write down at all: a quiet hour costs no write."""
        return (
            any(getattr(self.progress, name) != each.position for name, each in self.reads.items())
            or any(list(each.gaps) != list(self.held.get(name, ())) for name, each in self.reads.items())
            or bool(self.changes.marks or self.recounts or self.flagged.nameless)
            or self.progress.reasons_day != self.at.date()
        )


class Rollups:
    """`zones` by workspace name, `digest_keys` likewise (a burst keeps its domain as a digest). Any number of processes."""

    def __init__(
        self,
        database: Database,
        zones: Mapping[str, ZoneInfo],
        digest_keys: Mapping[str, bytes],
        clock: Clock,
    ) -> None:
        self._database = database
        self._zones = zones
        self._digest_keys = digest_keys
        self._clock = clock
        self._said: list[str] = []

    def step(self) -> bool:
        """Counts a part of what is new; True where there is more, or another worker was quicker."""
        found = self.look()
        return (not self.write(found) or found.more) if found.moved else False

    def look(self) -> Found:
        now = self._clock.now()
        with self._database.reading() as session:
            progress = begun(session)  # first: whatever is read afterwards is at least as new
            zones = Zones(self._zones, stored_zones(session))
            self._say(zones.changed())
            held = gaps_of(session)
            reads = {
                each.name: read(session, each, getattr(progress, each.name), held.get(each.name, ()), now)
                for each in STREAMS
            }
            found = facts(session, _touched(session, reads))
            marks = _marks(session, [fact.decision.seq for fact in found])
            changes = changes_of(found, marks, zones)
            flagged = bursts.find(session, changes.new, self._digest_keys)
            counted = (
                recounts.reasons(session, progress.reasons_day),
                recounts.mailed(session, zones),
            )
        return Found(now, progress, held, reads, zones, changes, flagged, [each for each in counted if each])

    def write(self, found: Found) -> bool:
        """False where another worker has written since the look; then nothing is."""
        positions = {name: each.position for name, each in found.reads.items()}
        with self._database.writing() as session:
            taken = take_turn(
                session,
                found.progress.version,
                **positions,
                reasons_day=found.at.date(),
                counted_at=found.at,
            )
            if not taken:
                return False
            zones = [{"workspace": name, "zone": zone} for name, zone in found.zones.missing().items()]
            if zones:
                session.execute(insert(RollupZone), zones)
            note_gaps(session, found.held, found.reads)
            write(session, found.changes)
            bursts.write(session, found.flagged)
            for recount in found.recounts:
                recount.write(session)
            session.commit()
        return True

    def rebuild(self) -> None:
        """Forgets every count, so that the next steps count everything anew. Bursts and what people said of them stay."""
        with self._database.writing() as session:
            forget_all(session)
            session.commit()
        self._said = []

    def _say(self, changed: list[str]) -> None:
        if changed and changed != self._said:
            log.warning(
                "Days are still counted by the former time zone; `resign report rebuild` counts them anew",
                extra={"workspaces": changed},
            )
        self._said = changed


def _touched(session: Session, reads: Mapping[str, Read]) -> Collection[int]:
    """Every decision of which something may be new."""
    decisions = reads[DECISIONS.name].rows
    attempts = [row for row in reads[ATTEMPTS.name].rows if row.outcome == "confirmed"]
    mails = [row for row in reads[NOTICES.name].rows if row.action == SENT and row.campaign]
    return (
        numbers(decisions)
        | taken_back_by(session, {row[0] for row in decisions if row.choice == "opt-in"})
        | told_by(session, {row.message_id for row in attempts})
        | after_mails(session, mails)
    )


def _marks(session: Session, seqs: Sequence[int]) -> dict[int, RollupMark]:
    return {
        mark.decision_seq: mark
        for begin in range(0, len(seqs), _PART)
        for mark in session.scalars(
            select(RollupMark).where(RollupMark.decision_seq.in_(seqs[begin : begin + _PART]))
        )
    }
