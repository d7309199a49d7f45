"""A page in a marketer's theme against the shipped one, on the same server: the theme must cost nobody any time."""

import time
from collections.abc import Iterator

import httpx

from resign import paths
from resign.app import brands_of
from resign.bench import wrk
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_least, median_ratio
from resign.bench.plan import Plan
from resign.bench.sides import READERS, Side, our_side
from resign.bench.system import System
from resign.clock import SystemClock
from resign.i18n import Catalogues
from resign.themes.publishing import SHIPPED, Prepared, Refused, prepare, put
from resign.themes.source import ThemeSource
from resign.themes.versions import add

THEME = "harbour"
_TARGET = at_least(0.9)
_SECONDS_TO_PUT_ON = 60.0
# What the example has and the shipped page has not.
_SIGN = "data:image/png;base64,"
# Several processes answer: so many answers in a row are from all of them.
_SURELY_ALL = 60


def measure(plan: Plan) -> Iterator[Figure]:
    for engine in plan.engines:
        with our_side(plan, engine) as side:
            themed = _published(side)
            rates: dict[str, list[float]] = {"shipped": [], "themed": []}
            for number in range(plan.rounds):
                plan.say(f"themed page, round {number + 1} of {plan.rounds}")
                for name, look in (("shipped", SHIPPED), ("themed", themed)):
                    _wear(side, look)
                    rates[name].append(_rate(plan, side))
        measured = {
            f"{name}_per_second": round(sorted(found)[len(found) // 2], 1) for name, found in rates.items()
        }
        ratio = median_ratio(rates["themed"], rates["shipped"])
        yield Figure("themed page", engine, ratio, "", _TARGET, measured)


def _published(side: Side) -> Prepared:
    """Version 1 of the example, built; looking at it in a browser is not what is measured here."""
    system = _system(side)
    source = ThemeSource.from_folder(paths.templates() / "themes" / THEME)
    with system.database() as database, database.writing() as session:
        version = add(session, system.workspace, source, note="", author="bench", now=SystemClock().now())
        session.commit()
    prepared = prepare(
        source, version, brands_of(system.settings)[system.workspace], Catalogues(), looks=False
    )
    if isinstance(prepared, Refused):
        raise BenchFault(f"the theme {THEME} cannot be published: {prepared.faults[0].what}")
    return prepared


def _wear(side: Side, look: Prepared) -> None:
    """Published, and worn by every process: each looks every two seconds."""
    system = _system(side)
    with system.database() as database, database.writing() as session:
        put(session, system.workspace, look, author="bench", note="", now=SystemClock().now())
        session.commit()
    theme = look.version.theme if look.version else None
    expected = next((page for page in look.pages if (page.name, page.language) == ("optout", "en")), None)
    until, in_a_row = time.monotonic() + _SECONDS_TO_PUT_ON, 0
    address = side.address + system.paths(0, 1)[0]
    while in_a_row < _SURELY_ALL:
        if time.monotonic() > until:
            raise BenchFault(f"the web processes did not put on {theme or 'the shipped look'} in time")
        text = httpx.get(address, trust_env=False).text
        worn = _SIGN in text
        in_a_row = in_a_row + 1 if worn == (expected is not None) else 0
        time.sleep(0.05)


def _rate(plan: Plan, side: Side) -> float:
    load = wrk.Load("GET", _system(side).paths(0, READERS), again=True)
    return wrk.run(
        side.address, load, plan.folder, connections=plan.connections, seconds=plan.seconds
    ).per_second


def _system(side: Side) -> System:
    if side.system is None:
        raise BenchFault("the bare side has no pages")
    return side.system
