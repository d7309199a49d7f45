"""After "stop everything" one press takes it back: what it switched off is on again, and nothing else (B9)."""

import pytest

from resign.public import preferring
from tests.public.test_pages import heading
from tests.support.decisions import decision, record
from tests.support.person import FORM, ONE_CLICK

EVERYTHING_OFF = {"newsletter": "off", "wine": "off", "post": "off"}


@pytest.fixture
def anna(somebody):
    return somebody()


@pytest.fixture
def wine(anna, database, clock):
    """Anna is in, has wine, and has said no to letters."""
    record(database, decision(clock, choice="opt-in", agreement="wine"), decision(clock, agreement="post"))
    clock.advance(minutes=1)
    return anna


def newer(anna, since: int) -> list[tuple[str, str, str]]:
    return [(each.agreement, each.choice, each.method) for each in anna.decisions()[since:]]


def test_what_was_on_is_on_again_and_what_was_off_stays_off(wine):
    stopped = wine.stops_everything()
    before = len(wine.decisions())
    assert heading(wine.undoes(stopped)) == "Your choices are saved"
    assert newer(wine, before) == [
        ("newsletter", "opt-in", "preferences"),
        ("wine", "opt-in", "preferences"),
    ]
    assert wine.stands() == {"newsletter": "on", "wine": "on", "post": "off"}


def test_pressed_twice_or_looked_at_it_is_one_undo(wine):
    stopped = wine.stops_everything()
    wine.undoes(stopped)
    after = len(wine.decisions())
    assert wine.undoes(stopped).status_code == 200
    assert wine.client.get(f"{wine.preferences}/undo").status_code == 200
    assert len(wine.decisions()) == after


def test_stopped_twice_the_undo_goes_back_to_before_the_first(wine):
    wine.stops_everything()
    stopped = wine.stops_everything()
    wine.undoes(stopped)
    assert wine.stands()["wine"] == "on"


@pytest.mark.parametrize("button", [ONE_CLICK, None], ids=["mail program", "a form that was sent by nobody"])
def test_without_a_stop_of_the_persons_own_nothing_is_switched_on(anna, database, clock, button):
    record(database, *(decision(clock, agreement=name, method="staff") for name in ("newsletter", "all")))
    anna.client.post(f"{anna.preferences}/undo", data=button or {}, content_type=FORM)
    assert newer(anna, 2) == []


def test_a_mail_programs_button_switches_nothing_on(wine):
    wine.stops_everything()
    wine.client.post(f"{wine.preferences}/undo", data=ONE_CLICK, content_type=FORM)
    assert wine.stands() == EVERYTHING_OFF


def test_what_the_form_says_of_before_is_not_believed(anna):
    """Whoever holds the link must not get round the confirmation: `was.wine` comes from the browser."""
    anna.client.post(anna.preferences, data={"stop": "all", "was.wine": "on", "was.post": "on", "l": "en"})
    anna.client.post(f"{anna.preferences}/undo", data={"l": "en", "page": "0" * 16})
    assert anna.stands() == {"newsletter": "on", "wine": "off", "post": "off"}


def test_a_no_that_came_later_stands(wine):
    stopped = wine.stops_everything()
    wine.clicks_once()
    wine.undoes(stopped)
    assert wine.stands() == {"newsletter": "off", "wine": "on", "post": "off"}


def test_after_a_day_it_is_too_late(wine):
    stopped = wine.stops_everything()
    wine.clock.advance(hours=25)
    wine.undoes(stopped)
    assert wine.stands() == EVERYTHING_OFF


def test_somebody_on_a_break_is_not_switched_on_before_its_end(somebody):
    anna = somebody(RESIGN_PAUSES="1")
    anna.presses(anna.opens(), "/pause")
    anna.clock.advance(minutes=1)
    anna.undoes(anna.stops_everything())
    assert anna.stands()["newsletter"] == "off"


def test_an_opt_out_between_the_look_and_the_undo_stands(wine, monkeypatch):
    stopped = wine.stops_everything()
    looked = preferring._restorable

    def slowly(visit):
        found = looked(visit)
        wine.clicks_once()
        return found

    monkeypatch.setattr(preferring, "_restorable", slowly)
    wine.undoes(stopped)
    assert wine.stands() == EVERYTHING_OFF


def test_without_the_database_nothing_is_called_undone(wine, monkeypatch):
    stopped = wine.stops_everything()

    def fail(*_args, **_more):
        raise OSError

    monkeypatch.setattr(wine.database, "writing", fail)
    assert wine.undoes(stopped).status_code == 503
