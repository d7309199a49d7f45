"""Synerise is told again because staff ask: the newest decision alone, whatever had become of it, and never an older one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from resign.acting.seen import Changed
from resign.acting.telling import CannotTell, state_of, tell_again
from resign.ledger import ALL
from resign.outbox.claim import claim
from resign.outbox.contract import Accepted, Refused, Unreachable
from resign.outbox.repeating import tellings
from resign.outbox.tables import MessageRow
from tests.acting.conftest import DIGEST, MIA, uncommitted
from tests.acting.test_opting_in import waits_for_a_lock
from tests.outbox.conftest import make_worker
from tests.support.decisions import choices, decision, record, states
from tests.support.destination import ScriptedDestination

__all__ = ["make_worker"]


def stands(desk):
    return desk.reads(tellings, "default", DIGEST, desk.clock.now())


def tells(desk, by=MIA, seen=None, state=None):
    seen = seen or desk.seen()
    return desk.does(
        tell_again, desk.person(), seen, state_of(stands(desk)) if state is None else state, by=by
    )


def settled(database, state, **more):
    with database.writing() as session:
        session.execute(update(MessageRow).values(state=state, **more))
        session.commit()


def nothing(desk):
    with pytest.raises(CannotTell) as told:
        tells(desk)
    assert told.value.why == "nothing"


@pytest.mark.parametrize("state", ["confirmed", "delivered", "accepted", "dead", "owed"])
def test_an_opt_out_is_told_anew_whatever_had_become_of_it(desk, database, clock, state):
    record(database, decision(clock))
    desk.fans_out()
    settled(database, state, tries=7, confirmed_at=clock.now(), outcome="confirmed")
    clock.advance(hours=5)
    [told] = tells(desk)
    [message] = desk.messages()
    assert (message.state, message.due_at, message.tries) == ("owed", clock.now(), 0)
    assert (message.outcome, message.confirmed_at) == (None, None)
    assert message.tellings == (0 if state == "owed" else 1)
    assert message.owed_since == (desk.decisions()[0].at if state == "owed" else clock.now())
    assert choices(database) == ["opt-out"], "no decision is made by it"
    assert desk.deeds() == [
        ("Mia", "told-again", {
            "agreement": "newsletter", "destination": "synerise", "decision": str(told.decision), "was": state,
        })
    ]  # fmt: skip


def test_the_worker_tells_it_and_confirms_it_again(desk, database, clock, make_worker):
    record(database, decision(clock))
    synerise = ScriptedDestination()
    worker = make_worker(synerise)
    for _ in range(2):
        worker.drain()
        clock.advance(seconds=1)
    assert states(database) == ["confirmed"]
    tells(desk)
    for _ in range(2):
        worker.drain()
        clock.advance(seconds=1)
    assert states(database) == ["confirmed"]
    assert [message.tellings for message in synerise.told] == [0, 1]


def test_a_dead_letter_goes_out_once_its_cause_is_mended(desk, database, clock, make_worker):
    record(database, decision(clock))
    synerise = ScriptedDestination(tell=lambda _: Refused("400"))
    worker = make_worker(synerise)
    worker.drain()
    assert [(each.state, each.reason) for each in stands(desk)] == [("dead", "400")]
    synerise.tell = lambda _: Accepted()
    tells(desk)
    worker.drain()
    assert states(database) == ["accepted"]


@pytest.mark.parametrize("state", ["confirmed", "delivered", "accepted"])
def test_an_opt_in_that_was_taken_is_not_told_twice(desk, database, clock, state):
    record(database, decision(clock, choice="opt-in"))
    desk.fans_out()
    settled(database, state)
    nothing(desk)
    assert states(database) == [state]


def test_an_opt_in_that_was_refused_is(desk, database, clock):
    record(database, decision(clock, choice="opt-in"))
    desk.fans_out()
    settled(database, "dead")
    tells(desk)
    assert states(database) == ["owed"]


def test_an_overtaken_one_is_never_told(desk, database, clock):
    record(database, decision(clock), decision(clock, choice="opt-in"))
    desk.fans_out()
    with database.writing() as session:
        session.execute(update(MessageRow).where(MessageRow.state == "superseded").values(state="dead"))
        session.commit()
    tells(desk)
    assert states(database) == ["dead", "owed"]
    record(database, decision(clock))
    nothing(desk)
    assert states(database) == ["dead", "owed"], (
        "the newest one is not fanned out yet; it will be told by itself"
    )


def test_an_opt_in_that_stop_everything_overtook_is_never_told(desk, database, clock):
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    desk.fans_out()
    settled(database, "dead")
    record(database, decision(clock, agreement=ALL, method="preferences"))
    nothing(desk)
    assert states(database) == ["dead"]


def test_what_came_from_synerise_can_be_told_there_if_somebody_asks(desk, database, clock):
    record(database, decision(clock, method="synerise"))
    desk.fans_out(to=())
    assert [(each.state, each.destination) for each in stands(desk)] == [("untold", "synerise")]
    tells(desk)
    [message] = desk.messages()
    assert (message.state, message.destination, message.agreement) == ("owed", "synerise", "newsletter")


def test_what_a_worker_has_in_its_hands_stays_there(desk, database, clock):
    record(database, decision(clock))
    desk.fans_out()
    with database.writing() as session:
        [held] = claim(session, clock.now(), 1, ["default"])
        session.commit()
    assert [each.state for each in stands(desk)] == ["in-hand"]
    nothing(desk)
    [message] = desk.messages()
    assert message.ticket == held.ticket
    clock.advance(minutes=5)
    tells(desk)


def test_a_fan_out_waits_and_then_overtakes_what_was_made_owed(desk, database, clock):
    """The newer decision has the last word, however the two meet."""
    record(database, decision(clock))
    desk.fans_out()
    settled(database, "confirmed")
    person, seen, state, act = desk.person(), desk.seen(), state_of(stands(desk)), desk.act()
    with uncommitted(database, lambda session: tell_again(session, act, person, seen, state)):
        if not database.is_sqlite:
            record(database, decision(clock))
            desk.fans_out()
            assert states(database) == ["confirmed"], "it stands back, and comes again"
    if database.is_sqlite:
        record(database, decision(clock))
    desk.fans_out()
    assert states(database) == ["superseded", "owed"]


def test_a_telling_waits_for_the_fan_out_and_then_takes_what_overtook_it(desk, database, clock):
    record(database, decision(clock))
    desk.fans_out()
    settled(database, "dead")
    record(database, decision(clock))
    person, seen, state = desk.person(), desk.seen(), state_of(stands(desk))
    with ThreadPoolExecutor(1) as pool:
        with uncommitted(database, desk.spread):
            told = pool.submit(desk.does, tell_again, person, seen, state)
            waits_for_a_lock(database, told)
        [newest] = told.result(20)
    assert newest.seq == desk.decisions()[-1].seq
    assert states(database) == ["dead", "owed"]


def test_of_two_staff_the_second_sees_what_the_first_did(desk, database, clock):
    record(database, decision(clock))
    desk.fans_out()
    settled(database, "dead")
    seen, state = desk.seen(), state_of(stands(desk))
    tells(desk, seen=seen, state=state)
    with pytest.raises(Changed) as told:
        tells(desk, seen=seen, state=state)
    assert [(change.what, change.who) for change in told.value.changes] == [("told-again", "Mia")]


def test_what_synerise_did_meanwhile_is_shown_first(desk, database, clock, make_worker):
    record(database, decision(clock))
    worker = make_worker(ScriptedDestination(tell=lambda _: Unreachable("away")))
    worker.drain()
    state = state_of(stands(desk))
    settled(database, "confirmed")
    with pytest.raises(Changed) as told:
        tells(desk, state=state)
    assert [change.what for change in told.value.changes] == ["delivery"]
    tells(desk)
