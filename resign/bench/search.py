"""What a search costs in a ledger, and in one ten times as large: it must not grow with it."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_most, percentile
from resign.bench.ledger import WORKSPACE, Somebody, address, fill
from resign.bench.plan import Plan
from resign.clock import SystemClock
from resign.db import Database
from resign.ids import reference
from resign.search.find import search
from resign.search.indexer import Indexer

_KEY = b"the digest key of the bench"
_QUERIES = 60
_GROWTH = at_most(2)
_EXACT_MILLISECONDS = at_most(10)
_LEFT_TO_THE_INDEXER = 5_000
Say = Callable[[random.Random, int], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of searching: `typed` makes a text for a ledger of so many decisions; `finds` where all must find something."""

    name: str
    typed: Say
    finds: bool = True


def measure(plan: Plan) -> Iterator[Figure]:
    """A tenth of the decisions in one database and all of them in another, asked in turns: a busy machine slows both."""
    for engine in plan.engines:
        few, many = plan.decisions // 10, plan.decisions
        with ExitStack() as stack:
            small, large = (
                stack.enter_context(_filled(plan, engine, count, left))
                for count, left in ((few, 0), (many, _left(many)))
            )
            per_second = _index(large, many)
            plan.say(f"search on {engine}: {len(KINDS)} kinds")
            times = {kind.name: _times(kind, (small, few), (large, many)) for kind in KINDS}
        yield from _figures(engine, many, times)
        yield Figure("indexed", engine, per_second, "decisions/s")


@contextmanager
def _filled(plan: Plan, engine: str, count: int, left: int) -> Iterator[Database]:
    with fresh(engine, plan.server) as empty:
        plan.say(f"search on {engine}: {count:,} decisions")
        database = Database(empty.url, connections=2)
        try:
            fill(database, _KEY, 0, count, indexed_to=count - left)
            yield database
        finally:
            database.close()


def _left(many: int) -> int:
    return min(_LEFT_TO_THE_INDEXER, many // 20)


def _index(database: Database, many: int) -> float:
    """The worker's own indexer, on a ledger of full size."""
    indexer = Indexer(database, SystemClock())
    began = time.perf_counter()
    while indexer.step():
        pass
    return _left(many) / (time.perf_counter() - began)


def _times(kind: Kind, *ledgers: tuple[Database, int]) -> list[list[float]]:
    """Milliseconds of each query's first page, by ledger; the first round, which warms up, is left out."""
    chance = random.Random(kind.name)  # noqa: S311 - the same queries in each run
    times: list[list[float]] = [[] for _ in ledgers]
    typed = [[kind.typed(chance, count) for _, count in ledgers] for _ in range(_QUERIES)]
    for measured in (False, True):
        for texts in typed:
            for (database, _), text, values in zip(ledgers, texts, times, strict=True):
                took = _take(database, kind, text)
                if measured:
                    values.append(took)
    return times


def _take(database: Database, kind: Kind, text: str) -> float:
    began = time.perf_counter()
    with database.reading() as session:
        found = search(session, text, [WORKSPACE], lambda _: _KEY)
    took = (time.perf_counter() - began) * 1000
    if kind.finds and not found.rows:
        raise BenchFault(f"a search of the kind “{kind.name}” found nothing")
    return took


def _figures(engine: str, many: int, times: Mapping[str, list[list[float]]]) -> Iterator[Figure]:
    for name, (few_times, many_times) in times.items():
        measured = {
            f"{what} at {size:,}": f"{percentile(values, share):.2f} ms"
            for size, values in ((many // 10, few_times), (many, many_times))
            for what, share in (("p50", 0.5), ("p95", 0.95))
        }
        yield Figure(f"search {name}", engine, median(many_times) / median(few_times), "", _GROWTH, measured)
    yield Figure("search exact p50", engine, median(times["exact"][1]), "ms", _EXACT_MILLISECONDS)


def _somebody(chance: random.Random, decisions: int) -> str:
    """An address in the ledger; of an old or a new one alike."""
    return address(Somebody.of(chance.randrange(decisions)).person)


def _part(chance: random.Random, decisions: int, *, letters: Sequence[int]) -> str:
    whole = _somebody(chance, decisions).partition("@")[0]
    length = chance.choice(letters)
    start = chance.randrange(max(1, len(whole) - length))
    return whole[start : start + length]


def _reference(chance: random.Random, decisions: int) -> str:
    return reference(Somebody.of(chance.randrange(decisions)).row(_KEY)["id"])


def _campaign(chance: random.Random, decisions: int) -> str:
    return f"c{chance.randrange(max(1, decisions // 20_000)):04d}-{chance.randrange(5)}"


KINDS = (
    Kind("exact", _somebody, finds=False),
    Kind("reference", _reference),
    Kind(
        "prefix",
        lambda chance, decisions: _somebody(chance, decisions)[: chance.choice((2, 4, 6, 9))] + "*",
        finds=False,
    ),
    Kind("part, rare", lambda chance, decisions: _part(chance, decisions, letters=(9, 12)), finds=False),
    Kind("part, common", lambda chance, decisions: _part(chance, decisions, letters=(3, 4)), finds=False),
    Kind("part of nobody", lambda chance, _: f"xq{chance.randrange(10_000)}jj", finds=False),
    Kind("campaign", lambda chance, decisions: f"campaign:{_campaign(chance, decisions)}"),
    Kind("rare method", lambda *_: "method:staff"),
    Kind(
        "method and language",
        lambda chance, _: f"method:import language:{chance.choice(('pl', 'is'))}",
        finds=False,
    ),
    Kind(
        "rare in a campaign",
        lambda chance, decisions: f"campaign:{_campaign(chance, decisions)} language:is",
        finds=False,
    ),
    Kind("day", lambda chance, decisions: f"before:2024-0{1 + chance.randrange(6)}-02" if decisions else ""),
    Kind("undelivered", lambda *_: "state:undelivered"),
    Kind("dead", lambda *_: "state:dead", finds=False),
    Kind("newest", lambda *_: ""),
)
