"""The daily comparison: for everyone who decided here, does Synerise hold the same? In parts, within a budget."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.ids import new_id
from resign.ledger.tables import Consent, Decision
from resign.outbox.again import tell_again
from resign.outbox.contract import (
    Busy,
    Confirmed,
    Differs,
    Message,
    Misconfigured,
    NoSuchProfile,
    Outcome,
    Unreachable,
)
from resign.outbox.tables import LIVE, MessageRow
from resign.profile import Kind, Profile
from resign.reconcile.tables import Reconciliation
from resign.settings import Workspace
from resign.telemetry.metrics import RECONCILED

_DESTINATION = "synerise"
_AGREEMENT = "newsletter"
_AT_ONCE = 8
_LOCK = 0x7265_636F  # any number, as long as nothing else in this database locks it
_PART = 64
# A part that was begun is free again after this time, also where its worker died.
_LEASE = timedelta(minutes=10)
_PAUSE = timedelta(minutes=1)

ReadBack = Callable[[Message], Outcome]


@dataclass(frozen=True, slots=True)
class _Part:
    run: int
    decisions: Sequence[Row[tuple[Decision]]]
    # The last digest of the part; None at the end of the consents.
    last: str | None


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
        with self._database.writing() as session:
            goes_on = self._note(session, part, outcomes)
            session.commit()
        return goes_on

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, session: Session, workspace: str, now: datetime, *, now_at_once: bool) -> _Part | None:
        if not _alone(session):
            return None
        run = session.scalar(
            select(Reconciliation)
            .where(Reconciliation.workspace == workspace, Reconciliation.finished_at.is_(None))
            .order_by(Reconciliation.id)
            .limit(1)
        )
        if run is None:
            if not now_at_once and not self._is_due(session, workspace, now):
                return None
            run = Reconciliation(workspace=workspace, started_at=now, resume_at=now, cursor="")
            session.add(run)
            session.flush()
        elif run.resume_at > now and not now_at_once:
            return None
        if run.spent >= self._budget:
            run.spent = 0
        run.resume_at = now + _LEASE
        return _part(session, run, min(_PART, self._budget - run.spent))

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

    def _look(self, workspace: str, decision: Row[tuple[Decision]]) -> Outcome:
        profile = Profile(cast("Kind", decision.kind), decision.identifier or "")
        choice = cast("Any", decision.choice)
        return self._read_backs[workspace](
            Message(new_id(), profile, decision.agreement, choice, decision.at)
        )

    def _note(self, session: Session, part: _Part, outcomes: Sequence[Outcome]) -> bool:
        """Counts, and tells again. A part without answers is looked at again after a pause."""
        now = self._clock.now()
        run = session.get_one(Reconciliation, part.run)
        run.spent += len(outcomes)
        if any(isinstance(outcome, Busy | Unreachable | Misconfigured) for outcome in outcomes):
            run.resume_at = now + _PAUSE
            return False
        for decision, outcome in zip(part.decisions, outcomes, strict=True):
            found = self._found(session, decision, outcome, now)
            RECONCILED.labels(decision.workspace, found.replace("_", "-")).inc()
            setattr(run, found, getattr(run, found) + 1)
        run.looked += len(outcomes)
        if part.last is None:
            run.finished_at = now
            return False
        run.cursor = part.last
        spent = run.spent >= self._budget
        run.resume_at = self._next_day(now) if spent else now
        return not spent

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

    def _next_day(self, now: datetime) -> datetime:
        if self._at is None:
            return now
        moment = datetime.combine(now.date(), self._at, UTC)
        return moment if moment > now else moment + timedelta(days=1)


def _alone(session: Session) -> bool:
    """One worker begins at a time: two could both find that no run has been started. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))


def _part(session: Session, run: Reconciliation, most: int) -> _Part:
    """The next few consents behind the cursor, each with its newest decision, but none that is being told now."""
    digests = session.scalars(
        select(Consent.digest)
        .where(
            Consent.workspace == run.workspace, Consent.agreement == _AGREEMENT, Consent.digest > run.cursor
        )
        .order_by(Consent.digest)
        .limit(most)
    ).all()
    columns = Decision.__table__.c
    newest = (
        select(func.max(Decision.seq))
        .where(
            Decision.workspace == run.workspace,
            Decision.agreement == _AGREEMENT,
            Decision.digest.in_(digests),
            Decision.identifier.is_not(None),
        )
        .group_by(Decision.digest)
    )
    under_way = select(MessageRow.decision_seq).where(MessageRow.state.in_(LIVE))
    decisions = session.execute(
        select(*columns).where(
            columns.seq.in_(newest),
            columns.seq.not_in(under_way.where(MessageRow.decision_seq == columns.seq)),
        )
    ).all()
    return _Part(run.id, decisions, digests[-1] if len(digests) == most else None)


def runs(session: Session, most: int = 10) -> Sequence[Reconciliation]:
    """The newest first."""
    return session.scalars(select(Reconciliation).order_by(Reconciliation.id.desc()).limit(most)).all()
