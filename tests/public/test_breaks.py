"""A break is an opt-out with an end: told at once, ended by the worker, and overtaken by whatever is said meanwhile."""

from datetime import UTC, datetime

import pytest
from babel import Locale
from babel.dates import format_date

from resign.i18n import Catalogues
from resign.keeping import Keeping
from resign.public.asked import Body
from tests.public.test_pages import heading
from tests.support.decisions import decision, record
from tests.support.person import FORM, ONE_CLICK

UNTIL = datetime(2026, 6, 4, tzinfo=UTC)


@pytest.fixture
def anna(somebody):
    return somebody()


@pytest.fixture
def keeping(anna, database, clock):
    return Keeping(database, anna.settings.workspaces, clock)


def decided(anna) -> list[tuple[str, str | None]]:
    return [(each.choice, each.until and each.until.date().isoformat()) for each in anna.decisions()]


def rests(anna, months: int = 1, query: str = ""):
    page = anna.opens(query)
    assert f'value="{months}" class="quiet"' in page.text
    return anna.client.post(
        f"{anna.path}/pause{query}",
        data={"page": page.text.partition('name="page" value="')[2][:16], "l": "en", "months": str(months)},
    )


def test_breaks_are_offered_below_the_button_and_only_where_the_workspace_has_them(anna, somebody):
    page = anna.opens().text
    assert page.index("Stop these emails") < page.index('name="months"')
    assert 'name="months"' not in somebody(RESIGN_PAUSES="off").opens().text


def test_a_break_is_an_opt_out_until_the_same_day_of_a_later_month(anna):
    page = rests(anna)
    assert page.status_code == 200
    assert heading(page) == "Your break has begun"
    assert "4 June 2026" in page.text
    [made] = anna.decisions()
    assert (made.choice, made.until, made.method) == ("opt-out", UNTIL, "page")
    assert made.page.endswith("/optout")


def test_a_break_ends_when_its_day_begins_in_the_workspaces_time_zone(somebody):
    anna = somebody(RESIGN_TIME_ZONE="America/New_York")
    assert "4 June 2026" in rests(anna).text
    [made] = anna.decisions()
    assert made.until == UNTIL.replace(hour=4)


@pytest.mark.parametrize("months", ["", "2", "0", "-1", "1.0", "\uff11", "99999999999999999999", "x", "01"])
def test_another_length_is_no_break(anna, months):
    answer = anna.client.post(f"{anna.path}/pause", data={"months": months, "l": "en"})
    assert answer.status_code == 200
    assert decided(anna) == []


def test_where_none_are_offered_none_is_taken(somebody):
    anna = somebody(RESIGN_PAUSES="off")
    anna.client.post(f"{anna.path}/pause", data={"months": "1"})
    assert decided(anna) == []


def test_looking_at_a_breaks_address_writes_nothing(anna):
    for method in ("GET", "HEAD", "OPTIONS"):
        assert anna.client.open(f"{anna.path}/pause", method=method).status_code == 200
    assert decided(anna) == []


def test_the_page_and_the_record_say_the_day_while_it_lasts(anna):
    rests(anna)
    assert heading(anna.opens()) == "You are on a break"
    assert "4 June 2026" in anna.opens().text
    assert "Until: 4 June 2026" in anna.client.get(f"{anna.path}/record").text


def test_the_day_is_said_as_each_language_says_it(anna):
    for language in Catalogues().languages:
        locale = Locale("en", "001") if language == "en" else Locale.parse(language)
        page = anna.client.post(f"{anna.path}/pause?l={language}", data={"months": "1", "l": language})
        assert page.headers["Content-Language"] == language
        assert format_date(UNTIL.date(), "long", locale) in page.text


def test_it_can_be_undone_at_once(anna, keeping):
    undone = anna.undoes(rests(anna))
    assert heading(undone) == "You are back in"
    anna.clock.advance(days=60)
    keeping.step()
    assert [choice for choice, _ in decided(anna)] == ["opt-out", "opt-in"]


def test_whoever_is_out_stays_out_for_good(anna):
    anna.presses()
    answer = anna.client.post(f"{anna.path}/pause", data={"months": "1", "l": "en"})
    assert heading(answer) == heading(anna.opens())
    assert decided(anna) == [("opt-out", None)]


@pytest.mark.parametrize("how", ["the button", "one click", "everything"])
def test_a_full_opt_out_during_the_break_makes_it_one_for_good(anna, how):
    page = rests(anna)
    if how == "the button":
        anna.presses(page, anna.path)
    elif how == "one click":
        anna.client.post(anna.path, data=ONE_CLICK, content_type=FORM)
    else:
        anna.stops_everything()
    assert decided(anna)[0] == ("opt-out", "2026-06-04")
    assert "4 June 2026" not in anna.opens().text
    assert "break" not in heading(anna.opens())
    assert "Until" not in anna.client.get(f"{anna.path}/record").text


def test_a_break_that_lost_the_race_against_a_full_opt_out_is_not_shown_as_one(anna, database, clock):
    """Both were pressed at once: the opt-out was written first, and the break did not see it."""
    record(database, decision(clock), decision(clock, until=UNTIL))
    page = anna.opens()
    assert "4 June 2026" not in page.text
    assert "break" not in heading(page)
    assert "Until" not in anna.client.get(f"{anna.path}/record").text
    assert heading(anna.client.post(f"{anna.path}/pause", data={"months": "1", "l": "en"})) == heading(page)


def test_another_break_replaces_the_first(anna):
    rests(anna)
    anna.clock.advance(days=1)
    anna.client.post(f"{anna.path}/pause", data={"months": "3", "l": "en"})
    assert decided(anna) == [("opt-out", "2026-06-04"), ("opt-out", "2026-08-05")]
    assert "5 August 2026" in anna.opens().text


def test_without_the_database_no_break_has_begun(anna, monkeypatch):
    def fail(*_args, **_more):
        raise OSError

    monkeypatch.setattr(anna.database, "writing", fail)
    answer = anna.client.post(f"{anna.path}/pause", data={"months": "1", "l": "en"})
    assert answer.status_code == 503
    assert "break has begun" not in answer.text


@pytest.mark.parametrize("kind", ["unread", "unreadable"])
def test_a_break_whose_length_was_not_read_is_not_passed_over_in_silence(anna, monkeypatch, kind):
    monkeypatch.setattr("resign.public.optout.body", lambda: Body(kind))
    answer = anna.client.post(f"{anna.path}/pause", data={"months": "1"})
    assert answer.status_code == 503
    assert decided(anna) == []


@pytest.mark.parametrize(
    "kind", ["unread", "unreadable", "none", "text", "other", "form", "one-click", "multipart"]
)
def test_only_a_press_on_a_page_undoes(anna, monkeypatch, kind):
    """Whatever else arrives at that address may be a mail program's stop."""
    anna.presses()
    monkeypatch.setattr("resign.public.optout.body", lambda: Body(kind))
    answer = anna.client.post(f"{anna.path}/undo")
    assert answer.status_code == (503 if kind in {"unread", "unreadable"} else 200)
    assert [choice for choice, _ in decided(anna)] == ["opt-out"]
