"""How many links one core mints in a second."""

import time
from collections.abc import Iterator
from statistics import median

from resign.bench.engines import Engine
from resign.bench.figure import Figure, at_least
from resign.bench.plan import Plan
from resign.bench.system import install, person
from resign.links import Links
from resign.profile import Profile

# No database is asked for a link.
NO_ENGINE = Engine("", "sqlite:///unused.db", "")
_LINKS = 50_000
_TARGET = at_least(20_000)


def measure(plan: Plan) -> Iterator[Figure]:
    """One thread, each profile another; the time is the processor's, so that a busy machine does not count."""
    plan.say(f"minting: {plan.rounds} rounds of {_LINKS:,} links")
    system = install(NO_ENGINE, plan.folder / "minting")
    minted = Links(system.settings.workspaces.values())
    profiles = [Profile("email", person(number)) for number in range(_LINKS)]
    rounds: list[float] = []
    for _ in range(plan.rounds):
        began = time.process_time()
        for profile in profiles:
            minted.mint(system.workspace, profile)
        rounds.append(_LINKS / (time.process_time() - began))
    yield Figure(
        "minting", "", median(rounds), "links/s", _TARGET, {"rounds": [round(each) for each in rounds]}
    )
