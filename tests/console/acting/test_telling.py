"""Telling again and sending the link, in the console."""

import pytest

from resign.outbox.contract import Accepted, Refused, Unreachable
from resign.profile import Profile
from tests.console.acting.conftest import SOUND, said
from tests.support.decisions import states
from tests.support.looked_after import person_path

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_refused_opt_out_is_told_again(support, people, database):
    people.decides()
    people.is_told(lambda _: Refused("refused (400)"))
    page = support.opens("tell-again")
    for words in (
        "Out of newsletter, decided",
        "Synerise: It was refused",
        "refused (400)",
        "No new decision is made",
    ):
        assert words in said(page), words
    story = said(support.follows(support.presses(page)))
    assert "Synerise is being told again." in story
    assert "Ada had Synerise told again." in story
    people.is_told(lambda _: Accepted())
    assert states(database) == ["confirmed"]


def test_the_second_of_two_staff_is_shown_what_the_first_did(support, people):
    people.decides()
    people.is_told(lambda _: Refused("refused (400)"))
    page = support.opens("tell-again")
    support.is_("Mia").presses(page)
    answer = support.is_("Ada").presses(page)
    assert answer.status_code == 409
    assert "Mia had Synerise told again, just now." in said(answer)
    assert support.presses(answer).status_code == 303


def test_what_was_answered_meanwhile_is_shown_first(support, people):
    people.decides()
    people.is_told(lambda _: Unreachable("away"))
    page = support.opens("tell-again")
    people.clock.advance(minutes=20)
    people.is_told()
    answer = support.presses(page)
    assert answer.status_code == 409
    assert "What Synerise was told or answered has changed." in said(answer)
    assert "the profile was read back and said so" in said(answer)


def test_an_opt_in_is_told_with_a_warning_and_only_where_it_was_never_taken(support, people):
    people.decides()
    people.decides(choice="opt-in")
    people.is_told(lambda _: Refused("refused (400)"))
    assert "told again, it switches mails on" in said(support.opens("tell-again"))
    support.does("tell-again")
    people.is_told()
    page = support.opens("tell-again")
    assert "There is nothing that could be told again now." in said(page)
    assert '<button type="submit">Tell again' not in page.text


def test_a_link_is_sent_by_the_way_of_the_lost_ones_once_an_hour(support, people):
    people.decides()
    page = support.opens("send-link")
    assert "a mail with a link to a•••@example.com" in said(page)
    assert "Synerise is asked to send the mail with the link." in said(support.follows(support.presses(page)))
    assert "A mail with a link is on its way already" in said(support.opens("send-link"))
    again = support.presses(page)
    assert again.status_code == 409
    assert "Ada had a link sent, just now." in said(again)
    assert support.deeds() == [("Ada", "sent-link")]
    assert "Ada had a link sent." in said(support.opens())


def test_without_an_address_no_link_can_be_sent(support, people):
    numbered = Profile("customId", "C-1042")
    people.decides(numbered)
    support.path = person_path(numbered)
    page = support.opens("send-link")
    assert "No address of this person is known" in said(page)
    assert "Send the link</button>" not in page.text


def test_nothing_is_done_for_whom_retention_has_made_nameless(support, people, database):
    from sqlalchemy import update  # noqa: PLC0415

    from resign.ledger.tables import Decision  # noqa: PLC0415

    people.decides()
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None, owed=False))
        session.commit()
    for act in ("opt-out", "undo", "tell-again", "check-now"):
        page = support.opens(act)
        assert "is not kept any more, so nothing can be done from here" in said(page)
        sent = {"mark": [], **SOUND}
        sent["mark"] = page.text.split('name="mark" value="')[1].split('"')[0]
        assert support.client.post(f"{support.path}/{act}", data=sent).status_code in {409, 422}, act
    assert support.deeds() == []
