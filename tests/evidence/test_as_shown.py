"""Every page that somebody decided on comes back byte for byte, years and key rotations later (C2)."""

import dataclasses
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import update

from resign.evidence.as_shown import CannotShow, as_shown, title_of
from resign.i18n import Catalogues
from resign.ledger.tables import Decision
from resign.links import Links
from resign.outbox.tables import MessageRow


@pytest.fixture
def shown_again(database, settings):
    """The newest decision's page, by keys that have been rotated since."""

    def again() -> bytes:
        workspace = settings.workspaces["default"]
        later = dataclasses.replace(workspace, keys=(*workspace.keys, ("k9", "a-key-of-years-later")))
        with database.reading() as session:
            newest = session.query(Decision).order_by(Decision.seq.desc()).first()
            catalogues = Catalogues()
            title = title_of(later, newest, catalogues)
            return as_shown(session, newest, Links([later]), catalogues, title).content

    return again


def hidden(page) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("query", ["", "?c=spring%20sale%26more&l=de", "?l=ar&utm_source=x"])
def test_the_page_of_an_opt_out_comes_back(anna, shown_again, query):
    page = anna.opens(query)
    anna.presses(page)
    assert shown_again() == page.data


def test_the_page_of_an_undo_comes_back(anna, clock, shown_again):
    done = anna.presses(anna.opens("?l=pl"))
    clock.advance(minutes=3)
    anna.undoes(done)
    assert shown_again() == done.data


def test_the_page_of_somebody_who_was_out_comes_back(anna, clock, shown_again):
    anna.presses()
    clock.advance(days=2)
    out = anna.opens("?c=autumn")
    anna.presses(out)
    assert shown_again() == out.data


def test_the_page_that_said_confirmed_comes_back_with_its_time(anna, clock, database, shown_again):
    anna.presses()
    at = clock.now() + timedelta(seconds=2)
    with database.writing() as session:
        session.add(
            MessageRow(
                decision_seq=1, destination="synerise", workspace="default", subject="x", agreement="newsletter",
                state="confirmed", due_at=at, outcome="confirmed", accepted_at=at, confirmed_at=at,
            )
        )  # fmt: skip
        session.commit()
    clock.advance(days=1, minutes=5)
    page = anna.opens()
    assert "Confirmed by the mailing system" in page.text
    anna.presses(page)
    assert shown_again() == page.data


def test_a_break_and_the_page_about_it_come_back(anna, clock, shown_again):
    page = anna.opens("?l=de")
    paused = anna.client.post(f"{anna.path}/pause", data={**hidden(page), "months": "1"})
    assert shown_again() == page.data
    clock.advance(minutes=1)
    anna.presses(paused)
    assert shown_again() == paused.data
    assert anna.decisions()[-1].until is None


def test_a_preference_centre_comes_back_with_what_was_marked(anna, shown_again):
    anna.presses()
    page = anna.client.get(f"/p/{anna.token}?c=spring&l=de")
    answer = anna.client.post(f"/p/{anna.token}?c=spring", data={**hidden(page), "to.wine": "off"})
    assert answer.status_code == 200
    assert b" checked" in page.data
    assert shown_again() == page.data


@pytest.mark.parametrize("language", ["en", "pl", "ar"])
def test_a_preference_centre_comes_back_with_what_stood_beside_the_questions(
    anna, clock, shown_again, language
):
    """On a break, and with an email under way: also when both are long over."""
    anna.client.post(f"{anna.path}/pause", data={**hidden(anna.opens()), "months": "1"})
    anna.chooses(wine="on")
    page = anna.client.get(f"/p/{anna.token}?l={language}")
    assert (b'value="~2026-06-04"' in page.data, b'value="~asked"' in page.data) == (True, True)
    clock.advance(days=200)
    anna.client.post(f"/p/{anna.token}", data={**hidden(page), "to.wine": "off"})
    assert shown_again() == page.data


def test_what_was_marked_before_it_could_not_be_recorded_comes_back(anna, shown_again):
    anna.presses()
    page = anna.client.get(f"/p/{anna.token}")
    # A form of which nobody can say what was chosen.
    trouble = anna.client.post(f"/p/{anna.token}", data={**hidden(page), "to.wine": "off", "stop": "some"})
    assert (trouble.status_code, trouble.data.count(b" checked")) == (503, 2)
    assert b'name="was.wine" value="&gt;off"' in trouble.data
    anna.client.post(f"/p/{anna.token}", data={**hidden(trouble), "to.wine": "off"})
    assert anna.decisions()[-1].agreement == "wine"
    assert shown_again() == trouble.data


@pytest.mark.parametrize(
    "word",
    [
        "~",
        "~~",
        "on~",
        "x~asked",
        "~2026-02-30",
        "~0000-01-01",
        "~2026-06-04 ",
        "~asked!",
        "off>",
        "on~2026-06-04",
        "\u0661",
        "~" * 5000,
    ],
)
def test_what_no_page_of_ours_says_of_a_question_is_as_good_as_nothing(anna, shown_again, word):
    page = anna.client.get(f"/p/{anna.token}")
    sent = {**hidden(page), "was.newsletter": word, "to.newsletter": "off"}
    assert anna.client.post(f"/p/{anna.token}", data=sent).status_code == 200
    [made] = anna.decisions()
    assert "newsletter= " in f"{made.seen} "
    assert shown_again() == page.data


def test_the_page_of_stop_everything_comes_back(anna, shown_again):
    page = anna.client.get(f"/p/{anna.token}")
    anna.client.post(f"/p/{anna.token}", data={**hidden(page), "stop": "all"})
    assert shown_again() == page.data


def test_the_page_on_which_everything_was_taken_back_comes_back(anna, shown_again):
    stopped = anna.stops_everything()
    anna.clock.advance(minutes=3)
    anna.undoes(stopped)
    assert anna.decisions()[-1].choice == "opt-in"
    assert shown_again() == stopped.data


@pytest.mark.parametrize(
    ("agreement", "language", "called"),
    [
        ("wine", "de", "Wein und Bier"),
        ("wine", "fr", "Wine and beer"),
        ("newsletter", "en", "Marketing emails"),
        ("newsletter", "uk", "Маркетингові листи"),
    ],
)
def test_the_page_of_a_confirmation_comes_back(anna, shown_again, agreement, language, called):
    anna.chooses(**{agreement: "on"})
    path = anna.confirming(agreement)
    page = anna.client.get(f"{path}?l={language}")
    assert called in page.text
    anna.client.post(path, data=hidden(page))
    assert anna.decisions()[-1].choice == "opt-in"
    assert shown_again() == page.data


def test_what_was_made_without_a_page_or_without_an_address_says_so(anna, database, shown_again):
    anna.clicks_once()
    with pytest.raises(CannotShow, match="without a page"):
        shown_again()
    anna.presses()
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.commit()
    with pytest.raises(CannotShow, match="retention"):
        shown_again()


def test_a_text_that_was_changed_in_the_database_does_not_pass_for_the_page(anna, database, shown_again):
    from sqlalchemy import text  # noqa: PLC0415 - the one place that tampers

    page = anna.opens()
    anna.presses(page)
    with database.writing() as session:
        session.execute(text("UPDATE shown_pages SET text = replace(text, 'Stop', 'Keep')"))
        session.commit()
    with pytest.raises(CannotShow, match="changed"):
        shown_again()
