"""Who opts out in a round: people with links of their own, planted in the pretend Synerise as agreeing to mail."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from resign.demo.system import System
from resign.links import Links
from resign.profile import KINDS, Profile

_PLANTED_AT_ONCE = 5_000
# Most press once. Some take it back, and some press again after that: the newest must win.
_PLANS = (("opt-out",),) * 8 + (("opt-out", "opt-in"), ("opt-out", "opt-in", "opt-out"))


@dataclass(frozen=True, slots=True)
class Person:
    """`number` is their clientId in the pretend Synerise; `plan` is what they mean to choose, in this order."""

    number: int
    profile: Profile
    token: str
    plan: tuple[str, ...]
    by_page: bool


def gather(system: System, name: str, count: int, dice: random.Random) -> list[Person]:
    """New people, `name` keeps them apart from those of other rounds. A third each is known by each identifier."""
    seeds = [{"email": f"{name}-{n}@example.com", "customId": f"{name}-{n}"} for n in range(count)]
    workspace = next(iter(system.settings.workspaces))
    links = Links(system.settings.workspaces.values())
    people = []
    for position, number in enumerate(_plant(system, seeds)):
        kind = KINDS[position % len(KINDS)]
        profile = Profile.of(kind, {**seeds[position], "clientId": str(number)}[kind])
        token = links.mint(workspace, profile)
        people.append(Person(number, profile, token, dice.choice(_PLANS), by_page=dice.random() < 0.3))
    return people


def agreeing(system: System) -> dict[int, bool]:
    """By clientId, whether the pretend Synerise would mail them now."""
    found: dict[int, bool] = {}
    with httpx.Client(base_url=system.sandbox_url, trust_env=False, timeout=60) as sandbox:
        total = 1
        while len(found) < total:
            where = {"format": "json", "limit": _PLANTED_AT_ONCE, "offset": len(found)}
            page = sandbox.get("/sandbox/profiles", params=where).raise_for_status().json()
            total = page["counts"]["total"]
            found |= {row["clientId"]: row["agreement"] == "enabled" for row in page["profiles"]}
    return found


def _plant(system: System, seeds: list[dict[str, str]]) -> Iterator[int]:
    with httpx.Client(base_url=system.sandbox_url, trust_env=False, timeout=60) as sandbox:
        for start in range(0, len(seeds), _PLANTED_AT_ONCE):
            answer = sandbox.post("/sandbox/profiles", json=seeds[start : start + _PLANTED_AT_ONCE])
            yield from answer.raise_for_status().json()["clientIds"]
