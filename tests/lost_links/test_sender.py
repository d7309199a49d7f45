"""A request for a link ends in a mail from Synerise, once, or in a verdict; and the address is gone then."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from resign.ledger.tables import Consent
from resign.links import Links
from resign.lost_links.queue import LEASE, claim
from resign.lost_links.tables import LinkRequest
from resign.outbox.contract import Accepted, Busy, Misconfigured, NoSuchProfile, Refused, Unreachable
from resign.profile import Profile
from tests.lost_links.conftest import HOME, ScriptedWriter
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record


def steps(sender) -> int:
    count = 0
    while sender.step():
        count += 1
        assert count < 100
    return count


def test_a_link_goes_to_the_one_who_asked_and_opens(sender, asks, writer, requests, settings, clock):
    asks()
    asked_at = clock.now()
    clock.advance(seconds=3)
    assert steps(sender()) == 1
    [(profile, url, name, at)] = writer.sent
    assert (profile, at) == (ANNA, asked_at)
    assert url.startswith(f"{HOME}/u/")
    assert Links(settings.workspaces.values()).open(url.rpartition("/")[2]).profile == ANNA
    assert "anna" not in name
    [row] = requests()
    assert (row.verdict, row.email, row.settled_at) == ("sent", None, clock.now())


@pytest.mark.parametrize(
    ("outcome", "verdict"), [(NoSuchProfile("404"), "unknown"), (Refused("400"), "refused")]
)
def test_whoever_gets_none_is_settled_too(sender, asks, writer, requests, outcome, verdict):
    writer.say = lambda _: outcome
    asks()
    steps(sender())
    [row] = requests()
    assert (row.verdict, row.email) == (verdict, None)


def test_an_address_is_sent_one_link_an_hour_at_most(sender, asks, writer, verdicts, clock):
    one = sender()
    asks()
    steps(one)
    clock.advance(minutes=59)
    asks()
    steps(one)
    assert verdicts() == ["sent", "lately"]
    clock.advance(minutes=2)
    asks()
    steps(one)
    assert verdicts() == ["sent", "lately", "sent"]
    assert len(writer.sent) == 2


def test_another_spelling_of_the_same_address_is_the_same_person(sender, asks, writer, verdicts):
    asks()
    asks(Profile("email", "ANNA@example.com"))
    asks(BORIS)
    steps(sender())
    assert verdicts() == ["sent", "lately", "sent"]
    assert [profile for profile, *_ in writer.sent] == [ANNA, BORIS]


def test_a_second_request_waits_for_what_becomes_of_the_first(sender, asks, writer, verdicts, clock):
    writer.say = lambda _: Unreachable("down")
    one = sender()
    asks()
    steps(one)
    asks()
    clock.advance(seconds=20)
    steps(one)
    assert verdicts() == [None, None]
    writer.say = lambda _: Accepted()
    for _ in range(10):
        clock.advance(minutes=2)
        steps(one)
    assert verdicts() == ["sent", "lately"]


def test_after_an_unknown_address_the_next_request_is_looked_up_anew(sender, asks, writer, verdicts, clock):
    writer.say = lambda _: NoSuchProfile()
    asks()
    asks()
    one = sender()
    for _ in range(3):
        steps(one)
        clock.advance(seconds=2)
    assert verdicts() == ["unknown", "unknown"]


@pytest.mark.parametrize("outcome", [Busy(None, "429"), Unreachable("down"), Misconfigured("no key")])
def test_trouble_is_tried_again_as_the_same_event_until_it_is_over(
    sender, asks, writer, verdicts, clock, outcome
):
    writer.say = lambda _: outcome
    one = sender()
    asks()
    for _ in range(20):
        steps(one)
        clock.advance(minutes=5)
    assert verdicts() == [None]
    assert 2 < len(writer.sent) < 20
    writer.say = lambda _: Accepted()
    clock.advance(minutes=30)
    steps(one)
    assert verdicts() == ["sent"]
    assert len({(name, at) for _, _, name, at in writer.sent}) == 1


def test_synerise_says_how_long_to_wait(sender, asks, writer, verdicts, clock):
    writer.say = lambda _: Busy(timedelta(minutes=7), "429")
    one = sender()
    asks()
    steps(one)
    clock.advance(minutes=6)
    assert steps(one) == 0
    clock.advance(minutes=1)
    writer.say = lambda _: Accepted()
    steps(one)
    assert verdicts() == ["sent"]


def test_while_synerise_is_away_the_others_are_not_tried_one_by_one(sender, asks, writer, clock):
    writer.say = lambda _: Unreachable("down")
    for number in range(20):
        asks(Profile("email", f"p{number}@example.com"))
    one = sender()
    steps(one)
    assert len(writer.sent) == 1


def test_after_a_day_it_is_given_up_and_the_address_forgotten(sender, asks, writer, requests, clock):
    writer.say = lambda _: Unreachable("down")
    one = sender()
    asks()
    for _ in range(60):
        steps(one)
        clock.advance(minutes=30)
    [row] = requests()
    assert (row.verdict, row.email) == ("gave-up", None)
    assert clock.now() - row.at > timedelta(hours=24)
    tried = len(writer.sent)
    clock.advance(hours=2)
    assert steps(one) == 0
    assert len(writer.sent) == tried


def test_a_request_for_a_workspace_that_went_away_is_forgotten_too(sender, asks, writer, requests, clock):
    asks(workspace="gone")
    one = sender()
    assert steps(one) == 0
    clock.advance(hours=24)
    steps(one)
    [row] = requests()
    assert (row.verdict, row.email) == ("gave-up", None)
    assert writer.sent == []


def test_a_crashed_worker_costs_a_delay_and_no_second_mail(sender, asks, writer, verdicts, database, clock):
    asks()
    with database.writing() as session:
        assert claim(session, clock.now(), ["default"])
        session.commit()
    one = sender()
    assert steps(one) == 0
    clock.advance(seconds=LEASE.total_seconds())
    steps(one)
    assert verdicts() == ["sent"]


def test_who_was_too_slow_does_not_settle_what_is_in_other_hands(sender, asks, verdicts, database, clock):
    def overtaken(_profile):
        with database.writing() as session:
            session.execute(update(LinkRequest).values(due_at=clock.now() + timedelta(hours=1)))
            session.commit()
        return Accepted()

    asks()
    steps(sender(ScriptedWriter(overtaken)))
    assert verdicts() == [None]


def test_two_workers_send_no_link_twice(sender, asks, writer, verdicts, clock):
    for _ in range(3):
        for number in range(8):
            asks(Profile("email", f"p{number}@example.com"))

    def works():
        one = sender()
        for _ in range(60):
            one.step()

    workers = [threading.Thread(target=works) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    for _ in range(3):
        clock.advance(minutes=1)
        steps(sender())
    assert sorted(verdicts()) == ["lately"] * 16 + ["sent"] * 8
    assert len({profile for profile, *_ in writer.sent}) == len(writer.sent) == 8


def test_where_emails_are_not_unique_the_profile_is_found_through_the_ledger(
    sender, asks, writer, verdicts, database, workspace, clock
):
    settings = replace(workspace, synerise_emails="non-unique", synerise_attribute="mail_ok")
    known = Profile("customId", "C-1042")
    record(database, decision(clock, known))
    with database.writing() as session:
        session.add(
            Consent(
                workspace="default", digest=known.digest(DIGEST_KEY), agreement="newsletter", choice="opt-out",
                decision_seq=1, since=clock.now(), email=ANNA.value, email_digest=ANNA.digest(DIGEST_KEY),
            )
        )  # fmt: skip
        session.commit()
    asks()
    asks(BORIS)
    steps(sender(workspace=settings))
    assert verdicts() == ["sent", "unknown"]
    assert [profile for profile, *_ in writer.sent] == [known]


def test_no_log_names_the_address_or_the_link(sender, asks, writer, caplog, clock):
    for outcome in (Refused("code 1"), Misconfigured("no permission"), Unreachable("down")):
        writer.say = lambda _, outcome=outcome: outcome
        asks()
        steps(sender())
        clock.advance(hours=25)
        steps(sender())
    assert len(caplog.records) >= 4
    assert "anna" not in caplog.text
    assert "/u/" not in caplog.text


def test_while_one_worker_sends_the_link_another_does_not_send_it_for_the_second_request(
    sender, asks, writer, verdicts, clock
):
    other = sender(writer)

    def meanwhile(_profile):
        steps(other)
        return Accepted()

    asks()
    asks()
    steps(sender(ScriptedWriter(meanwhile)))
    clock.advance(minutes=10)
    steps(other)
    assert writer.sent == []
    assert verdicts() == ["sent", "lately"]
