"""Times are aware and in UTC, going in and coming out, on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from resign.clock import SystemClock
from resign.db import Database
from resign.outbox.tables import Lane

MOMENT = datetime(2026, 10, 25, 1, 30, 59, 123456, tzinfo=UTC)


def kept(database: Database, since: datetime | None) -> datetime | None:
    """What comes out where `since` went in."""
    with database.writing() as session:
        session.add(Lane(workspace="default", destination="synerise", phase="tell", since=since))
        session.commit()
    with database.reading() as session:
        return session.scalars(select(Lane.since)).one()


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_a_time_comes_back_to_the_microsecond_and_in_utc(database, microsecond):
    moment = MOMENT.replace(microsecond=microsecond)
    found = kept(database, moment)
    assert found == moment
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "zone", [timezone(timedelta(hours=-11)), ZoneInfo("Europe/Warsaw"), ZoneInfo("UTC")], ids=str
)
def test_a_time_of_another_zone_is_the_same_moment(database, zone):
    found = kept(database, MOMENT.astimezone(zone))
    assert found == MOMENT
    assert found.utcoffset() == timedelta(0)


def test_no_time_stays_no_time(database):
    assert kept(database, None) is None


def test_a_time_without_a_zone_is_refused_before_it_can_lie(database):
    with pytest.raises(StatementError, match="a time without a time zone"):
        kept(database, MOMENT.replace(tzinfo=None))
    with database.reading() as session:
        assert session.scalar(select(text("count(*)")).select_from(Lane)) == 0


def test_a_time_is_found_by_a_time_of_another_zone(database):
    kept(database, MOMENT)
    query = select(Lane.phase).where(Lane.since == MOMENT.astimezone(ZoneInfo("Asia/Tokyo")))
    with database.reading() as session:
        assert session.scalar(query) == "tell"


def test_the_clock_says_utc():
    assert SystemClock().now().tzinfo is UTC
