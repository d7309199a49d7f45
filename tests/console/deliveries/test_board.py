"""The deliveries' page: what is owed, whether it moves, why not, and the switch that pauses a lane."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from resign.alarms.alarm import LEVELS as KINDS
from resign.alarms.alarm import MEANINGS
from resign.console.deliveries import worded
from resign.outbox.contract import Accepted, Misconfigured, NoSuchProfile, Unreachable
from resign.outbox.figures import Count, ways
from resign.outbox.tables import Lane
from resign.staff.tables import Deed
from tests.console.deliveries.conftest import BOARD
from tests.support.decisions import BORIS, decision, record

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(page) -> str:
    """The page's words, as they are read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_the_figures_are_those_of_the_outbox(database, clock, drained):
    record(database, decision(clock))
    drained()
    clock.advance(minutes=2)
    record(database, decision(clock, BORIS))
    drained(tell=lambda _: Accepted(), look=lambda _: Unreachable("no answer"))
    people = [decision(clock, BORIS.of("email", f"p{n}@example.com")) for n in range(3)]
    record(database, *people)
    drained(tell=lambda m: NoSuchProfile() if m.profile.value.startswith("p0") else Unreachable("no answer"))
    with database.reading() as session:
        (way,) = ways(session, [("default", "synerise")], clock.now())
    assert (way.owed, way.unknown, way.dead) == (Count(2), Count(1), Count(0))
    assert (way.minute, way.hour) == (Count(1), Count(2))
    assert way.oldest == clock.now()


@on_sqlite
def test_a_count_stops_where_it_would_take_long(database, clock, refused, monkeypatch):
    refused(5)
    monkeypatch.setattr("resign.outbox.figures._LOOKED_AT", 3)
    monkeypatch.setattr("resign.outbox.figures._ATTEMPTS", 3)
    with database.reading() as session:
        (way,) = ways(session, [("default", "synerise")], clock.now())
    assert way.dead == Count(3, more=True)
    assert way.hour == Count(0, more=True)


@on_sqlite
def test_with_nothing_owed_all_is_open(mia):
    page = mia.opens(BOARD)
    assert page.status_code == 200
    words = said(page)
    assert "There is no alarm." in words
    assert "Telling : open" in words
    assert "Reading back : open" in words


@on_sqlite
def test_a_held_lane_is_said_with_its_reason_its_remedy_and_the_next_try(mia, database, clock, drained):
    record(database, decision(clock))
    drained(tell=lambda _: Misconfigured("the key is wrong: <b>mend</b> it"))
    words = said(mia.opens(BOARD))
    assert "held since 2026-05-04 10:11 UTC, because it refuses our key or our settings" in words
    assert "the key is wrong: <b>mend</b> it" in words
    assert "The next try is at 2026-05-04 10:11:42 UTC" in words
    assert "A lane is held warning default" in words
    assert "1 alarm" in said(mia.opens("/console/themes")), "the header's sign is on every page"


@on_sqlite
def test_an_outage_is_said_with_the_oldest_and_its_age(mia, database, clock, drained):
    record(database, decision(clock))
    for _ in range(4):
        drained(tell=lambda _: Unreachable("no answer"))
        clock.advance(minutes=20)
    words = said(mia.opens(f"{BOARD}?l=pl"))
    assert "Synerise" in words
    words = said(mia.opens(BOARD))
    assert "because it does not answer" in words
    assert "80 min since 2026-05-04 10:11:12 UTC" in words
    assert "Opt-outs are waiting warning default" in words


@on_sqlite
def test_a_lane_is_paused_and_resumed_with_a_button_and_both_are_noted(mia, database, clock, drained):
    record(database, decision(clock))
    page = mia.opens(BOARD)
    answer = mia.presses(page, f"{BOARD}/default/synerise/pause", why="maintenance <there>")
    assert answer.status_code == 303
    words = said(mia.opens(BOARD))
    assert "paused by hand since 2026-05-04 10:11 UTC by mia" in words
    assert "The reason: maintenance <there>" in words
    assert drained().told == []
    page = mia.opens(BOARD)
    for _ in range(2):
        assert mia.presses(page, f"{BOARD}/default/synerise/resume").status_code == 303
    assert len(drained().told) == 1
    with database.reading() as session:
        deeds = session.execute(select(Deed.action, Deed.workspace, Deed.name).order_by(Deed.id)).all()
    assert deeds == [("paused-lane", "default", "mia"), ("resumed-lane", "default", "mia")]


@on_sqlite
def test_any_reason_is_taken(mia, database):
    page = mia.opens(BOARD)
    for why in ("", "x" * 5000, "\x00\u202e 💩\n" * 9, "' OR 1=1 --"):
        assert mia.presses(page, f"{BOARD}/default/synerise/pause", why=why).status_code == 303
        assert mia.opens(BOARD).status_code == 200
        with database.reading() as session:
            assert all(len(lane.stopped_why) <= 255 for lane in session.scalars(select(Lane)))


@on_sqlite
def test_only_an_operator_sees_the_sign_and_only_of_their_own(mia, database, clock, drained, signed_in_as):
    record(database, decision(clock))
    drained(tell=lambda _: Misconfigured("the key is wrong"))
    for grants, sees in (
        ({"default": "operator"}, True),
        ({"default": "marketer"}, False),
        ({"other": "operator", "default": "marketer"}, False),
    ):
        signed_in_as("ola", **grants)
        assert ("1 alarm" in said(mia.opens("/console/themes"))) is sees


@on_sqlite
def test_a_destination_that_there_is_not_cannot_be_paused(mia):
    page = mia.opens(BOARD)
    assert mia.presses(page, f"{BOARD}/default/nowhere/pause").status_code == 404
    assert mia.presses(page, f"{BOARD}/nobody/synerise/resume").status_code == 404


def test_every_alarm_has_words_for_the_page():
    assert set(worded.ALARMS) == set(worded.REMEDIES) == set(MEANINGS)
    assert set(worded.LEVELS) == set(KINDS)
