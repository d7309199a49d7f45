"""In here and off there: an opt-out that was never heard of here is found, and nobody is ever switched on."""

from sqlalchemy import select

from resign.ledger.tables import Decision
from resign.outbox.contract import Differs, Refused, Unreachable
from resign.outbox.dead import retry
from tests.support.decisions import ANNA, choices, decision, record, states
from tests.support.destination import ScriptedDestination


def test_an_opt_out_that_was_missed_is_recorded(database, clock, make, settle, there, finish, newest_run):
    settle(decision(clock), decision(clock, choice="opt-in"))
    there.shows[ANNA] = "opt-out"
    finish(make())
    assert choices(database) == ["opt-out", "opt-in", "opt-out"]
    with database.reading() as session:
        found = session.scalars(select(Decision).order_by(Decision.seq.desc())).first()
    assert (found.method, found.actor, found.at) == ("synerise", "reconciliation", clock.now())
    assert newest_run().off_there == 1


def test_it_is_not_told_back_and_agrees_the_next_day(
    clock, make, make_worker, settle, there, finish, newest_run
):
    settle(decision(clock, choice="opt-in"))
    there.shows[ANNA] = "opt-out"
    finish(make())
    destination = ScriptedDestination()
    make_worker(destination).drain()
    clock.advance(seconds=86_400)
    finish(make())
    assert not destination.told
    assert (newest_run().agreed, newest_run().off_there) == (1, 0)


def test_what_says_neither_is_counted_and_left_alone(
    database, clock, make, settle, there, finish, newest_run
):
    settle(decision(clock, choice="opt-in"))
    there.says[ANNA] = Differs("the profile does not say either")
    finish(make())
    assert choices(database) == ["opt-in"]
    assert newest_run().off_there == 1


def test_without_a_second_answer_it_is_only_counted(database, clock, make, settle, there, finish, newest_run):
    settle(decision(clock, choice="opt-in"))
    reconciler = make()
    reconciler._read_backs = {
        "default": lambda message: (
            Differs("the profile says opt-out") if message.choice == "opt-in" else Unreachable()
        )
    }
    finish(reconciler)
    assert choices(database) == ["opt-in"]
    assert newest_run().off_there == 1


def test_a_newer_opt_in_is_not_overruled(database, clock, make, settle, there, finish):
    """It comes in between reading the profile and recording."""
    settle(decision(clock, choice="opt-in"))
    there.shows[ANNA] = "opt-out"
    look = there.read_back
    reconciler = make()
    reconciler._read_backs = {
        "default": lambda message: (
            look(message),
            message.choice == "opt-out" and record(database, decision(clock, choice="opt-in")),
        )[0]
    }
    finish(reconciler)
    assert choices(database) == ["opt-in", "opt-in"]


def test_an_opt_in_that_is_not_fanned_out_yet_is_not_looked_at(database, clock, make, settle, there, finish):
    settle(decision(clock))
    record(database, decision(clock, choice="opt-in"))
    there.shows[ANNA] = "opt-out"
    finish(make())
    assert choices(database) == ["opt-out", "opt-in"]
    assert not there.asked


def test_an_opt_in_that_synerise_never_took_is_no_opt_out(
    database, clock, make, make_worker, settle, there, finish
):
    settle(decision(clock))
    record(database, decision(clock, choice="opt-in"))
    make_worker(ScriptedDestination(tell=lambda _: Refused("no"))).drain()
    assert states(database) == ["confirmed", "dead"]
    there.shows[ANNA] = "opt-out"
    finish(make())
    assert choices(database) == ["opt-out", "opt-in"]


def test_an_opt_in_that_is_sent_again_meanwhile_is_no_opt_out(
    database, clock, make, make_worker, settle, there, finish
):
    settle(decision(clock))
    record(database, decision(clock, choice="opt-in"))
    make_worker(ScriptedDestination(tell=lambda _: Refused("no"))).drain()
    there.shows[ANNA] = "opt-out"
    look = there.read_back

    def looking(message):
        with database.writing() as session:
            retry(session, clock.now())
            session.commit()
        return look(message)

    reconciler = make()
    reconciler._read_backs = {"default": looking}
    finish(reconciler)
    assert choices(database) == ["opt-out", "opt-in"]
    assert states(database) == ["confirmed", "owed"]
