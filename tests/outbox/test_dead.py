"""Dead letters: seen, mended, sent again, and never the last word over a newer decision."""

from resign.outbox.contract import Accepted, Refused
from resign.outbox.dead import dead_letters, retry
from tests.outbox.test_worker import run_for
from tests.support.decisions import BORIS, decision, record, states
from tests.support.destination import ScriptedDestination


def again(database, clock, *ids: int) -> int:
    with database.writing() as session:
        count = retry(session, clock.now(), ids or None)
        session.commit()
    return count


def test_a_dead_letter_is_shown_masked_with_its_reason_and_sent_again(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda _: Refused("400 email"))
    record(database, decision(clock), decision(clock, BORIS))
    worker = make_worker(destination)
    run_for(worker, clock, seconds=1)
    with database.reading() as session:
        shown = [(letter.masked, letter.reason) for letter in dead_letters(session)]
    assert shown == [("a•••@example.com", "400 email"), ("b•••@example.com", "400 email")]
    destination.tell = lambda _: Accepted()
    assert again(database, clock, 1) == 1
    run_for(worker, clock, seconds=2)
    assert states(database) == ["confirmed", "dead"]
    assert again(database, clock) == 1


def test_a_dead_letter_that_was_overtaken_stays_dead(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda m: Refused("400") if m.choice == "opt-in" else Accepted())
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in"))
    run_for(worker, clock, seconds=1)
    record(database, decision(clock))
    run_for(worker, clock, seconds=2)
    assert again(database, clock) == 0
    assert states(database) == ["dead", "confirmed"]
