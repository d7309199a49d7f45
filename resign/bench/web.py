"""The web figures: the bare view and ours, in turn, round after round, by the same load; and nothing else running."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from sqlalchemy import distinct, func, select

from resign.bench import wrk
from resign.bench.figure import Figure, Target, at_least, at_most, median_ratio
from resign.bench.plan import Plan
from resign.bench.sides import READERS, Side, bare_side, our_side
from resign.bench.system import System
from resign.ledger.tables import Decision
from resign.notices.tables import NoticeRow

_LINKS_PER_SECOND = 4_000
_WARM_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request, and how much of the bare view's rate it must reach."""

    name: str
    method: str
    target: Target
    writes: bool = True


KINDS = (
    Kind("one-click", "POST", at_least(0.33)),
    Kind("page-post", "POST", at_least(0.18)),
    Kind("page-get", "GET", at_least(0.5), writes=False),
    Kind("hook", "POST", at_least(0.45)),
)
# Without a time, so that each is an event of its own and has to be kept.
_EVENT = '{"email":"person00000000@example.com","action":"newsletter.unsubscribe","campaign":"Spring"}'
_P99 = at_most(3)


def measure(plan: Plan) -> Iterator[Figure]:
    kinds = [kind for kind in KINDS if plan.wants(kind.name)]
    if not kinds:
        return
    with ExitStack() as stack:
        bare = stack.enter_context(bare_side(plan))
        ours = [stack.enter_context(our_side(plan, name)) for name in plan.engines]
        for side in (bare, *ours):
            for kind in kinds:
                turn(plan, side, kind, bare, seconds=_WARM_SECONDS)
        for side in (bare, *ours):
            side.counted.clear()
        for number in range(plan.rounds):
            plan.say(f"web, round {number + 1} of {plan.rounds}")
            for kind in kinds:
                for side in (bare, *ours):
                    turn(plan, side, kind, bare, seconds=plan.seconds)
    for side in ours:
        for kind in kinds:
            yield from _figures(kind, side, bare)


def turn(plan: Plan, side: Side, kind: Kind, bare: Side, *, seconds: int) -> None:
    load, before = _load(side, kind, bare, seconds), _highest(side, kind)
    result = wrk.run(side.address, load, plan.folder, connections=plan.connections, seconds=seconds)
    side.counted[kind.name].append(result)
    if side.system is not None and kind.writes:
        side.lost[kind.name] += max(0, result.acknowledged - _recorded_since(side.system, kind, before))


def _load(side: Side, kind: Kind, bare: Side, seconds: int) -> wrk.Load:
    if kind.name == "hook":
        return _hook(side)
    body = side.body[kind.name] if kind.writes else ""
    if side.system is None:
        return wrk.Load(kind.method, ["/"], body, again=True)
    if not kind.writes:
        return wrk.Load(kind.method, side.system.paths(0, READERS), again=True)
    # Nothing outruns the bare view by much, however little of the machine it got in its own round.
    fastest = max(result.per_second for result in bare.counted[kind.name])
    count = int(max(fastest * 1.5, _LINKS_PER_SECOND) * seconds)
    first, side.next_person = side.next_person, side.next_person + count
    return wrk.Load(kind.method, side.system.paths(first, count), body)


def _hook(side: Side) -> wrk.Load:
    kind = "application/json"
    if side.system is None:
        return wrk.Load("POST", ["/"], _EVENT, again=True, type=kind)
    signed_in = f"Authorization: Bearer {side.system.variables['RESIGN_SYNERISE_WEBHOOK_TOKEN']}"
    return wrk.Load("POST", ["/hooks/synerise/default"], _EVENT, again=True, type=kind, headers=[signed_in])


def _highest(side: Side, kind: Kind) -> int:
    if side.system is None:
        return 0
    counter = NoticeRow.id if kind.name == "hook" else Decision.seq
    with side.system.database() as database, database.reading() as session:
        return session.scalar(select(func.max(counter))) or 0


def _recorded_since(system: System, kind: Kind, last: int) -> int:
    """How many people's opt-outs, or events, the database holds: at least as many as were acknowledged."""
    query = (
        select(func.count()).where(NoticeRow.id > last)
        if kind.name == "hook"
        else select(func.count(distinct(Decision.digest))).where(
            Decision.seq > last, Decision.choice == "opt-out"
        )
    )
    with system.database() as database, database.reading() as session:
        return session.scalar(query) or 0


def _figures(kind: Kind, side: Side, bare: Side) -> Iterator[Figure]:
    ours, theirs = side.counted[kind.name], bare.counted[kind.name]
    engine = side.system.engine if side.system else None
    name = engine.name if engine else ""
    measured = {
        "per_second": round(median(_rates(ours)), 1),
        "bare_per_second": round(median(_rates(theirs)), 1),
        "acknowledged": sum(result.acknowledged for result in ours),
        "refused": sum(result.refused for result in ours),
        "broken": sum(result.broken for result in ours),
        "durable": engine.durable if engine else "",
    }
    rate = median_ratio(_rates(ours), _rates(theirs))
    yield Figure(kind.name, name, rate, "", kind.target, measured, side.lost[kind.name])
    slowest = [result.p99_ms for result in ours]
    bare_slowest = [result.p99_ms for result in theirs]
    times = {"p99_ms": median(slowest), "bare_p99_ms": median(bare_slowest)}
    target = _P99 if kind.name == "one-click" else None
    yield Figure(f"{kind.name} p99", name, median_ratio(slowest, bare_slowest), "", target, times)


def _rates(results: Sequence[wrk.Counted]) -> list[float]:
    return [result.per_second for result in results]
