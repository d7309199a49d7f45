"""How fast a backlog drains, against a bare loop that sends the same requests to the same sandbox."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from resign.bench.backlog import pile_up
from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_least
from resign.bench.plan import Plan
from resign.bench.sandbox import plant
from resign.bench.system import System, install
from resign.outbox.tables import Attempt, MessageRow
from resign.settings.surroundings import surroundings_without_settings

_TARGET = at_least(0.8)
# A drain slower than this is no figure but a fault.
_SLOWEST_PER_SECOND = 20


def measure(plan: Plan) -> Iterator[Figure]:
    """The bare loop's two halves stand around ours, so that a machine that grows slower slows both alike."""
    for engine in plan.engines:
        plan.say(f"drain on {engine}: a backlog of {plan.backlog:,}")
        with fresh(engine, plan.server) as database:
            system = install(database, plan.folder / f"drain-{engine}")
            pile_up(system, plan.backlog)
            half = plan.backlog // 2
            with system.running_sandbox(answer_after=plan.drain_answer_after):
                bare = _bare(system, 0, half)
                ours = _ours(system, plan.backlog)
                bare += _bare(system, half, plan.backlog - half)
        yield _figure(engine, plan.backlog, ours, bare)


def _bare(system: System, first: int, count: int) -> float:
    plant(system.sandbox, first, count)
    key = system.variables["RESIGN_SYNERISE_API_KEY"]
    numbers = [str(number) for number in (first, count, system.settings.deliveries)]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "resign.bench.bare_loop", system.sandbox, key, *numbers],
        env=surroundings_without_settings(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFault(f"the bare loop failed: {done.stderr[-300:]}")
    return float(done.stdout)


def _ours(system: System, count: int) -> float:
    """Seconds from the first request to the last confirmation, by the database's own times."""
    plant(system.sandbox, 0, count)
    left = select(func.count()).where(MessageRow.state.in_(("owed", "accepted")))
    deadline = time.monotonic() + 30 + count / _SLOWEST_PER_SECOND
    with system.running_worker(), system.database() as database:
        while time.monotonic() < deadline:
            time.sleep(0.5)
            with database.reading() as session:
                if not session.scalar(left):
                    break
        with database.reading() as session:
            first = session.execute(select(Attempt.at, Attempt.milliseconds).order_by(Attempt.at)).first()
            last, confirmed = session.execute(
                select(func.max(MessageRow.confirmed_at), func.count()).where(MessageRow.state == "confirmed")
            ).one()
    if first is None or confirmed != count:
        raise BenchFault(f"of {count} messages {confirmed} were confirmed in time")
    began = first.at - timedelta(milliseconds=first.milliseconds)
    return float((last - began).total_seconds())


def _figure(engine: str, count: int, ours: float, bare: float) -> Figure:
    measured = {
        "messages": count,
        "per_second": round(count / ours, 1),
        "bare_per_second": round(count / bare, 1),
    }
    return Figure("drain", engine, bare / ours, "", _TARGET, measured)
