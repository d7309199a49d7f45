"""A workspace with some weeks behind it, counted by the worker, and people of different roles who look at it."""

from datetime import datetime, timedelta

import pytest
from flask import g

from resign.profile import Profile
from resign.reports.reversing import Reversing
from resign.reports.rollups import Rollups
from resign.reports.zones import zones_of
from resign.staff.roles import Staff
from resign.staff.sessions import SignedIn
from tests.support.decisions import DIGEST_KEY, decision, record


@pytest.fixture
def counted(database, settings, clock):
    """The worker counts all that there is."""
    rollups = Rollups(
        database, zones_of(settings.workspaces), dict.fromkeys(settings.workspaces, DIGEST_KEY), clock
    )

    def count() -> None:
        while rollups.step():
            pass

    return count


@pytest.fixture
def reversing(database, clock) -> Reversing:
    """The worker's part of a reversal."""
    return Reversing(database, {"default": DIGEST_KEY}, clock, breath=0)


@pytest.fixture
def weeks(people, counted, clock, database) -> datetime:
    """Forty days: someone every day by the page, every second day by one-click; some confirmed, one taken back."""
    for day in range(40):
        method, campaign = ("one-click", "spring") if day % 2 else ("page", "=summer & sun <b>")
        who = [
            Profile("email", f"person{day}-{number}@example{day % 7}.com") for number in range(1 + day % 3)
        ]
        record(
            database,
            *(
                decision(clock, each, method=method, campaign=campaign, language="pl" if day % 5 else "en")
                for each in who
            ),
        )
        if day == 39:
            people.is_told()
            clock.advance(hours=1)
            record(database, decision(clock, who[0], "opt-in"))
        clock.advance(days=1)
    clock.advance(days=-1)
    counted()
    return clock.now()


@pytest.fixture
def burst(database, clock, counted) -> int:
    """Twelve people of one company, all within a minute."""
    for number in range(12):
        who = Profile("email", f"person{number}@corp.example")
        record(database, decision(clock, who, method="one-click", campaign="autumn"))
        clock.advance(seconds=4)
    counted()
    return 1


@pytest.fixture
def as_staff(console, clock):
    """From now on whoever asks is that account: `as_staff(2, "jan", default="support")`."""
    now = {}
    console.before_request_funcs.setdefault(None, []).insert(0, lambda: g.__dict__.update(now))

    def be(number: int, name: str, **grants: str) -> None:
        roles = {workspace: frozenset(given.split()) for workspace, given in grants.items()}
        staff = Staff(id=number, name=name, grants=roles)
        now["recognised"] = SignedIn(number, staff, "full", clock.now(), clock.now())

    return be


def days_ago(now: datetime, days: int) -> str:
    return str((now - timedelta(days=days)).date())
