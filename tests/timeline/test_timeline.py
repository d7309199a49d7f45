"""One person's story is whole, in order, of nobody else, and never loaded at once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from resign.ledger import pauses, reasons
from resign.ledger.tables import Decision
from resign.lost_links.requests import note, note_confirmation
from resign.lost_links.tables import LinkRequest
from resign.outbox.again import tell_again
from resign.outbox.contract import Accepted, Busy, Confirmed, Differs, Refused
from resign.profile import Profile
from resign.timeline import story as pages
from resign.timeline.entries import (
    Attempted,
    BreakEnded,
    Decided,
    LinkAsked,
    LinkSettled,
    Noticed,
    Overtaken,
)
from resign.timeline.sources import Asked, decisions
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision

BY_ID = Profile("customId", "C-1042")


def kinds(told):
    return [type(entry).__name__ for entry in told.entries]


def test_a_decision_its_attempts_and_its_confirmation_follow_each_other(decided, tell, story, newest):
    decided(campaign="spring", language="pl", page="optout", shown="abc", method="one-click")
    tell(lambda _: Accepted("request-7"))
    told = story()
    opted_out, accepted, confirmed = told.entries
    assert isinstance(opted_out, Decided)
    assert (opted_out.choice, opted_out.method, opted_out.campaign) == ("opt-out", "one-click", "spring")
    assert (opted_out.language, opted_out.page, opted_out.shown) == ("pl", "optout", "abc")
    assert opted_out.id == newest().id
    assert isinstance(accepted, Attempted)
    assert (accepted.phase, accepted.outcome, accepted.request_id) == ("tell", "accepted", "request-7")
    assert accepted.milliseconds >= 0
    assert isinstance(confirmed, Attempted)
    assert (confirmed.phase, confirmed.outcome) == ("read-back", "confirmed")
    assert opted_out.deliveries[0].state == "confirmed"
    assert opted_out.deliveries[0].confirmed_at == confirmed.at


def test_nobody_has_a_story(story):
    told = story()
    assert (told.entries, told.next_token) == ((), None)


def test_an_undo_and_what_it_overtook_are_told(decided, tell, story):
    decided()
    tell(lambda _: Busy(timedelta(hours=1)))
    decided(choice="opt-in")
    tell()
    told = story()
    assert kinds(told)[:2] == ["Decided", "Attempted"]
    assert [entry.is_undo for entry in told.entries if isinstance(entry, Decided)] == [False, True]
    [overtaken] = [entry for entry in told.entries if isinstance(entry, Overtaken)]
    assert overtaken.decision == told.entries[0].id
    assert told.entries[0].deliveries[0].state == "superseded"


def test_the_clock_runs_for_an_opt_out_that_is_not_confirmed_and_for_no_other(decided, tell, story, clock):
    decided(BORIS)
    tell()
    assert story(BORIS).entries[0].hours_left is None
    decided()
    assert story().entries[0].hours_left == 48
    tell(lambda _: Busy(timedelta(hours=60)))
    clock.advance(hours=50)
    assert story().entries[0].hours_left < -1.9
    decided(choice="opt-in")
    assert [entry.hours_left for entry in story().entries if isinstance(entry, Decided)] == [None, None]


def test_what_was_refused_is_dead_and_says_why(decided, tell, story):
    decided()
    tell(lambda _: Refused("refused (400)"))
    [opted_out, refused] = story().entries
    assert (refused.outcome, refused.reason) == ("refused", "refused (400)")
    assert opted_out.deliveries[0].state == "dead"
    assert opted_out.hours_left is not None


def test_a_drift_and_the_telling_anew_are_told(decided, tell, story, clock):
    decided()
    tell(lambda _: Accepted(), lambda _: Differs("it says enabled"))
    clock.advance(minutes=5)
    tell(lambda _: Accepted(), lambda _: Differs("it says enabled"))
    assert "drifted" in [entry.outcome for entry in story().entries if isinstance(entry, Attempted)]


def test_what_the_comparison_told_again_is_marked(decided, tell, story, database, clock):
    decided()
    tell()
    clock.advance(days=1)
    with database.writing() as session:
        row = session.execute(select(*Decision.__table__.c)).one()
        assert tell_again(
            session, row, "synerise", ANNA.subject(DIGEST_KEY), "found when comparing: on", clock.now()
        )
        session.commit()
    assert [entry.by_comparison for entry in story().entries if isinstance(entry, Attempted)] == [
        False,
        False,
        True,
    ]


def test_a_break_begins_and_ends(decided, tell, story, database, clock):
    decided(until=clock.now() + timedelta(days=30))
    tell()
    clock.advance(days=31)
    with database.writing() as session:
        pauses.end(session, clock.now(), {"default": DIGEST_KEY})
        session.commit()
    told = story()
    assert told.entries[0].until is not None
    [ended] = [entry for entry in told.entries if isinstance(entry, BreakEnded)]
    assert (ended.decision, ended.outcome) == (told.entries[0].id, "resumed")
    back = [entry for entry in told.entries if isinstance(entry, Decided) and entry.choice == "opt-in"]
    assert [(entry.actor, entry.is_undo) for entry in back] == [("end of a break", False)]


def test_the_reason_is_told_as_long_as_it_is_joined(decided, story, database, clock, newest):
    decided()
    with database.writing() as session:
        reasons.keep(session, newest(), code="too-many", words="every day!", language="en", now=clock.now())
        session.commit()
    [opted_out] = story().entries
    assert (opted_out.answer, opted_out.words) == ("too-many", "every day!")
    clock.advance(days=31)
    with database.writing() as session:
        reasons.unlink(session, clock.now())
        session.commit()
    [opted_out] = story().entries
    assert (opted_out.answer, opted_out.words) == (None, None)


def test_lost_links_and_confirmations_are_told_when_asked_and_when_sent(story, database, clock):
    digest = ANNA.digest(DIGEST_KEY)
    with database.writing() as session:
        note(session, ANNA, {"default": digest}, clock.now())
        note_confirmation(session, "default", ANNA, digest, "newsletter", clock.now() + timedelta(minutes=1))
        session.flush()
        first = session.scalars(select(LinkRequest).order_by(LinkRequest.id)).first()
        first.verdict, first.settled_at, first.email = "sent", clock.now() + timedelta(minutes=2), None
        session.commit()
    told = story()
    assert kinds(told) == ["LinkAsked", "LinkAsked", "LinkSettled"]
    lost, confirmation, sent = told.entries
    assert isinstance(lost, LinkAsked)
    assert (lost.agreement, confirmation.agreement) == (None, "newsletter")
    assert isinstance(sent, LinkSettled)
    assert sent.verdict == "sent"


def test_what_synerise_told_is_told(story, heard):
    heard("newsletter.unsubscribe", verdict="decided", way="ONECLICK_LINK")
    heard("message.sent", verdict="mailed-after", delay_seconds=7200, campaign="spring")
    off, sent = story().entries
    assert isinstance(off, Noticed)
    assert (off.subject, off.verdict, off.way) == ("off", "decided", "ONECLICK_LINK")
    assert (sent.subject, sent.verdict, sent.delay_seconds, sent.campaign) == (
        "sent",
        "mailed-after",
        7200,
        "spring",
    )


def test_nobody_elses_lines_are_in_it(decided, story, heard):
    decided(BORIS)
    decided(ANNA, workspace="other")
    heard("newsletter.unsubscribe", BORIS)
    assert story().entries == ()


def test_identities_that_one_event_names_together_are_one_person(decided, story, heard):
    decided(BY_ID)
    heard("newsletter.unsubscribe", ANNA, BY_ID, verdict="known")
    told = story(ANNA)
    assert [(each.kind, each.masked, each.how) for each in told.identities] == [
        ("email", "", "asked"),
        ("customId", BY_ID.masked(), "named"),
    ]
    assert kinds(told) == ["Decided", "Noticed"]


def test_an_address_that_was_read_back_joins_both_ways(decided, tell, story):
    decided(BY_ID)
    tell(lambda _: Accepted(), lambda _: Confirmed(email="Anna@example.com"))
    decided(ANNA)
    for profile in (ANNA, BY_ID):
        told = story(profile)
        assert {each.how for each in told.identities} == {"asked", "read-back"}
        assert [entry.digest for entry in told.entries if isinstance(entry, Decided)] == [
            BY_ID.digest(DIGEST_KEY),
            ANNA.digest(DIGEST_KEY),
        ]


def test_an_address_that_two_profiles_were_read_back_with_joins_neither(decided, tell, story):
    """It may have gone from one person to another; nobody may read the story of somebody else."""
    for name in ("C-1", "C-2"):
        decided(Profile("customId", name))
        tell(lambda _: Accepted(), lambda _: Confirmed(email="anna@example.com"))
    decided(ANNA)
    assert [each.how for each in story(ANNA).identities] == ["asked"]


def test_an_event_that_names_another_of_a_kind_parts_what_was_read_back(decided, tell, story, heard):
    decided(BY_ID)
    tell(lambda _: Accepted(), lambda _: Confirmed(email="anna@example.com"))
    heard("newsletter.unsubscribe", ANNA, Profile("customId", "C-9"), verdict="known")
    assert BY_ID.digest(DIGEST_KEY) not in {each.digest for each in story(ANNA).identities}


def test_pages_follow_each_other_without_a_gap_also_where_everything_happens_at_once(
    decided, tell, story, heard, clock
):
    for number in range(6):
        decided(choice="opt-out" if number % 2 else "opt-in")
        tell()
        heard("message.sent", verdict="fine")
    clock.advance(minutes=-1)
    heard("newsletter.unsubscribe", ANNA, BY_ID, verdict="known")
    whole = [entry.place for entry in story().entries]
    assert whole == sorted(whole)
    for limit in (1, 2, 5, 7):
        read, token = [], None
        while True:
            page = story(after=token, limit=limit)
            assert len(page.entries) <= limit
            read += [entry.place for entry in page.entries]
            token = page.next_token
            if token is None:
                break
        assert read == whole, limit


def test_a_page_that_does_not_exist_is_the_first_one(decided, story):
    decided()
    for token in ("", "x", "🙂", "A" * 23, "f" * 24, "' OR 1=1", "\x00"):
        told = story(after=token)
        assert (len(told.entries), told.bad_token) == (1, True), token


@given(st.text(max_size=40) | st.binary(max_size=20).map(lambda raw: raw.decode("latin-1")))
def test_no_text_breaks_the_reading_of_a_page(text):
    pages._read(text)


def test_ten_thousand_entries_are_read_a_page_at_a_time(database, clock, story):
    several = []
    for _ in range(10_000):
        clock.advance(seconds=1)
        several.append({**decision(clock, ANNA).row, "owed": False})
    with database.writing() as session:
        session.execute(insert(Decision), several)
        session.commit()
    asked = Asked("default", [ANNA.digest(DIGEST_KEY)], None, 100, clock.now())
    with database.reading() as session:
        assert len(decisions(session, asked)) == 101
    told = story(limit=100)
    assert len(told.entries) == 100
    assert told.next_token is not None


def test_a_page_has_at_least_one_entry_and_never_all_of_a_long_story(decided, story):
    for _ in range(3):
        decided()
    assert len(story(limit=0).entries) == 1
    assert len(story(limit=10**9).entries) == 3
