"""How soon Synerise has heard: opt-outs at a steady rate, and the time from each to its acceptance and confirmation."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime

import httpx
from sqlalchemy import func, select

from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_most, percentile
from resign.bench.plan import Plan
from resign.bench.sandbox import plant
from resign.bench.sides import ONE_CLICK
from resign.bench.system import System, install
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow

_PRESSERS = 8
_WARM_SECONDS = 2
_PATIENCE_SECONDS = 60.0
_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
_TARGETS = {"p50": at_most(150), "p95": at_most(1000)}


def measure(plan: Plan) -> Iterator[Figure]:
    for engine in plan.engines:
        plan.say(f"told on {engine}: {plan.per_second} opt-outs a second for {plan.steady_seconds} s")
        with ExitStack() as stack:
            database = stack.enter_context(fresh(engine, plan.server))
            system = install(database, plan.folder / f"told-{engine}")
            stack.enter_context(system.running_sandbox(answer_after=plan.answer_after))
            stack.enter_context(system.running_web())
            stack.enter_context(system.running_worker())
            warm, count = plan.per_second * _WARM_SECONDS, plan.per_second * plan.steady_seconds
            plant(system.sandbox, 0, warm + count)
            acknowledged = press_steadily(system, warm + count, plan.per_second)
            times = _times(system, acknowledged)
        yield from _figures(engine, times[warm:], acknowledged - len(times))


def press_steadily(system: System, count: int, per_second: int) -> int:
    """Presses each link at its own moment, however long the last one took; returns how many were acknowledged."""
    paths = system.paths(0, count)
    began = time.monotonic() + 0.5

    def press(number: int) -> bool:
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        return client.post(paths[number], content=ONE_CLICK, headers=form).is_success

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with (
        httpx.Client(base_url=system.address, trust_env=False) as client,
        ThreadPoolExecutor(_PRESSERS) as pool,
    ):
        return sum(pool.map(press, range(count)))


def _times(system: System, count: int) -> list[tuple[float, float]]:
    """Milliseconds from each decision to its acceptance and to its confirmation, in the decisions' order."""
    confirmed = select(func.count()).where(MessageRow.state == "confirmed")
    query = (
        select(Decision.at, MessageRow.accepted_at, MessageRow.confirmed_at)
        .join(MessageRow, MessageRow.decision_seq == Decision.seq)
        .where(MessageRow.state == "confirmed")
        .order_by(Decision.seq)
    )
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with system.database() as database:
        while time.monotonic() < deadline:
            with database.reading() as session:
                if (session.scalar(confirmed) or 0) >= count:
                    rows = session.execute(query).all()
                    return [(_milliseconds(at, told), _milliseconds(at, seen)) for at, told, seen in rows]
            time.sleep(0.2)
    raise BenchFault("not every opt-out was confirmed within a minute")


def _milliseconds(since: datetime, until: datetime | None) -> float:
    if until is None:
        raise BenchFault("a confirmed message lacks a time")
    return (until - since).total_seconds() * 1000


def _figures(engine: str, times: list[tuple[float, float]], lost: int) -> Iterator[Figure]:
    """Counted from the decision's own time, which is a little before its commit: the figure can only be too high."""
    for position, what in enumerate(("accepted", "confirmed")):
        values = [both[position] for both in times]
        for name, share in _SHARES.items():
            target = _TARGETS.get(name) if what == "accepted" else None
            measured = {"opt_outs": len(values)}
            yield Figure(f"{what} {name}", engine, percentile(values, share), "ms", target, measured, lost)
