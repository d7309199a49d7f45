"""A month of made-up people who opt out, for the demo's console: who, when, how. The same each time, and marked as examples.

Addresses end in example.com and its like, which nobody can have (RFC 2606); campaigns begin with `example-`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Way = Literal["page", "one-click", "break"]

_FIRST = "anna piotr maria jan zofia tomasz ewa adam julia marek olga emma liam noah mia lucas lea finn ida hugo".split()
_LAST = (
    "kowalska nowak berg lind moreau rossi weber novak silva costa meyer dubois horvat larsen kovacs".split()
)
_DOMAINS = "example.com example.org mail.example shop.example".split()
_LANGUAGES = "en en pl pl pl de fr es".split()
_REASONS = "too-many too-many not-relevant never-asked other-address".split()
# How many days ago it was mailed, and how many left because of it.
_CAMPAIGNS = {
    "example-lamps": (28, 60),
    "example-news": (21, 40),
    "example-shoes": (14, 55),
    "example-garden": (7, 40),
    "example-sale": (2, 50),
}
_SCANNED = "example-shoes"
_SCANNED_PEOPLE = 14


@dataclass(frozen=True, slots=True)
class Visit:
    """One who leaves at `at`. `mailed` is when their mail went out; `undone` is how much later they took it back."""

    at: datetime
    mailed: datetime
    email: str
    custom_id: str
    campaign: str
    language: str
    way: Way
    reason: str | None = None
    undone: timedelta | None = None
    mailed_again: bool = False


def visits(now: datetime) -> list[Visit]:
    """The oldest first, all before `now`."""
    chance = random.Random("a month of examples")  # noqa: S311 - it makes up people, and keeps no secret
    made = [*_ordinary(chance, now), *_scanner(chance, now)]
    return sorted((visit for visit in made if visit.at < now), key=lambda visit: visit.at)


def _ordinary(chance: random.Random, now: datetime) -> Iterator[Visit]:
    number = 1000
    for campaign, (days, people) in _CAMPAIGNS.items():
        mailed = (now - timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
        for _ in range(people):
            number += 1
            # Most leave within hours of the mail, some days later.
            hours = chance.expovariate(1 / 3) if chance.random() < 0.6 else chance.expovariate(1 / 48)  # noqa: PLR2004
            at = mailed + timedelta(minutes=12, hours=hours)
            way: Way = chance.choices(("page", "one-click", "break"), (45, 50, 5))[0]
            yield Visit(
                at=at,
                mailed=mailed + timedelta(seconds=chance.randrange(600)),
                email=_address(chance, number),
                custom_id=f"EX-{number}",
                campaign=campaign,
                language=chance.choice(_LANGUAGES),
                way=way,
                reason=chance.choice(_REASONS) if way == "page" and chance.random() < 0.4 else None,  # noqa: PLR2004
                undone=timedelta(seconds=chance.randrange(20, 3_000)) if chance.random() < 0.04 else None,  # noqa: PLR2004
                mailed_again=chance.random() < 0.015,  # noqa: PLR2004
            )


def _scanner(chance: random.Random, now: datetime) -> Iterator[Visit]:
    """A company's mail scanner presses the button in every mail within seconds of its arrival."""
    days, _ = _CAMPAIGNS[_SCANNED]
    mailed = (now - timedelta(days=days)).replace(hour=9, minute=2, second=0, microsecond=0)
    for number in range(_SCANNED_PEOPLE):
        yield Visit(
            at=mailed + timedelta(seconds=20 + 2 * number),
            mailed=mailed,
            email=f"{chance.choice(_FIRST)}.{number}@scanned.example",
            custom_id=f"EX-{5000 + number}",
            campaign=_SCANNED,
            language="en",
            way="page",
        )


def _address(chance: random.Random, number: int) -> str:
    return f"{chance.choice(_FIRST)}.{chance.choice(_LAST)}{number % 100}@{chance.choice(_DOMAINS)}"
