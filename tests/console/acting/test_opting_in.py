"""An undo in the console: what it does is said, whoever acts second sees what changed, and all that was typed stays."""

import pytest

from resign.console.desk import Desk
from tests.console.acting.conftest import SOUND, form, said
from tests.support.decisions import choices
from tests.support.looked_after import person_path

ASKED = {**SOUND, "why": "asked"}


def without_a_mail(support, **typed):
    return support.does("undo", **{**ASKED, "do": "in", **typed})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_at_the_persons_own_request(support, people, database):
    people.decides()
    page = support.opens("undo")
    assert "This is a new decision: they get these mails again" in said(page)
    assert "mistake" not in said(page), "the person decided it themselves"
    answer = support.presses(page, **{**ASKED, "do": "in"})
    story = said(support.follows(answer))
    assert "Recorded: this person is in again." in story
    assert "She rang and asked." in story
    assert choices(database) == ["opt-out", "opt-in"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_first_button_has_the_mail_sent_and_changes_nothing(support, people, database):
    people.decides()
    answer = support.does("undo", **ASKED, do="confirm")
    assert "Synerise is asked to send the mail by which the person opts in" in said(support.follows(answer))
    assert choices(database) == ["opt-out"]
    assert support.deeds() == [("Ada", "asked-to-confirm")]
    assert "A mail to confirm newsletter was asked for." in said(support.opens())


def test_an_opt_out_that_was_not_seen_wins_and_pressing_again_goes_through(support, people, database):
    people.decides()
    page = support.opens("undo")
    people.decides()
    answer = support.presses(page, **{**ASKED, "do": "in"})
    assert answer.status_code == 409
    assert "The person opted out themselves (newsletter), just now." in said(answer)
    assert {name: [value] for name, value in ASKED.items()}.items() <= form(answer).items()
    assert choices(database) == ["opt-out", "opt-out"]
    assert support.presses(answer, do="in").status_code == 303
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]


def test_the_second_of_two_staff_sees_what_the_first_did(support, people, database, clock):
    people.decides()
    page = support.opens("undo")
    support.is_("Mia").does("opt-out", **SOUND)
    clock.advance(seconds=70)
    answer = support.is_("Ada").presses(page, **{**ASKED, "do": "in"})
    assert answer.status_code == 409
    assert "Mia opted this person out (newsletter), a minute ago." in said(answer)
    clock.advance(minutes=5)
    support.is_("Mia").presses(answer, do="in")
    again = support.is_("Ada").presses(answer, do="in")
    assert again.status_code == 409
    assert "Mia opted this person in (newsletter), just now." in said(again)
    assert "There is nothing to take back" in said(again)
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mistake_of_ours_is_mended_for_a_day(support, people, database, clock):
    people.decides(choice="opt-in")
    support.does("opt-out", **SOUND)
    page = support.opens("undo")
    assert "Our mistake: we opted out the wrong person" in said(page)
    answer = support.presses(page, agreement="newsletter", why="mistake", basis="The wrong line.", do="in")
    assert answer.status_code == 303
    assert choices(database) == ["opt-in", "opt-out", "opt-in"]
    support.does("opt-out", **SOUND)
    page = support.opens("undo")
    clock.advance(hours=25)
    late = support.presses(page, agreement="newsletter", why="mistake", basis="The wrong line.", do="in")
    assert late.status_code == 409
    assert "This cannot be mended as our mistake" in said(late)
    assert form(late)["basis"] == ["The wrong line."]
    assert "Our mistake" not in said(late)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"why": ""}, "Choose why"),
        ({"why": "because"}, "Choose why"),
        ({"agreement": []}, "Choose what it is about"),
        ({"basis": ""}, "Say on what this rests"),
        ({"basis": "anna@example.com wants in"}, "This holds an e-mail address"),
        ({"channel": ""}, "Choose how the person asked"),
        ({"asked_on": "tomorrow"}, "This is no day"),
    ],
)
def test_without_a_basis_nothing_is_undone(support, people, database, wrong, words):
    people.decides()
    page = without_a_mail(support, **wrong)
    assert page.status_code == 422
    assert words in said(page)
    assert choices(database) == ["opt-out"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_in_already_cannot_be_opted_in(support, people, database):
    people.decides(choice="opt-in")
    page = support.opens("undo")
    assert "There is nothing to take back: this person is in" in said(page)
    people.decides()
    sent = form(support.opens("undo"))
    people.decides(choice="opt-in")
    for more in ({}, {"agreement": "horses"}, {"seen": "9-9"}):
        answer = support.client.post(f"{support.path}/undo", data={**sent, **ASKED, "do": "in", **more})
        assert answer.status_code in {409, 422}
    assert choices(database) == ["opt-in", "opt-out", "opt-in"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_nobody_confirms_by_mail_there_is_one_button(support, people, database, desk: Desk):
    object.__setattr__(desk.workspaces["default"], "double_opt_in", "off")
    people.decides()
    page = support.opens("undo")
    assert "Send the mail to confirm" not in said(page)
    assert support.presses(page, **ASKED, do="confirm").status_code == 303
    assert choices(database) == ["opt-out", "opt-in"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_acts_are_on_the_persons_page(support, people):
    people.decides()
    page = support.opens()
    for act in ("opt-out", "undo", "tell-again", "check-now", "send-link"):
        assert f'href="{person_path()}/{act}"' in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_that_says_something_else_says_nothing(support, people):
    people.decides()
    for told in ("x", "<script>", "opted-out%00", "%f0%9f%99%82"):
        page = support.client.get(f"{support.path}?said={told}")
        assert page.status_code == 200
        assert 'class="well"' not in page.text
