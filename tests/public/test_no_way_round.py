"""Ways in which an opt-out could get lost, or somebody be switched on, that were once open."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from resign.keeping import Keeping
from resign.ledger.tables import Consent, Pause, Reason
from resign.lost_links.tables import LinkRequest
from resign.profile import Profile
from resign.public import optout, preferring
from tests.support.decisions import decision, record

AT_ONCE = {"RESIGN_DOUBLE_OPT_IN": "off"}
CHAIR = Profile("customId", "chair-7")


@pytest.fixture
def anna(somebody):
    return somebody(**AT_ONCE)


def said(anna) -> list[tuple[str, str]]:
    return [(each.agreement, each.choice) for each in anna.decisions()]


def pauses(anna):
    return anna.client.post(f"{anna.path}/pause", data={"page": "0" * 16, "l": "en", "months": "1"})


def test_a_no_on_a_break_is_for_good(anna, clock, database, settings):
    pauses(anna)
    clock.advance(days=2)
    assert anna.stands()["newsletter"] == ""
    assert "Nothing has changed" in anna.chooses().text
    answer = anna.chooses(newsletter="off", wine="off")
    assert "saved" in answer.text
    assert ("newsletter", "opt-out") in said(anna)[1:]
    assert anna.decisions()[-2].until is None or anna.decisions()[-1].until is None
    clock.advance(days=60)
    Keeping(database, settings.workspaces, clock).step()
    assert [choice for agreement, choice in said(anna) if agreement == "newsletter"][-1] == "opt-out"


def test_a_no_in_a_stale_tab_is_recorded(anna, database, clock):
    record(database, decision(clock))
    stale = anna.form(newsletter="off")
    clock.advance(minutes=1)
    record(database, decision(clock, choice="opt-in"))
    clock.advance(minutes=1)
    assert anna.client.post(anna.preferences, data=stale).status_code == 200
    assert said(anna)[-1] == ("newsletter", "opt-out")


def test_a_break_on_one_link_does_not_end_over_a_stop_on_another(anna, clock, database, settings):
    """The address that reading the profile back taught us says that both are one person."""
    key = settings.workspaces["default"].digest_key.encode()
    clock.advance(days=1)
    until = clock.now() + timedelta(days=30)
    record(database, decision(clock, CHAIR, until=until))
    keeping = Keeping(database, settings.workspaces, clock)
    with database.writing() as session:
        session.execute(
            insert(Consent).values(
                workspace="default", digest=CHAIR.digest(key), agreement="newsletter", choice="opt-out",
                decision_seq=1, since=clock.now(), email="anna@example.com", email_digest=anna.profile.digest(key),
            )
        )  # fmt: skip
        session.execute(insert(Pause).values(decision_seq=1, workspace="default", ends_at=until))
        session.commit()
    anna.stops_everything()
    clock.advance(days=40)
    keeping.step()
    assert "opt-in" not in [choice for _, choice in said(anna)]


def test_an_opt_out_that_comes_between_the_look_and_the_undo_stands(anna, clock, monkeypatch):
    done = anna.presses()
    clock.advance(minutes=1)
    looked = optout.may_undo

    def slowly(*given):
        found = looked(*given)
        assert anna.clicks_once().status_code == 200
        return found

    monkeypatch.setattr(optout, "may_undo", slowly)
    answer = anna.undoes(done)
    assert "already out" in answer.text
    assert said(anna) == [("newsletter", "opt-out")] * 2


def test_an_opt_out_that_comes_between_the_look_and_the_confirmation_stands(somebody, clock, monkeypatch):
    anna = somebody()
    anna.chooses(newsletter="on")
    clock.advance(minutes=1)
    path = anna.confirming("newsletter")
    looked = preferring._confirmable

    def slowly(*given):
        found = looked(*given)
        if not anna.decisions():
            clock.advance(seconds=1)
            assert anna.clicks_once().status_code == 200
        return found

    monkeypatch.setattr(preferring, "_confirmable", slowly)
    answer = anna.client.post(path, data={"l": "en", "page": "0" * 16})
    assert answer.status_code == 409
    assert said(anna) == [("newsletter", "opt-out")]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_mail_programs_button_never_undoes(anna, kind):
    anna.presses()
    sent = b"List-Unsubscribe=One-Click"
    if "multipart" in kind:
        sent = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    anna.client.post(f"{anna.path}/undo", data=sent, content_type=kind)
    assert said(anna) == [("newsletter", "opt-out")]


def test_everything_that_was_stopped_holds_for_an_agreement_that_came_later_whatever_the_profile_says(
    anna, somebody
):
    anna.stops_everything()
    later = '\n[later]\nattribute = "later"\ntitle = { en = "Later" }\n'
    more = somebody(RESIGN_AGREEMENTS=later)
    assert more.stands()["later"] == "off"


def test_somebody_whose_profile_is_off_gets_no_break_that_would_switch_them_on(anna, monkeypatch):
    monkeypatch.setattr(optout, "is_off_there", lambda _: True)
    answer = pauses(anna)
    assert "You are out" in answer.text
    assert anna.decisions()[-1].until is None


def test_asking_to_confirm_over_and_over_is_one_request(somebody, database):
    anna = somebody()
    for _ in range(20):
        anna.chooses(newsletter="on", wine="on")
    with database.reading() as session:
        assert len(session.scalars(select(LinkRequest)).all()) == 2


def test_after_thirty_days_an_answer_is_not_found_by_its_campaign(anna, database, clock, settings):
    anna.presses(anna.opens("?c=mail-8f3a91"))
    anna.client.post(f"{anna.path}/reason?c=mail-8f3a91", data={"reason": "too-many", "l": "en"})
    clock.advance(days=31)
    Keeping(database, settings.workspaces, clock).step()
    with database.reading() as session:
        kept = session.scalars(select(Reason)).one()
    assert (kept.decision, kept.campaign) == (None, None)


def test_a_press_from_a_page_that_nobody_knows_makes_no_seven_hundred_pages(anna):
    begun = time.process_time()
    for language in ("en", "xx", "en", "", "x" * 500):
        assert anna.client.post(anna.path, data={"page": "f" * 16, "l": language}).status_code == 200
    assert time.process_time() - begun < 3
    assert len(anna.decisions()) == 5
