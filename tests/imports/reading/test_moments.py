"""Dates of every sort: what is meant without doubt is read, and what could be two moments is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.imports.reading.moments import moment

WARSAW = ZoneInfo("Europe/Warsaw")
_NOON = datetime(2026, 7, 3, 10, 0, tzinfo=UTC)  # 12:00 in Warsaw


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-07-03T10:00:00Z", ""),
        ("2026-07-03 10:00:00 UTC", ""),
        ("2026-07-03T12:00:00+02:00", ""),
        ("2026-07-03T12:00:00.000+0200", ""),
        ("2026-07-03T12:00:00,000000+02", ""),
        ("2026-07-03T12:00", ""),
        ("2026/07/03 12:00:00", ""),
        (" 2026.7.3 12:00 ", ""),
        ("3.7.2026 12:00", "day-first"),
        ("03-07-2026, 12:00:00", "day-first"),
        ("03/07/2026 12:00", "day-first"),
        ("07/03/2026 12:00 PM", "month-first"),
        ("7/3/2026 12:00", "month-first"),
        ("Fri, 03 Jul 2026 10:00:00 +0000", ""),
        ("3 July 2026 12:00", ""),
        ("1783072800", ""),
        ("1783072800000", ""),
        ("1783072800000000", ""),
        ("46206.5", ""),
        ("46206,5", ""),
    ],
)
def test_one_moment_written_in_many_ways(text, order):
    assert moment(text, WARSAW, order) == _NOON


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", ""),
        ("yesterday", ""),
        ("3.7.2026 12:00", ""),  # could be March
        ("07/03/2026 12:00", ""),
        ("13/01/2026 12:00", "month-first"),
        ("01/13/2026 12:00", "day-first"),
        ("3.7.26 12:00", "day-first"),  # could be any century, or a year first
        ("2026-02-30T12:00", ""),
        ("2026-07-03T25:00", ""),
        ("2026-07-03T13:00 PM", ""),
        ("2026-07-03T12:00+25:00", ""),
        ("2026-07-03T12:00 CEST", ""),  # names of zones mean several things
        ("2026-07.03 12:00", ""),
        ("0001-01-01T00:00", ""),
        ("9999-12-31T23:59:59", ""),
        ("99999999999999999999", ""),
        ("-1", ""),
        ("0", ""),
        ("1e9", ""),
        ("999999", ""),
        ("123456789", ""),
        ("\u0662\u0660\u0662\u0666-07-03T12:00", ""),
        ("2026-07-03T12:00" + " " * 100, ""),
        ("2026-07-03T12:00\0", ""),
    ],
)
def test_what_is_no_moment_or_could_be_two_is_refused(text, order):
    for choice in (None, "opt-out", "opt-in"):
        assert moment(text, WARSAW, order, choice) is None


def test_where_a_day_cannot_be_a_month_nobody_need_say_which_is_which():
    for text in ("13.01.2026 12:00", "01/13/2026 12:00"):
        assert moment(text, WARSAW, "") == datetime(2026, 1, 13, 11, tzinfo=UTC)
    assert moment("5.5.2026 12:00", WARSAW, "") == datetime(2026, 5, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-07-03", "3.7.2026", "20260703", "46206", "3 Jul 2026"])
def test_a_day_alone_makes_no_opt_out_older_and_no_opt_in_newer(text):
    """All day long in Warsaw, which is two hours ahead of UTC in July."""
    first, last = datetime(2026, 7, 2, 22, tzinfo=UTC), datetime(2026, 7, 3, 22, tzinfo=UTC)
    assert moment(text, WARSAW, "day-first", "opt-in") == first
    assert moment(text, WARSAW, "day-first", "opt-out") == last - timedelta(microseconds=1)
    assert moment(text, WARSAW, "day-first") is None


def test_the_last_moment_of_today_is_not_one_to_come():
    assert moment("2026-07-03", WARSAW, "", "opt-out", now=_NOON) == _NOON
    tomorrow = moment("2026-07-04", WARSAW, "", "opt-out", now=_NOON)
    assert tomorrow is not None
    assert tomorrow > _NOON
    assert moment("2026-07-03", WARSAW, "", "opt-in", now=_NOON) == datetime(2026, 7, 2, 22, tzinfo=UTC)


def test_an_hour_that_clocks_show_twice_is_in_doubt_as_a_day_is():
    text = "2026-10-25 02:30"
    assert moment(text, WARSAW, "") is None
    assert moment(text, WARSAW, "", "opt-in") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(text, WARSAW, "", "opt-out") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert moment(text + "+02:00", WARSAW, "") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


_YEARS = (datetime(1991, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 - what a clock shows
_ZONES = st.sampled_from(["Europe/Warsaw", "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])


@given(
    st.datetimes(*_YEARS),
    _ZONES,
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y"]),
)
def test_whenever_it_was_on_that_day_the_choice_that_is_safe_wins(shown, zone, written):
    there = ZoneInfo(zone)
    surely = shown.replace(tzinfo=there)
    text = shown.strftime(written)
    assert moment(text, there, "day-first", "opt-in") <= surely <= moment(text, there, "day-first", "opt-out")


@given(st.text(max_size=40), st.sampled_from(["", "day-first", "month-first"]))
def test_no_text_makes_it_fall_over(text, order):
    found = moment(text, WARSAW, order, "opt-out")
    assert found is None or found.tzinfo is UTC


@given(st.from_regex(r"\A[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([T ][0-9]{1,2}:[0-9]{2})?\Z"))
def test_no_date_makes_it_fall_over(text):
    moment(text, WARSAW, "", "opt-in")
