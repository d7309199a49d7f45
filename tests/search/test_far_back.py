"""Days that lie far back are looked for in long stretches first: whatever the order in which decisions came, none is passed."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from resign.search.parse import parse
from resign.search.stretches import _windows, holding
from resign.search.tables import LONG_BITS, STRETCH_BITS, LongStretch, SearchCursor, Stretch, StretchMark
from tests.support.decisions import decision, record

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
MOST = 12 << LONG_BITS
TYPED = [
    "before:2024-03-01",
    "after:2025-06-01",
    "after:2024-03-01 before:2024-03-05",
    "method:api before:2024-06-01",
]


@pytest.fixture
def stretches(database, clock):
    """By number, when each lies: in their order, save for what an import brought late, and with gaps."""
    chance = random.Random(7)
    numbers = sorted(chance.sample(range(MOST), 700))
    times = {
        number: BEGAN + timedelta(hours=chance.randrange(MOST) if chance.random() < 0.005 else number)
        for number in numbers
    }
    long: dict[int, list[datetime]] = {}
    for number, at in times.items():
        long.setdefault(number >> LONG_BITS, []).append(at)
    record(database, decision(clock))
    with database.writing() as session:
        for table, found in ((Stretch, {number: [at] for number, at in times.items()}), (LongStretch, long)):
            rows = [
                {"workspace": "default", "stretch": number, "earliest": min(at), "latest": max(at)}
                for number, at in found.items()
            ]
            session.execute(insert(table), rows)
        marks = [
            {"workspace": "default", "name": "method", "value": "api", "stretch": number}
            for number in numbers[::5]
        ]
        session.execute(insert(StretchMark), marks)
        session.add(SearchCursor(feed="decisions", seen=MOST << STRETCH_BITS))
        session.commit()
    return times


@pytest.mark.parametrize("typed", TYPED)
def test_they_are_found_all_and_the_newest_first(database, stretches, typed, monkeypatch):
    monkeypatch.setattr(
        "resign.search.stretches._ends", lambda _: (MOST << STRETCH_BITS, MOST << STRETCH_BITS)
    )
    query = parse(typed)
    wanted = [
        number
        for at, (number, when) in enumerate(stretches.items())
        if (query.after is None or when.date() >= query.after)
        and (query.before is None or when.date() < query.before)
        and (not query.marks or at % 5 == 0)
    ]
    # Where the index is at work, it is looked into in any case.
    found = [number for number in looked_into(database, query) if number < MOST - 1]
    assert set(wanted) <= set(found)
    assert found == sorted(found, reverse=True)
    near = timedelta(days=2)
    first, last = query.after or date(2024, 1, 1), query.before or date(2030, 1, 1)
    assert all(first - near <= stretches[number].date() <= last + near for number in found)


def test_what_came_since_is_not_gone_through(database, stretches):
    with database.reading() as session:
        windows = list(_windows(session, parse("before:2024-01-03"), ["default"], MOST))
    assert sum(high - low + 1 for low, high in windows) < MOST / 2


def looked_into(database, query):
    """The numbers of the stretches, in the order in which they are looked into."""
    with database.reading() as session:
        parts = list(holding(session, query, ["default"], 1 << 60))
    return [
        number
        for part in parts
        for low, high in part.ranges
        for number in range(high >> STRETCH_BITS, (low >> STRETCH_BITS) - 1, -1)
    ]
