"""What is switched on is confirmed by e-mail first: asked for, sent once, pressed, told; and never after a newer "no" (B9)."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from resign.ledger.tables import Consent
from resign.links import Links, confirming
from resign.lost_links.sender import LostLinkSender
from resign.lost_links.tables import LinkRequest
from resign.notices.notice import Notice
from resign.notices.tables import NoticeRow
from resign.notices.taking import Taking
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from resign.public.asked import Body
from tests.lost_links.conftest import ScriptedWriter
from tests.notices.conftest import synerise, weigher
from tests.public.test_pages import heading
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record
from tests.support.person import FORM, ONE_CLICK

# Fixtures of another folder.
__all__ = ["synerise", "weigher"]


@pytest.fixture
def anna(somebody):
    return somebody()


@pytest.fixture
def mails(anna, database, clock):
    """Works off what was asked for; gives what the mails of the double opt-in hold, and fails on any other."""
    workspaces = anna.settings.workspaces
    confirmer = ScriptedWriter()
    lost = ScriptedWriter()

    def send() -> list[str]:
        sender = LostLinkSender(
            database, workspaces, Links(workspaces.values()), {"default": lost}, {"default": confirmer},
            clock, anna.settings.url_of,
        )  # fmt: skip
        while sender.step():
            pass
        assert lost.sent == []
        return [url for _, url, _, _ in confirmer.sent]

    return send


def decided(anna) -> list[tuple[str, str]]:
    return [(each.agreement, each.choice) for each in anna.decisions()]


def asks_for_wine(anna) -> str:
    """The path that the mail would lead to."""
    assert heading(anna.chooses(wine="on")) == "Look in your inbox"
    anna.clock.advance(minutes=5)
    return anna.confirming("wine")


def button(anna, path: str) -> dict[str, str]:
    page = anna.client.get(path)
    assert page.status_code == 200
    return page


def test_what_is_switched_on_is_asked_for_and_not_decided(anna, database):
    answer = anna.chooses(wine="on", newsletter="on")
    assert answer.status_code == 200
    assert decided(anna) == []
    with database.reading() as session:
        assert session.scalars(select(MessageRow.id)).all() == []
        asked = session.execute(select(LinkRequest.agreement, LinkRequest.kind)).all()
    assert sorted(map(tuple, asked)) == [("newsletter", "email"), ("wine", "email")]
    assert answer.text.count("an email asks you to confirm it") == 2


def test_what_is_switched_off_in_the_same_form_holds_at_once(anna):
    saved = anna.chooses(wine="on", newsletter="off")
    assert heading(saved) == "Your choices are saved"
    assert decided(anna) == [("newsletter", "opt-out")]
    assert "Not on yet: an email asks you to confirm it" in saved.text


def test_the_mail_goes_out_once_and_its_link_confirms(anna, mails):
    anna.chooses(wine="on")
    [url] = mails()
    assert url.startswith(f"{anna.settings.base_url}/c/")
    anna.clock.advance(minutes=5)
    anna.chooses(wine="on")
    assert mails() == [url]
    assert heading(anna.presses(anna.client.get(urlsplit(url).path))) == "You are in"
    assert decided(anna) == [("wine", "opt-in")]
    assert anna.stands()["wine"] == "on"


def test_each_agreement_has_a_mail_of_its_own(anna, mails):
    anna.chooses(wine="on", post="on")
    assert len(set(mails())) == 2


def test_looking_at_the_mails_link_writes_nothing(anna):
    path = asks_for_wine(anna)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert anna.client.open(path, method=method).status_code == 200
    assert decided(anna) == []


def test_the_decision_says_what_was_confirmed_and_on_which_page(anna):
    path = asks_for_wine(anna)
    anna.presses(anna.client.get(f"{path}?l=pl&c=spring"))
    [made] = anna.decisions()
    assert (made.agreement, made.choice, made.method, made.language) == (
        "wine",
        "opt-in",
        "preferences",
        "pl",
    )
    assert (made.campaign, made.body) == ("spring", "form")
    assert made.page.endswith("/confirm")


def test_pressed_twice_it_is_one_decision_and_both_times_in(anna):
    path = asks_for_wine(anna)
    page = anna.client.get(path)
    assert [heading(anna.presses(page)) for _ in range(2)] == ["You are in"] * 2
    assert heading(anna.client.get(path)) == "You are in"
    assert decided(anna) == [("wine", "opt-in")]


def test_after_seven_days_it_confirms_nothing(anna):
    path = asks_for_wine(anna)
    page = anna.client.get(path)
    anna.clock.advance(days=7)
    late = anna.presses(page)
    assert late.status_code == 409
    assert heading(late) == "This can no longer be confirmed"
    assert decided(anna) == []


def test_who_never_asked_is_not_signed_up_by_a_link(anna):
    path = anna.confirming("wine")
    assert anna.client.get(path).status_code == 409
    assert anna.client.post(path, data={}).status_code == 409
    assert decided(anna) == []


@pytest.mark.parametrize("refuse", ["choice", "stop", "one click"])
def test_after_a_newer_no_it_confirms_nothing(anna, refuse):
    path = asks_for_wine(anna)
    page = anna.client.get(path)
    if refuse == "choice":
        anna.chooses(wine="off")
    elif refuse == "stop":
        anna.stops_everything()
    else:
        anna.client.post(anna.preferences, data=ONE_CLICK, content_type=FORM)
    before = decided(anna)
    assert anna.presses(page).status_code == 409
    assert decided(anna) == before


OFFS = [
    # how it was switched off at Synerise, how long after it was asked for, and when that was heard here
    ("newsletter.unsubscribe", 60, 60),
    ("newsletter.unsubscribe", 60, 90),
    ("marketingAgreement.turnOff", 60, 61),
    # Their clock is slow.
    ("newsletter.unsubscribe", -4, 1),
]


@pytest.mark.parametrize("who", ["under the address", "under a number that was read back with it"])
@pytest.mark.parametrize("off", OFFS)
def test_after_a_newer_no_at_synerise_it_confirms_nothing(anna, database, clock, weigher, off, who):
    """She is out here already, so it adds nothing to what we hold, and no decision is made of it."""
    anna.presses()
    number = Profile("customId", "C-1")
    same = Consent(
        workspace="default", digest=number.digest(DIGEST_KEY), agreement="newsletter", choice="opt-out",
        decision_seq=1, since=clock.now(), email_digest=ANNA.digest(DIGEST_KEY),
    )  # fmt: skip
    with database.writing() as session:
        session.add(same)
        session.commit()
    clock.advance(minutes=30)
    asked = clock.now()
    anna.chooses(newsletter="on")
    link = anna.confirming("newsletter")
    opened = anna.client.get(link)
    action, minutes, heard = off
    clock.advance(minutes=heard)
    whom = ANNA if who == "under the address" else number
    notice = Notice("default", action, (whom,), at=asked + timedelta(minutes=minutes))
    Taking(database).keep(notice, DIGEST_KEY, clock.now())
    assert (anna.client.get(link).status_code, anna.presses(opened).status_code) == (409, 409)
    weigher.step()
    clock.advance(minutes=2)
    weigher.step()
    assert (anna.client.get(link).status_code, anna.presses(opened).status_code) == (409, 409)
    assert ("newsletter", "opt-in") not in decided(anna)
    clock.advance(minutes=10)
    anna.chooses(newsletter="on")
    assert anna.presses(anna.client.get(anna.confirming("newsletter"))).status_code == 200
    assert decided(anna)[-1] == ("newsletter", "opt-in")


@pytest.mark.parametrize(
    ("action", "minutes", "heard", "verdict"),
    [
        # Before it was asked for, and heard of then;
        ("newsletter.unsubscribe", -1, -1, None),
        ("marketingAgreement.turnOff", -30, -29, None),
        # the echo of her press, which came late;
        ("marketingAgreement.turnOff", -1, 1, None),
        # what was asked about, and was an echo.
        ("marketingAgreement.turnOff", 1, 2, "echo"),
    ],
)
def test_what_was_said_at_synerise_before_it_was_asked_for_is_no_newer_no(
    anna, database, clock, action, minutes, heard, verdict
):
    anna.presses()
    clock.advance(minutes=30)
    asked = clock.now()
    anna.chooses(newsletter="on")
    notice = Notice("default", action, (ANNA,), at=asked + timedelta(minutes=minutes))
    clock.advance(minutes=heard)
    Taking(database).keep(notice, DIGEST_KEY, clock.now())
    other = replace(notice, workspace="another", at=asked + timedelta(minutes=9))
    Taking(database).keep(other, DIGEST_KEY, asked + timedelta(minutes=9))
    with database.writing() as session:
        session.execute(update(NoticeRow).values(verdict=verdict))
        session.commit()
    clock.advance(minutes=60)
    assert anna.presses(anna.client.get(anna.confirming("newsletter"))).status_code == 200
    assert decided(anna)[-1] == ("newsletter", "opt-in")


def test_asked_for_again_after_the_no_it_can_be_confirmed(anna):
    asks_for_wine(anna)
    anna.stops_everything()
    anna.clock.advance(minutes=1)
    path = asks_for_wine(anna)
    anna.presses(anna.client.get(path))
    assert anna.stands() == {"newsletter": "off", "wine": "on", "post": "off"}


def test_a_link_from_before_the_no_stays_dead_when_it_is_asked_for_anew(anna, mails):
    anna.chooses(wine="on")
    [first] = mails()
    anna.stops_everything()
    anna.chooses(wine="on")
    _, second = mails()
    for method in ("GET", "POST"):
        late = anna.client.open(urlsplit(first).path, method=method)
        assert late.status_code == 409
        assert "a newer email has taken its place" in late.text
    assert anna.stands()["wine"] == ""
    assert heading(anna.presses(anna.client.get(urlsplit(second).path))) == "You are in"
    assert heading(anna.client.get(urlsplit(first).path)) == "This can no longer be confirmed"
    assert anna.stands()["wine"] == "on"


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
def test_two_clocks_that_differ_put_no_confirmation_over_a_newer_no(anna, seconds):
    """Two web machines: the one that takes the "no" is early or late by an hour."""
    anna.chooses(wine="on")
    path = anna.confirming("wine")
    anna.clock.advance(seconds=seconds)
    anna.stops_everything()
    anna.clock.advance(seconds=-seconds)
    assert anna.client.post(path, data={}).status_code == 409
    assert anna.stands()["wine"] == "off"


def test_asked_for_in_a_stopped_second_it_can_be_confirmed(anna):
    """The clock does not move at all: the order is the ledger's."""
    anna.stops_everything()
    anna.chooses(wine="on")
    path = anna.confirming("wine")
    assert heading(anna.presses(anna.client.get(path))) == "You are in"


def test_a_link_of_an_older_release_leads_to_the_page_for_what_came_too_late(anna):
    anna.chooses(wine="on")
    token = Links(anna.settings.workspaces.values()).mint("default", anna.profile, "confirm:wine")
    for method in ("GET", "POST"):
        late = anna.client.open(f"/c/{token}", method=method)
        assert late.status_code == 409
        assert heading(late) == "This can no longer be confirmed"
    assert decided(anna) == []


def test_somebody_who_cannot_decide_gets_three_mails_an_hour(anna, mails):
    for _ in range(5):
        anna.chooses(wine="on")
        mails()
        anna.stops_everything()
    assert len(mails()) == 3
    anna.chooses(wine="on")
    anna.clock.advance(hours=1)
    assert len(mails()) == 4
    assert heading(anna.presses(anna.client.get(urlsplit(mails()[-1]).path))) == "You are in"


def test_an_opt_in_from_before_it_was_asked_for_is_no_confirmation(anna, database, clock):
    """The ledger says in, the profile was switched off elsewhere: what is confirmed has to be told."""
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    clock.advance(minutes=1)
    form = anna.form(wine="on")
    anna.client.post(anna.preferences, data={**form, "was.wine": "off"})
    clock.advance(minutes=1)
    path = anna.confirming("wine")
    assert heading(anna.client.get(path)) == "One press to confirm"
    anna.presses(anna.client.get(path))
    assert decided(anna) == [("wine", "opt-in"), ("wine", "opt-in")]


def test_a_mail_clients_stop_signs_nobody_up(anna):
    path = asks_for_wine(anna)
    anna.client.post(path, data=ONE_CLICK, content_type=FORM)
    anna.client.post(path, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
    assert decided(anna) == []


def test_no_door_opens_the_other_doors_link(anna):
    asks_for_wine(anna)
    [confirm] = [anna.confirming("wine").rpartition("/")[2]]
    for path in (
        f"/u/{confirm}",
        f"/p/{confirm}",
        f"/c/{anna.token}",
        f"/u/{confirm}/undo",
        f"/u/{confirm}/reason",
    ):
        for answer in (
            anna.client.get(path),
            anna.client.post(path, data=ONE_CLICK, content_type=FORM),
            anna.client.post(path, data={"stop": "all", "to.wine": "on"}),
        ):
            assert answer.status_code in {404, 405}, path
    assert decided(anna) == []


def test_a_link_for_an_agreement_that_is_gone_is_a_bad_link(anna, somebody):
    path = asks_for_wine(anna)
    assert somebody(RESIGN_AGREEMENTS="").client.get(path).status_code == 404
    token = Links(anna.settings.workspaces.values()).mint("default", anna.profile, confirming("all", 1))
    assert anna.client.post(f"/c/{token}", data={}).status_code == 404


def test_the_newsletter_is_confirmed_like_any_other(anna):
    anna.presses()
    anna.clock.advance(days=2)
    anna.chooses(newsletter="on")
    anna.clock.advance(minutes=1)
    assert heading(anna.presses(anna.client.get(anna.confirming("newsletter")))) == "You are in"
    assert anna.decisions()[-1].choice == "opt-in"
    assert "already out" not in anna.opens().text


def test_where_the_workspace_asks_for_none_it_holds_at_once(somebody):
    anna = somebody(RESIGN_DOUBLE_OPT_IN="off")
    assert heading(anna.chooses(wine="on")) == "Your choices are saved"
    assert decided(anna) == [("wine", "opt-in")]


def test_without_the_database_nothing_is_called_confirmed(anna, monkeypatch):
    path = asks_for_wine(anna)
    page = anna.client.get(path)

    def fail(*_args, **_more):
        raise OSError

    monkeypatch.setattr(anna.database, "writing", fail)
    answer = anna.presses(page)
    assert answer.status_code == 503
    assert "You are in" not in answer.text


@pytest.mark.parametrize("kind", ["unread", "unreadable"])
def test_a_body_that_is_not_read_confirms_nothing_and_says_so(anna, monkeypatch, kind):
    """It may be a mail program's stop: in doubt nobody is switched on, and whoever pressed presses again."""
    path = asks_for_wine(anna)
    monkeypatch.setattr("resign.public.preferring.body", lambda: Body(kind))
    assert anna.client.post(path).status_code == 503
    assert "opt-in" not in [each.choice for each in anna.decisions()]
