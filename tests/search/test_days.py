"""A day that is typed begins at the workspace's own midnight, also where the clocks are changed (as in its reports)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from resign.ledger.tables import Decision
from resign.reports.zones import Zones
from tests.support.decisions import ANNA

WARSAW, CHICAGO, KIRITIMATI = (
    ZoneInfo(name) for name in ("Europe/Warsaw", "America/Chicago", "Pacific/Kiritimati")
)
# The clocks are put forward in Warsaw on 2026-03-29 and back on 2026-10-25; in Beirut the first day begins at one.
EDGES = [
    ("Europe/Warsaw", "2026-01-15", "2026-01-14T23:00Z"),
    ("Europe/Warsaw", "2026-03-29", "2026-03-28T23:00Z"),
    ("Europe/Warsaw", "2026-03-30", "2026-03-29T22:00Z"),
    ("Europe/Warsaw", "2026-10-25", "2026-10-24T22:00Z"),
    ("Europe/Warsaw", "2026-10-26", "2026-10-25T23:00Z"),
    ("America/Chicago", "2026-07-01", "2026-07-01T05:00Z"),
    ("Pacific/Kiritimati", "2026-07-01", "2026-06-30T10:00Z"),
    ("Pacific/Pago_Pago", "2026-07-01", "2026-07-01T11:00Z"),
    ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z"),
    ("UTC", "2026-07-01", "2026-07-01T00:00Z"),
]


def at(clock, moment: str, seconds: int = 0) -> None:
    clock._now = datetime.fromisoformat(moment).astimezone(UTC)
    clock.advance(seconds=seconds)


@pytest.mark.parametrize(("zone", "day", "begins"), EDGES)
def test_a_day_begins_at_the_workspace_s_midnight(find, decided, clock, database, zone, day, begins):
    for second in (-3, 2):
        at(clock, begins, second)
        decided(ANNA)
    zones = {"default": ZoneInfo(zone)}
    earlier, later = find(f"before:{day}", zones=zones).rows, find(f"after:{day}", zones=zones).rows
    assert ([len(earlier), len(later)]) == [1, 1]
    assert earlier[0].at < datetime.fromisoformat(begins) <= later[0].at
    with database.reading() as session:
        moments = session.scalars(select(Decision.at).order_by(Decision.seq)).all()
    days = [Zones(zones, {}).day_of("default", moment) for moment in moments]
    assert [each >= date.fromisoformat(day) for each in days] == [False, True], "as it is counted in reports"


def test_each_workspace_has_midnights_of_its_own(find, decided, clock):
    at(clock, "2026-07-01T02:00Z")
    for workspace in ("poznan", "chicago", "nowhere"):
        decided(ANNA, workspace=workspace)
    zones = {"poznan": WARSAW, "chicago": CHICAGO}
    everywhere = (*zones, "nowhere")
    found = find("after:2026-07-01", everywhere, zones=zones).rows
    assert [row.workspace for row in found] == ["nowhere", "poznan"]
    found = find("anna before:2026-07-01", everywhere, zones=zones).rows
    assert [row.workspace for row in found] == ["chicago"]
    found = find("campaign:x after:2026-07-01", everywhere, zones=zones).rows
    assert found == ()


@pytest.mark.parametrize(
    "text", ["after:0001-01-01", "before:9999-12-31", "after:9999-12-31", "before:0001-01-01"]
)
@pytest.mark.parametrize("zone", [WARSAW, CHICAGO, KIRITIMATI])
def test_the_first_and_the_last_day_that_there_are_break_nothing(find, decided, text, zone):
    decided(ANNA)
    found = find(text, zones={"default": zone}).rows
    assert len(found) == (text in {"after:0001-01-01", "before:9999-12-31"})


def test_a_day_bounds_which_stretches_are_looked_at_and_none_is_missed(find, decided, clock):
    """What is noted of a stretch is when it began and ended, whatever the zone."""
    at(clock, "2026-06-30T10:30Z")
    decided(ANNA, campaign="spring")
    zones = {"default": KIRITIMATI}
    assert len(find("campaign:spring after:2026-07-01", zones=zones).rows) == 1
    assert len(find("campaign:spring before:2026-07-01", zones=zones).rows) == 0
    assert len(find("campaign:spring after:2026-06-30", zones={"default": CHICAGO}).rows) == 1
