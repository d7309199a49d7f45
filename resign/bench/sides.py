"""The two sides of the web's comparison, each started and ready for load: the bare view, and ours on one engine."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from resign.bench import wrk
from resign.bench.engines import fresh
from resign.bench.fault import BenchFault
from resign.bench.plan import Plan
from resign.bench.processes import free_port, running
from resign.bench.system import System, install
from resign.settings.surroundings import surroundings_without_settings

ONE_CLICK = "List-Unsubscribe=One-Click"
# The first so many people only read.
READERS = 2_000


@dataclass(slots=True)
class Side:
    """One side of the comparison: an address, and what was counted there for each kind of request."""

    address: str
    system: System | None = None
    body: dict[str, str] = field(default_factory=lambda: {"one-click": ONE_CLICK, "page-post": ONE_CLICK})
    counted: defaultdict[str, list[wrk.Counted]] = field(default_factory=lambda: defaultdict(list))
    next_person: int = READERS
    lost: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))


@contextmanager
def bare_side(plan: Plan) -> Iterator[Side]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = plan.folder / "bare.log"
    with running(["resign.bench.bare", str(port)], surroundings_without_settings(), log, answers_at=address):
        yield Side(address)


@contextmanager
def our_side(plan: Plan, engine: str) -> Iterator[Side]:
    with fresh(engine, plan.server) as database:
        system = install(database, plan.folder / f"web-{engine}")
        with system.running_web():
            side = Side(system.address, system)
            side.body["page-post"] = f"page={digest_of_page(system)}&l=en"
            yield side


def digest_of_page(system: System) -> str:
    """What the page's own form says it was pressed on."""
    page = httpx.get(system.address + system.paths(0, 1)[0], trust_env=False).text
    found = re.search(r'name="page" value="([0-9a-f]{16})"', page)
    if found is None:
        raise BenchFault("the opt-out page names no digest")
    return found[1]
