"""A person's page tells how they stand and the whole story, masked until somebody opens the address."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import update

from resign.ledger.tables import Decision
from resign.outbox.contract import Accepted, Busy, Confirmed, NoSuchProfile, Refused
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY
from tests.support.looked_after import person_path

# The whole way is gone on both engines in test_on_both_engines.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BY_ID = Profile("customId", "C-1042")


def said(page) -> str:
    return " ".join(unescape(page.text).split())


def test_how_they_stand_is_one_sentence_for_each_agreement(mia, people):
    people.decides()
    people.is_told()
    page = said(mia.opens(person_path()))
    assert "Out since 4 May 2026, 10:12 UTC. Synerise confirmed it 1.0 s later." in page
    people.clock.advance(days=1)
    people.decides(choice="opt-in")
    assert "In since 5 May 2026, 10:13 UTC. Recorded; nobody was told yet." in said(mia.opens(person_path()))


def test_pressing_again_does_not_change_since_when(mia, people):
    people.decides()
    people.clock.advance(days=3)
    people.decides()
    people.is_told()
    page = said(mia.opens(person_path()))
    assert "Out since 4 May 2026, 10:12 UTC. Said again 7 May 2026, 10:13 UTC. Synerise confirmed" in page


def test_stopping_everything_overrules_what_was_said_before(mia, people):
    people.decides(choice="opt-in")
    people.decides(agreement="all")
    page = said(mia.opens(person_path()))
    assert "Everything was stopped after that." in page
    assert "everything" in page


def test_what_was_switched_on_after_everything_was_stopped_is_said_of_everything(mia, people):
    people.decides(agreement="all")
    assert "Some of it was switched on again" not in said(mia.opens(person_path()))
    people.decides(choice="opt-in")
    assert "Some of it was switched on again after that." in said(mia.opens(person_path()))


def test_the_clock_of_48_hours_runs_until_it_is_known_everywhere(mia, people, clock):
    people.decides()
    people.is_told(lambda _: Busy(timedelta(hours=60)))
    clock.advance(hours=10)
    page = said(mia.opens(person_path()))
    assert "38 h of the 48 hours are left" in page
    assert "Asked to come back later" in page
    clock.advance(hours=41)
    late = mia.opens(person_path())
    assert "Overdue: the 48 hours ran out 3 h ago" in said(late)
    assert 'class="opt-out late"' in late.text


def test_the_story_is_told_in_words_with_its_evidence(mia, people):
    reference = people.decides(
        campaign="spring", language="pl", page="optout", shown="abc", method="one-click"
    )
    people.is_told(lambda _: Accepted("request-7"))
    people.decides(choice="opt-in")
    people.hears("message.sent", verdict="mailed-after", delay_seconds=7200)
    page = said(mia.opens(person_path()))
    for words in (
        "Opted out of newsletter.", "with the mail program's button", "spring", "polski", "optout", "abc", reference,
        "Told, and accepted.", "request-7", "Confirmed: the profile was read back", "Took the opt-out of newsletter back.",
        "A mail was sent 2 h after the opt-out was confirmed.", "2026-05-04 10:12:12 UTC",
    ):  # fmt: skip
        assert words in page, words


def test_what_was_refused_says_that_somebody_must_look(mia, people):
    people.decides()
    people.is_told(lambda _: Refused("refused (400)"))
    page = said(mia.opens(person_path()))
    assert "Synerise refused it: somebody has to look at it." in page
    assert "refused (400)" in page


def test_nobody_has_to_look_at_a_refusal_that_was_overtaken(mia, people):
    people.decides()
    people.is_told(lambda _: Refused("refused (400)"))
    people.decides()
    people.is_told()
    page = said(mia.opens(person_path()))
    assert "Synerise refused it; something newer was decided since." in page
    assert "Synerise refused it: somebody has to look at it." not in page


def test_an_opt_in_that_was_withheld_says_why(mia, people):
    number = Profile("customId", "c-1")
    people.decides(number)
    people.is_told(look=lambda _: Confirmed(email=ANNA.value))
    people.decides(number, "opt-in")
    people.decides(ANNA)
    people.is_told()
    page = said(mia.opens(person_path(number)))
    assert "Not told: something newer was decided, perhaps under another identifier" in page


def test_whoever_synerise_does_not_know_waits_for_a_profile(mia, people):
    people.decides()
    people.is_told(lambda _: NoSuchProfile())
    page = said(mia.opens(person_path()))
    assert "Synerise does not know this profile yet, and is told once it does." in page
    assert "Synerise is still to be told." not in page


def test_nothing_is_in_clear_until_somebody_opens_the_address(mia, people):
    people.decides()
    page = mia.opens(person_path())
    assert "a•••@example.com" in page.text
    assert "anna@" not in page.text
    opened = mia.presses(page, person_path())
    assert (opened.status_code, "anna@example.com" in opened.text) == (200, True)
    assert "anna@" not in mia.opens(person_path()).text
    assert [(deed.action, deed.workspace, deed.subject) for deed in people.deeds()] == [
        ("opened-person", "default", ANNA.digest(DIGEST_KEY)),
        ("opened-address", "default", ANNA.digest(DIGEST_KEY)),
    ]
    assert "mia looked at the address in clear." in said(mia.opens(person_path()))


def test_opening_is_noted_once_in_a_few_minutes(mia, people, clock):
    people.decides()
    people.decides(BORIS)
    for _ in range(3):
        mia.opens(person_path())
    mia.opens(person_path(BORIS))
    clock.advance(minutes=6)
    mia.opens(person_path())
    subjects = [deed.subject for deed in people.deeds() if deed.action == "opened-person"]
    assert subjects == [each.digest(DIGEST_KEY) for each in (ANNA, BORIS, ANNA)]


def test_an_address_without_our_mark_stays_closed(mia, people):
    people.decides()
    answer = mia.client.post(person_path(), data={"mark": "x"})
    assert (answer.status_code, "anna@" in answer.text) == (403, False)
    assert people.deeds() == []


def test_whoever_retention_has_emptied_says_so(mia, people, database):
    people.decides()
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.commit()
    page = mia.opens(person_path())
    assert "Somebody whose address is not kept" in page.text
    assert "It is not kept any more" in mia.presses(page, person_path()).text


def test_a_person_with_two_identities_is_one_story(mia, people):
    people.decides(BY_ID)
    people.hears("newsletter.unsubscribe", ANNA, BY_ID, verdict="known")
    page = mia.opens(person_path(ANNA))
    assert person_path(BY_ID) in page.text
    assert "named together by an event at Synerise" in page.text
    assert "•••42" in page.text
    assert "Opted out of newsletter." in page.text


def test_an_identity_that_only_an_event_names_leads_nowhere(mia, people):
    people.decides(ANNA)
    people.hears("newsletter.unsubscribe", ANNA, BY_ID, verdict="known")
    page = mia.opens(person_path(ANNA))
    assert "customId, under which nothing was decided here:" in said(page)
    assert person_path(BY_ID) not in page.text


def test_a_long_story_has_pages(mia, people, clock, database):
    for _ in range(101):
        people.decides()
    first = mia.opens(person_path())
    later = unescape(first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0])
    second = mia.opens(later)
    assert first.text.count('<li class="entry') == 100
    assert second.text.count('<li class="entry') == 1
    assert "From the beginning" in second.text
    odd = mia.opens(f"{person_path()}?after=%00'%F0%9F%92%A9")
    assert (odd.status_code, "this is the first one" in odd.text) == (200, True)


def test_nobody_is_404(mia, people):
    people.decides()
    for digest in ("0" * 32, "0" * 31, "G" * 32, "' OR 1=1 --", "%00", "🙂", ANNA.digest(DIGEST_KEY).upper()):
        assert mia.opens(f"/console/people/default/{digest}").status_code == 404, digest
        assert mia.opens(f"/console/people/default/{digest}?after=x").status_code == 404, digest
    assert mia.opens(f"/console/people/other/{ANNA.digest(DIGEST_KEY)}").status_code == 404
    assert people.deeds() == []


def test_only_support_of_this_workspace_sees_anything(mia, people, signed_in_as):
    people.decides()
    mark = mia.fields(mia.opens(person_path()))
    for status, grants in ((404, {"other": "support"}), (403, {"default": "marketer operator"})):
        signed_in_as("eve", **grants)
        for answer in (mia.opens(person_path()), mia.client.post(person_path(), data=mark)):
            assert answer.status_code == status
            assert "example.com" not in answer.text
    assert {deed.name for deed in people.deeds()} == {"mia"}


def test_where_a_decision_came_from_and_what_speaks_for_it_is_shown_without_an_address(mia, people):
    people.decides(
        choice="opt-in", method="import", origin="crm", evidence="signed by anna@example.com at the fair"
    )
    page = said(mia.opens(person_path()))
    assert "Came from crm" in " ".join(page.replace("<dt>", "").replace("</dt><dd>", " ").split())
    assert "signed by •••@example.com at the fair" in page
    assert "anna@" not in page
