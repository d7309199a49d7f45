"""What Synerise tells becomes a decision where it adds something, is kept where it does not, and never goes back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from resign.db import Database
from resign.ledger.standings import standings
from resign.notices import weigher as weigher_module
from resign.notices.tables import NoticeRow
from resign.notices.weigher import OPT_OUTS_FIRST, Weigher
from resign.outbox.contract import Confirmed, Differs, Unreachable
from resign.outbox.standing import standing
from resign.profile import Profile
from tests.notices.seen import newest, verdicts
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, choices, decision, record
from tests.support.destination import ScriptedDestination

OFF, ON = "marketingAgreement.turnOff", "marketingAgreement.turnOn"
CARD = Profile("customId", "C-1042")


def test_an_opt_out_at_synerise_becomes_a_decision_with_its_evidence(database, clock, tell, weigher):
    happened = clock.now() - timedelta(minutes=3)
    tell("newsletter.unsubscribe", at=happened, campaign="Spring", way="ONECLICK_LINK")
    weigher.step()
    found = newest(database)
    assert (found.choice, found.method, found.actor) == ("opt-out", "synerise", "synerise")
    assert (found.at, found.campaign, found.identifier) == (happened, "Spring", ANNA.value)
    with database.reading() as session:
        notice = session.scalars(select(NoticeRow)).one()
    assert (notice.verdict, notice.decision, notice.way) == ("decided", found.id, "ONECLICK_LINK")


def test_the_address_is_forgotten_once_the_notice_was_weighed(database, tell, weigher):
    tell(OFF)
    weigher.step()
    with database.reading() as session:
        assert session.scalars(select(NoticeRow.identifier)).all() == [None]


def test_the_same_event_told_twice_is_one_decision(database, tell, weigher):
    for _ in range(3):
        tell(OFF)
        weigher.step()
    assert choices(database) == ["opt-out"]
    assert verdicts(database) == ["decided"]


def test_without_a_time_a_repetition_is_known_and_not_a_decision(database, clock, tell, weigher):
    for _ in range(3):
        tell(OFF, at=None)
        weigher.step()
    assert choices(database) == ["opt-out"]
    clock.advance(seconds=46)
    weigher.step()
    assert verdicts(database) == ["decided", "known", "known"]


def test_several_events_of_one_opt_out_in_one_step_are_one_decision(database, clock, tell, weigher):
    tell("newsletter.unsubscribe")
    tell(OFF, at=clock.now() - timedelta(seconds=1))
    weigher.step()
    assert choices(database) == ["opt-out"]


def test_our_own_opt_out_comes_back_as_something_known(database, clock, tell, weigher):
    record(database, decision(clock))
    clock.advance(seconds=5)
    tell(OFF)
    weigher.step()
    clock.advance(seconds=46)
    weigher.step()
    assert choices(database) == ["opt-out"]
    assert verdicts(database) == ["known"]


def test_an_undo_that_was_still_on_its_way_does_not_hide_an_opt_out(database, clock, tell, weigher):
    """It was pressed before the person switched off at Synerise, and committed after we had heard of that."""
    record(database, decision(clock))
    undone = decision(clock, choice="opt-in")
    clock.advance(seconds=2)
    tell("newsletter.unsubscribe")
    weigher.step()
    record(database, undone)
    clock.advance(seconds=46)
    weigher.step()
    assert choices(database) == ["opt-out", "opt-in", "opt-out"]


def test_an_event_that_arrives_late_overtakes_nothing(database, clock, tell, weigher):
    happened = clock.now() - timedelta(hours=2)
    record(database, decision(clock, choice="opt-in"))
    tell(OFF, at=happened)
    weigher.step()
    assert choices(database) == ["opt-in"]
    assert verdicts(database) == ["late"]


def test_a_person_is_found_under_the_identifier_that_their_link_named(database, clock, tell, weigher):
    record(database, decision(clock, CARD, choice="opt-in"))
    clock.advance(seconds=3600)
    tell(OFF, ANNA, CARD)
    weigher.step()
    assert newest(database).identifier == CARD.value
    assert newest(database).choice == "opt-out"


def test_a_person_is_found_by_the_address_that_was_read_back(database, clock, tell, weigher, make_worker):
    worker = make_worker(ScriptedDestination(look=lambda _: Confirmed(ANNA.value)))
    record(database, decision(clock, CARD))
    worker.drain()
    clock.advance(seconds=2)
    worker.drain()
    record(database, decision(clock, CARD, choice="opt-in"))
    worker.drain()
    clock.advance(seconds=86_400)
    tell(OFF, ANNA)
    weigher.step()
    assert newest(database).identifier == CARD.value
    assert newest(database).choice == "opt-out"


def test_nobody_is_opted_in_at_synerise_who_is_out_here_under_another_identifier(
    database, clock, tell, weigher, make_worker
):
    """The event names the address alone, of which nothing was ever decided here."""
    worker = make_worker(ScriptedDestination(look=lambda _: Confirmed(ANNA.value)))
    record(database, decision(clock, CARD))
    worker.drain()
    clock.advance(seconds=2)
    worker.drain()
    clock.advance(seconds=86_400)
    tell(ON, ANNA)
    weigher.step()
    assert choices(database) == ["opt-out"]
    assert verdicts(database) == ["claimed"]


def test_an_opt_in_at_synerise_overrules_nobody_and_is_kept_of_somebody_new(database, clock, tell, weigher):
    record(database, decision(clock))
    clock.advance(seconds=60)
    tell(ON)
    tell(ON, BORIS)
    weigher.step()
    assert choices(database) == ["opt-out", "opt-in"]
    assert newest(database).identifier == BORIS.value
    assert verdicts(database) == ["claimed", "decided"]


def test_a_confirmed_later_opt_in_overrules(database, clock, tell, weigher):
    record(database, decision(clock))
    clock.advance(seconds=600)
    tell(ON, evidence="double-opt-in")
    weigher.step()
    assert choices(database) == ["opt-out", "opt-in"]
    assert newest(database).method == "synerise"


def test_an_opt_in_from_before_a_later_switch_off_does_not(database, clock, tell, weigher):
    """They were out here already, so switching off at Synerise added no decision. It was their last word all the same."""
    record(database, decision(clock))
    clock.advance(seconds=600)
    confirmed = clock.now()
    clock.advance(seconds=600)
    tell("newsletter.unsubscribe")
    weigher.step()
    tell(ON, evidence="double-opt-in", at=confirmed)
    weigher.step()
    assert choices(database) == ["opt-out"]


def test_a_confirmed_opt_in_that_is_told_again_does_not_overrule_what_came_between(
    database, clock, tell, weigher
):
    """Without a time of its own it would count as of its arrival, which is when it was repeated."""
    record(database, decision(clock))
    clock.advance(seconds=600)
    tell(ON, evidence="double-opt-in", at=None)
    weigher.step()
    assert choices(database) == ["opt-out"]


def test_a_clock_that_is_fast_gives_no_evidence(database, clock, tell, weigher):
    record(database, decision(clock))
    clock.advance(seconds=600)
    tell(ON, evidence="double-opt-in", at=clock.now() + timedelta(minutes=3))
    weigher.step()
    assert choices(database) == ["opt-out"]


def test_a_confirmed_opt_in_from_before_the_opt_out_does_not(database, clock, tell, weigher):
    before = clock.now() - timedelta(seconds=1)
    record(database, decision(clock))
    tell(ON, evidence="double-opt-in", at=before)
    weigher.step()
    assert choices(database) == ["opt-out"]


@pytest.fixture
def taken_back(database: Database, clock: StandingClock, make_worker):
    """Anna pressed and took it back; Synerise heard both, and confirmed."""
    worker = make_worker(ScriptedDestination())
    record(database, decision(clock))
    record(database, decision(clock, choice="opt-in"))
    worker.drain()
    clock.advance(seconds=2)
    worker.drain()


def doubt(clock, tell, weigher) -> None:
    tell(OFF)
    weigher.step()
    clock.advance(seconds=61)
    weigher.step()


def test_in_doubt_synerise_is_asked_and_an_echo_is_left_alone(
    database, clock, tell, weigher, synerise, taken_back
):
    synerise.says = Differs("the profile says opt-in")
    doubt(clock, tell, weigher)
    assert verdicts(database) == ["echo"]
    assert choices(database) == ["opt-out", "opt-in"]


def test_in_doubt_synerise_is_asked_and_an_opt_out_is_believed(
    database, clock, tell, weigher, synerise, taken_back
):
    doubt(clock, tell, weigher)
    assert len(synerise.asked) == 1
    assert choices(database) == ["opt-out", "opt-in", "opt-out"]


def test_nobody_is_asked_before_the_opt_in_was_confirmed(database, clock, tell, weigher, synerise):
    record(database, decision(clock), decision(clock, choice="opt-in"))
    doubt(clock, tell, weigher)
    assert not synerise.asked
    assert verdicts(database) == [None]


def test_a_doubt_that_cannot_be_settled_for_a_day_is_an_opt_out(
    database, clock, tell, weigher, synerise, taken_back
):
    synerise.says = Unreachable("no answer")
    doubt(clock, tell, weigher)
    assert verdicts(database) == [None]
    clock.advance(seconds=86_400)
    weigher.step()
    assert choices(database) == ["opt-out", "opt-in", "opt-out"]


def test_a_step_that_died_is_repeated_and_decides_once(database, clock, tell, weigher, monkeypatch):
    tell(OFF)
    with monkeypatch.context() as broken:
        broken.setattr("resign.notices.weigher._close", dies)
        with pytest.raises(OperationalError):
            weigher.step()
    assert choices(database) == []
    weigher.step()
    assert choices(database) == ["opt-out"]


def dies(*_):
    raise OperationalError("UPDATE", {}, Exception("the server closed the connection"))


def test_one_that_cannot_be_weighed_holds_up_no_other(database, clock, tell, weigher, monkeypatch, caplog):
    people = weigher_module.people
    monkeypatch.setattr(
        weigher_module,
        "people",
        lambda session, one: 1 / 0 if one.identifier == ANNA.value else people(session, one),
    )
    tell(OFF)
    tell(OFF, BORIS)
    weigher.step()
    assert newest(database).identifier == BORIS.value
    assert "could not be weighed" in caplog.text
    assert ANNA.value not in caplog.text
    monkeypatch.undo()
    clock.advance(seconds=901)
    weigher.step()
    assert newest(database).identifier == ANNA.value


def test_a_time_from_another_age_is_not_believed(database, clock, tell, weigher):
    record(database, decision(clock, method="synerise"))
    clock.advance(seconds=60)
    tell("message.sent", at=datetime(1, 1, 1, tzinfo=UTC))
    tell(OFF, BORIS, at=datetime(1, 1, 1, tzinfo=UTC))
    weigher.step()
    assert newest(database).at == clock.now()
    assert verdicts(database) == ["mailed-after", "decided"]


def test_an_address_that_went_to_somebody_else_swallows_nothing(database, clock, tell, weigher, make_worker):
    """C-1042 is out and once had the address; now it is C-7's, who opts out at Synerise."""
    worker = make_worker(ScriptedDestination(look=lambda _: Confirmed(ANNA.value)))
    record(database, decision(clock, CARD))
    worker.drain()
    clock.advance(seconds=2)
    worker.drain()
    clock.advance(seconds=86_400)
    tell("newsletter.unsubscribe", ANNA, Profile("customId", "C-7"))
    weigher.step()
    assert newest(database).identifier == ANNA.value
    assert newest(database).choice == "opt-out"


def test_one_identity_in_doubt_beside_one_without_are_one_opt_out(database, clock, tell, weigher):
    record(
        database, decision(clock), decision(clock, choice="opt-in"), decision(clock, CARD, choice="opt-in")
    )
    clock.advance(seconds=60)
    tell(OFF, ANNA, CARD)
    weigher.step()
    assert choices(database)[3:] == ["opt-out", "opt-out"]


def test_an_undo_is_not_told_again_over_what_happened_at_synerise(
    database, clock, tell, weigher, synerise, make_worker
):
    """Press, undo, and switched off at Synerise before the undo was read back."""
    destination = ScriptedDestination(look=lambda _: Differs("the profile says opt-out"))
    worker = make_worker(destination)
    record(database, decision(clock), decision(clock, choice="opt-in"))
    worker.drain()
    tell(OFF)
    for _ in range(40):
        clock.advance(seconds=5)
        worker.drain()
        weigher.step()
    assert [message.choice for message in destination.told].count("opt-in") == 1
    assert newest(database).choice == "opt-out"


def test_opt_outs_do_not_wait_behind_new_profiles(database, settings, clock, tell, synerise):
    opt_outs = Weigher(
        database, settings.workspaces, {"default": synerise.read_back}, {}, clock, OPT_OUTS_FIRST
    )
    for number in range(300):
        tell("profile.created", Profile("email", f"new{number}@example.com"))
    tell(OFF)
    opt_outs.step()
    opt_outs.close()
    assert choices(database) == ["opt-out"]


def test_whoever_opted_out_at_synerise_is_told_here_that_it_holds(database, clock, tell, weigher):
    """Nothing is owed to Synerise then, and a page that waits for it to confirm would wait for ever."""
    tell("newsletter.unsubscribe")
    weigher.step()
    with database.reading() as session:
        stands = standing(session, "default", ANNA.digest(DIGEST_KEY), "newsletter")
    assert (stands.told, stands.confirmed_at) == ("confirmed", clock.now())


@pytest.mark.parametrize("agreement", ["newsletter", "all"])
def test_a_confirmed_opt_in_from_before_everything_was_stopped_lifts_nothing(
    database, clock, tell, weigher, agreement
):
    """It arrives later, with its evidence, and tells of an earlier time (B3)."""
    granted = clock.now()
    clock.advance(hours=1)
    record(database, decision(clock), decision(clock, agreement="all"))
    clock.advance(hours=1)
    tell(ON, at=granted, evidence="double-opt-in")
    weigher.step()
    assert choices(database) == ["opt-out", "opt-out"]
    assert verdicts(database) == ["late"]
    with database.reading() as session:
        held = standings(session, "default", ANNA.digest(DIGEST_KEY), [agreement, "thought-of-later"])
    assert {newest.choice for newest in held.values()} == {"opt-out"}
