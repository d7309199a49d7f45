"""What the preference centre says of an agreement where neither of its two choices tells the truth."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from resign.ledger.hashed import plain_hash
from resign.ledger.tables import HashedOptOut
from resign.lost_links.tables import LinkRequest
from resign.notices.notice import Notice
from resign.notices.taking import Taking
from tests.public.test_breaks import rests
from tests.public.test_pages import heading
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record

ASKED = "Not on yet: an email asks you to confirm it"
RESTS = "No emails until 4 June 2026, then they begin again"


@pytest.fixture
def anna(somebody):
    return somebody()


def said(anna, query: str = "") -> dict[str, str]:
    """By agreement, where anything is said; a screen reader says it with the question."""
    page = anna.client.get(f"{anna.preferences}{query}").text
    for name in anna.stands():
        assert f'<fieldset aria-describedby="{name}-now">' in page
    return {name: words for name, words in re.findall(r'id="([a-z]+)-now">([^<]*)<', page) if words}


def test_where_a_mark_says_it_all_nothing_is_added(anna, clock, database):
    record(database, decision(clock), decision(clock, choice="opt-in", agreement="wine"))
    assert anna.stands() == {"newsletter": "off", "wine": "on", "post": ""}
    assert said(anna) == {}


def test_a_break_has_no_mark_and_its_day(anna):
    rests(anna)
    assert anna.stands()["newsletter"] == ""
    assert said(anna) == {"newsletter": RESTS}
    assert said(anna, "?l=pl") == {
        "newsletter": "Do 4 czerwca 2026 bez e-maili, potem znów zaczną przychodzić"
    }


def test_what_is_left_alone_on_a_break_stays_on_it(anna):
    rests(anna)
    saved = anna.chooses(wine="off").text
    assert re.search(r"Marketing emails</dt>\s*<dd>" + RESTS, saved)


def test_a_break_that_ends_in_an_older_opt_out_names_no_day(anna, clock, database):
    record(database, decision(clock), decision(clock, until=datetime(2026, 6, 4, tzinfo=UTC)))
    assert said(anna) == {}


def test_over_is_over(anna, clock, database):
    rests(anna)
    clock.advance(minutes=1)
    record(database, decision(clock, choice="opt-in"))
    assert said(anna) == {}


def test_what_an_email_asks_to_confirm_is_not_on_yet(anna):
    anna.chooses(wine="on")
    assert said(anna) == {"wine": ASKED}
    assert anna.stands()["wine"] == ""


def test_confirmed_it_is_on_and_needs_no_words(anna):
    anna.chooses(wine="on")
    anna.presses(anna.client.get(anna.confirming("wine")))
    assert (said(anna), anna.stands()["wine"]) == ({}, "on")


def test_after_a_week_nobody_can_confirm_it_any_more(anna, clock):
    anna.chooses(wine="on")
    clock.advance(days=7)
    assert said(anna) == {}


@pytest.mark.parametrize("verdict", ["unknown", "refused", "gave-up", "lately", "overtaken"])
def test_where_no_email_comes_none_is_promised(anna, database, verdict):
    anna.chooses(wine="on")
    with database.writing() as session:
        session.execute(update(LinkRequest).values(verdict=verdict))
        session.commit()
    assert said(anna) == {}


def test_a_newer_no_ends_the_wait(anna):
    anna.chooses(wine="on", newsletter="on")
    anna.clicks_once()
    assert said(anna) == {"wine": ASKED}
    anna.stops_everything()
    assert said(anna) == {}


def test_so_does_one_at_synerise(anna, clock, database):
    anna.chooses(newsletter="on")
    assert said(anna) == {"newsletter": ASKED}
    clock.advance(minutes=10)
    notice = Notice("default", "newsletter.unsubscribe", (ANNA,), at=clock.now())
    Taking(database).keep(notice, DIGEST_KEY, clock.now())
    assert said(anna) == {}


def test_where_nothing_is_confirmed_by_email_nothing_waits(somebody, anna):
    anna.chooses(wine="on")
    assert said(somebody(RESIGN_DOUBLE_OPT_IN="off")) == {}


def test_a_no_ends_the_wait_however_the_page_stood(anna, clock, database):
    """They are out already, and "nothing has changed" would leave a link that signs them up."""
    record(database, decision(clock, agreement="wine"))
    before = anna.form(wine="off")
    anna.chooses(wine="on")
    assert anna.stands()["wine"] == ""
    path = anna.confirming("wine")
    for sent in (anna.form(wine="off"), before):
        clock.advance(minutes=1)
        assert "Your choices are saved" in anna.client.post(anna.preferences, data=sent).text
        assert anna.client.get(path).status_code == 409
        anna.chooses(wine="on")
        path = anna.confirming("wine")
    assert [each.choice for each in anna.decisions()] == ["opt-out"] * 3


def test_a_break_that_a_list_of_hashes_ends_names_no_day(anna, clock, database):
    rests(anna)
    with database.writing() as session:
        at = clock.now() + timedelta(days=1)
        session.add(
            HashedOptOut(
                workspace="default",
                hash=plain_hash("anna@example.com"),
                kind="plain",
                agreement="newsletter",
                at=at,
            )
        )
        session.commit()
    assert (said(anna), anna.stands()["newsletter"]) == ({}, "off")
    assert heading(anna.opens()) == "You are already out"


def test_a_break_whose_day_has_come_and_that_nobody_ended_names_none(anna, clock):
    rests(anna)
    assert heading(anna.opens()) == "You are on a break"
    clock.advance(days=31)
    assert said(anna) == {}
    assert heading(anna.opens()) == "You are already out"


def test_a_hundred_breaks_are_no_break_any_more(anna, clock, database):
    for _ in range(101):
        rest = decision(clock, until=datetime(2026, 6, 4, tzinfo=UTC))
        record(database, rest)
    assert said(anna) == {}


def test_asked_for_during_a_break_the_email_is_what_is_told_of(anna):
    rests(anna)
    anna.chooses(newsletter="on")
    assert said(anna) == {"newsletter": ASKED}
