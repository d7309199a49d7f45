"""A feed raises the alarms of undelivered messages; one that waits for its schedule, or was taken out, raises none."""

import pytest

from resign.alarms.seen import alarms
from resign.feeds.tidying import Tidying
from tests.support.decisions import ANNA, BORIS


@pytest.fixture
def late(database, clock):
    """The level of the alarm about what is late, or none."""

    def look() -> str:
        with database.reading() as session:
            found = alarms(session, clock.now(), {"default": ["crm"]})
        assert {each.name for each in found} <= {"elsewhere"}, "`late` says that Synerise is not told"
        return found[0].level if found else ""

    return look


def _taken_up(database) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from resign.ledger.tables import Decision  # noqa: PLC0415

    with database.writing() as session:
        session.execute(update(Decision).values(owed=False))
        session.commit()


def test_what_is_not_taken_is_late_after_five_minutes_an_hour_and_a_day(feed, decides, clock, database, late):
    crm = feed()
    crm.runs()
    crm.sink.says = "its disk is full"
    decides(ANNA)
    _taken_up(database)
    crm.runs()
    seen = [late()]
    for minutes in (5, 60, 24 * 60):
        clock.advance(minutes=minutes)
        crm.runs()
        seen.append(late())
    assert seen == ["", "notice", "warning", "critical"]
    Tidying(database, [], clock).step()
    assert late() == ""


def test_an_opt_in_that_waits_for_the_schedule_is_not_late(feed, decides, clock, database, late):
    crm = feed("schedule = '30 2 * * *'")
    crm.runs()
    decides(BORIS, "opt-in")
    _taken_up(database)
    clock.advance(hours=12)
    crm.runs()
    assert late() == ""


def test_a_feed_that_is_put_back_goes_on_where_it_was(feed, decides, database, clock):
    crm = feed()
    decides(ANNA)
    crm.runs()
    Tidying(database, [], clock).step()
    decides(BORIS)
    crm.feeding = crm.another()
    crm.runs()
    assert crm.told == ["anna@example.com", "boris@example.com"]
