"""The daily comparison: for everyone who decided here, does Synerise hold the same? In parts, within a budget."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import cast

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.ids import new_id
from resign.ledger.tables import Decision
from resign.outbox.again import tell_again
from resign.outbox.contract import (
    Busy,
    Choice,
    Confirmed,
    Differs,
    Message,
    Misconfigured,
    NoSuchProfile,
    Outcome,
    Unreachable,
)
from resign.profile import Kind, Profile
from resign.reconcile.off_there import record_opt_outs
from resign.reconcile.part import Part, next_part
from resign.reconcile.tables import Reconciliation
from resign.settings import Workspace
from resign.telemetry.metrics import RECONCILED

_DESTINATION = "synerise"
_AT_ONCE = 8
_LOCK = 0x7265_636F  # any number, as long as nothing else in this database locks it
_PART = 64
# Whoever says "off" is asked a second time before that is believed.
_CALLS_FOR_EACH = 2
# A part that was begun is free again after this time, also where its worker died.
_LEASE = timedelta(minutes=10)
_PAUSE = timedelta(minutes=1)
# After so many in a row at one place a part counts as unread: a run must come to its end.
_MOST_PAUSES = 10

ReadBack = Callable[[Message], Outcome]
_Decisions = Sequence[Row[tuple[Decision]]]


class Reconciler:
    """`read_backs` by workspace name; `budget` is calls a day and workspace. One `step` at a time."""

    def __init__(
        self,
        database: Database,
        workspaces: Mapping[str, Workspace],
        read_backs: Mapping[str, ReadBack],
        clock: Clock,
        *,
        at: time | None,
        budget: int,
    ) -> None:
        self._database = database
        self._workspaces = workspaces
        self._read_backs = read_backs
        self._clock = clock
        self._at = at
        self._budget = budget
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="reconcile")

    def step(self) -> bool:
        """One part of each run that is due; True where more can be done at once."""
        more = [self.advance(workspace) for workspace in self._workspaces]
        return any(more)

    def advance(self, workspace: str, *, now_at_once: bool = False) -> bool:
        """Begins or goes on with a workspace's run, and looks at one part; True where another can follow."""
        now = self._clock.now()
        with self._database.writing() as session:
            part = self._begin(session, workspace, now, now_at_once=now_at_once)
            session.commit()
        if part is None:
            return False
        outcomes = list(self._pool.map(lambda decision: self._look(workspace, decision), part.decisions))
        doubtful = _off_there(part.decisions, outcomes)[: part.second_looks]
        second = list(self._pool.map(lambda decision: self._look(workspace, decision, "opt-out"), doubtful))
        off = [
            decision
            for decision, outcome in zip(doubtful, second, strict=True)
            if isinstance(outcome, Confirmed)
        ]
        with self._database.writing() as session:
            goes_on = self._note(session, part, outcomes, off, unused=part.second_looks - len(second))
            session.commit()
        return goes_on

    def used_up(self, workspace: str) -> bool:
        """No more can be looked at today."""
        with self._database.reading() as session:
            return self._most(self._left(session, workspace, self._clock.now())) == 0

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, session: Session, workspace: str, now: datetime, *, now_at_once: bool) -> Part | None:
        if not _alone(session):
            return None
        run = session.scalar(
            select(Reconciliation)
            .where(Reconciliation.workspace == workspace, Reconciliation.finished_at.is_(None))
            .order_by(Reconciliation.id)
            .limit(1)
        )
        if run is None and not now_at_once and not self._is_due(session, workspace, now):
            return None
        if run is not None and run.leased_until is not None and run.leased_until > now:
            return None
        if run is not None and run.resume_at > now and not now_at_once:
            return None
        left = self._left(session, workspace, now)
        most = self._most(left)
        if most == 0:
            if run is not None:
                run.resume_at = self._tomorrow(now)
            return None
        if run is None:
            run = Reconciliation(workspace=workspace, started_at=now, resume_at=now, cursor="", spent=0)
            session.add(run)
            session.flush()
        part = next_part(session, run, now + _LEASE, most=most, calls=left)
        run.leased_until = part.leased_until
        # Counted before they are made: a worker that dies has made them all the same.
        before = run.spent if run.spent_on == now.date() else 0
        run.spent_on, run.spent = now.date(), before + len(part.decisions) + part.second_looks
        return part

    def _left(self, session: Session, workspace: str, now: datetime) -> int:
        """Of the calls of this day (UTC), whoever made them: every run of the workspace counts."""
        spent = select(func.sum(Reconciliation.spent)).where(
            Reconciliation.workspace == workspace, Reconciliation.spent_on == now.date()
        )
        return self._budget - (session.scalar(spent) or 0)

    def _most(self, left: int) -> int:
        """How many people can be looked at. With one call a day in all, nobody can be asked about twice."""
        return max(0, min(_PART, left // min(_CALLS_FOR_EACH, self._budget)))

    def _is_due(self, session: Session, workspace: str, now: datetime) -> bool:
        """Once after each scheduled moment."""
        if self._at is None:
            return False
        moment = datetime.combine(now.date(), self._at, UTC)
        moment -= timedelta(days=moment > now)
        begun = session.scalar(
            select(func.max(Reconciliation.started_at)).where(Reconciliation.workspace == workspace)
        )
        return begun is None or begun < moment

    def _look(self, workspace: str, decision: Row[tuple[Decision]], choice: Choice | None = None) -> Outcome:
        """Does the profile say what was decided; or, where given, this choice?"""
        profile = Profile(cast("Kind", decision.kind), decision.identifier or "")
        asked = choice or cast("Choice", decision.choice)
        return self._read_backs[workspace](Message(new_id(), profile, decision.agreement, asked, decision.at))

    def _note(
        self, session: Session, part: Part, outcomes: Sequence[Outcome], off: _Decisions, *, unused: int
    ) -> bool:
        """Counts, and tells again. A part without any answer is looked at again after a pause."""
        now = self._clock.now()
        run = session.get_one(Reconciliation, part.run, with_for_update=True)
        if run.leased_until != part.leased_until:
            return False
        run.leased_until = None
        run.spent -= unused
        if _is_away(outcomes) and run.pauses < _MOST_PAUSES:
            run.pauses += 1
            run.resume_at = now + _PAUSE
            return False
        run.pauses = 0
        for decision, outcome in zip(part.decisions, outcomes, strict=True):
            found = self._found(session, decision, outcome, now)
            RECONCILED.labels(decision.workspace, found.replace("_", "-")).inc()
            setattr(run, found, getattr(run, found) + 1)
        run.looked += len(outcomes)
        run.resume_at = now
        if part.last is None:
            run.finished_at = now
        else:
            run.cursor = part.last
        session.flush()
        record_opt_outs(session, off, self._workspaces, now)
        return part.last is not None

    def _found(
        self, session: Session, decision: Row[tuple[Decision]], outcome: Outcome, now: datetime
    ) -> str:
        if isinstance(outcome, Confirmed):
            return "agreed"
        if isinstance(outcome, NoSuchProfile):
            return "unknown"
        if not isinstance(outcome, Differs):
            return "unread"
        if decision.choice != "opt-out":
            return "off_there"
        key = self._workspaces[decision.workspace].digest_key.encode()
        subject = Profile(cast("Kind", decision.kind), decision.identifier or "").subject(key)
        again = tell_again(
            session, decision, _DESTINATION, subject, f"found when comparing: {outcome.reason}", now
        )
        return "told_again" if again else "agreed"

    def _tomorrow(self, now: datetime) -> datetime:
        """When the next day's calls may be used."""
        return datetime.combine(now.date() + timedelta(days=1), self._at or time(), UTC)


def _is_away(outcomes: Sequence[Outcome]) -> bool:
    """Synerise does not answer at all, or no call can succeed: not just one profile that cannot be read."""
    if any(isinstance(outcome, Misconfigured) for outcome in outcomes):
        return True
    return bool(outcomes) and all(isinstance(outcome, Busy | Unreachable) for outcome in outcomes)


def _off_there(decisions: _Decisions, outcomes: Sequence[Outcome]) -> _Decisions:
    """In here, and the profile says "off" or nothing at all."""
    return [
        decision
        for decision, outcome in zip(decisions, outcomes, strict=True)
        if decision.choice == "opt-in" and isinstance(outcome, Differs)
    ]


def _alone(session: Session) -> bool:
    """One worker begins at a time: two could both find that no run has been started. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))


def runs(session: Session, most: int = 10) -> Sequence[Reconciliation]:
    """The newest first."""
    return session.scalars(select(Reconciliation).order_by(Reconciliation.id.desc()).limit(most)).all()
