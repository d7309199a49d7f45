"""How soon a sender hears whether somebody must not be mailed: asked for one recipient, and for a thousand at once."""

import time
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

import httpx

from resign.api_keys import keys
from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_least, at_most, percentile
from resign.bench.ledger import fill
from resign.bench.plan import Plan
from resign.bench.system import System, install, person
from resign.clock import SystemClock
from resign.staff.roles import Staff

_DECISIONS = 100_000
_SINGLE, _MANY = 500, 1_000
_MILLISECONDS = at_most(10)
_PER_SECOND = at_least(5_000)


def measure(plan: Plan) -> Iterator[Figure]:
    """Over HTTP on one kept connection, in a ledger of a hundred thousand decisions; every question is a new person."""
    for engine in plan.engines:
        count = min(plan.decisions, _DECISIONS)
        plan.say(f"suppression on {engine}: {count:,} decisions")
        with fresh(engine, plan.server) as empty:
            system = install(empty, plan.folder / f"suppression-{engine}")
            key = _prepared(system, count)
            with system.running_web(), _client(system, key) as client:
                single = [_ask(client, number, 1) for number in range(_SINGLE)][_SINGLE // 10 :]
                many = [_ask(client, number * _MANY, _MANY) for number in range(1, 2 * plan.rounds + 1)]
        yield from _figures(engine, single, many)


def _prepared(system: System, count: int) -> str:
    operator = Staff(id=0, name="bench", grants={})
    with system.database() as database:
        fill(database, system.digest_key, 0, count, indexed_to=0)
        with database.writing() as session:
            made = keys.add(
                session, "bench", system.workspace, ["suppressions:check"], SystemClock().now(), operator
            )
            session.commit()
    return made.text


def _client(system: System, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=system.address, headers=headers, trust_env=False, timeout=60)


def _ask(client: httpx.Client, first: int, count: int) -> float:
    """Milliseconds."""
    asked: Mapping[str, Any] = {
        "profiles": [{"email": person(number)} for number in range(first, first + count)]
    }
    began = time.perf_counter()
    answer = client.post("/api/v1/suppressions/check", json=asked)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != httpx.codes.OK or len(answer.json()["results"]) != count:
        raise BenchFault(f"a check was answered with {answer.status_code}")
    return took


def _figures(engine: str, single: list[float], many: list[float]) -> Iterator[Figure]:
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        target = _MILLISECONDS if name == "p50" else None
        yield Figure(f"suppression {name}", engine, percentile(single, share), "ms", target)
    per_second = _MANY * 1000 / median(many)
    yield Figure(
        "suppression of many",
        engine,
        per_second,
        "checks/s",
        _PER_SECOND,
        {"a thousand p50": f"{median(many):.1f} ms"},
    )
