"""Dead letters: seen, mended, sent again, and never the last word over a newer decision."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from resign.ledger import ALL
from resign.ledger.tables import Decision
from resign.outbox.contract import Accepted, Confirmed, Differs, Refused, Unreachable
from resign.outbox.dead import Which, dead_letters, how_many, retry, retry_some
from resign.outbox.dead import reasons as reasons_of
from resign.profile import Profile
from tests.outbox.test_worker import run_for
from tests.support.decisions import ANNA, BORIS, decision, record, states
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


def test_what_was_decided_at_the_destination_itself_overtakes_a_dead_letter(database, clock, make_worker):
    """Nothing is owed for it, so no newer message shows it: sent again, our opt-in would switch them on."""
    destination = ScriptedDestination(tell=lambda _: Refused("400"))
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in"))
    run_for(worker, clock, seconds=1)
    record(database, decision(clock, method="synerise"))
    assert again(database, clock) == 0
    run_for(worker, clock, seconds=1)
    assert again(database, clock) == 0
    assert [message.choice for message in destination.told] == ["opt-in"]
    with database.reading() as session:
        assert dead_letters(session)[0].overtaken


def test_stop_everything_overtakes_an_opt_in_to_what_it_was_not_written_for(database, clock, make_worker):
    """The agreement was out of the settings for a while: "everything" holds for it all the same, and is told of it."""
    destination = ScriptedDestination(tell=lambda _: Refused("400"))
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    run_for(worker, clock, seconds=1)
    record(database, decision(clock), decision(clock, agreement=ALL, method="preferences"))
    assert again(database, clock) == 0
    run_for(worker, clock, seconds=1)
    assert states(database) == ["dead", "dead", "dead"]
    assert again(database, clock) == 2, "the opt-outs that were refused are no older than themselves"


def test_stop_everything_ends_an_opt_in_that_is_still_on_its_way(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda _: Unreachable())
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    run_for(worker, clock, seconds=1)
    record(database, decision(clock, agreement=ALL, method="preferences"))
    run_for(worker, clock, seconds=1)
    assert states(database) == ["superseded", "owed"]


@pytest.mark.parametrize("way", ["out by the address", "in by the address"])
def test_an_opt_out_under_the_address_that_was_read_back_overtakes_it(database, clock, make_worker, way):
    destination = ScriptedDestination(look=lambda _: Confirmed(email=ANNA.value))
    worker, number = make_worker(destination), Profile("customId", "c-1")
    refused, newer = (number, ANNA) if way == "out by the address" else (ANNA, number)
    record(database, decision(clock, number))
    run_for(worker, clock, seconds=2)
    destination.tell = lambda _: Refused("400")
    record(database, decision(clock, refused, "opt-in"))
    run_for(worker, clock, seconds=1)
    destination.tell = lambda _: Accepted()
    record(database, decision(clock, newer))
    run_for(worker, clock, seconds=2)
    assert again(database, clock) == 0
    with database.reading() as session:
        assert [letter.overtaken for letter in dead_letters(session)] == [True]


def test_one_that_drifted_is_told_anew_and_not_once_more(database, clock, make_worker):
    """Where Synerise is told by an event, the same event once more would start nothing."""
    destination = ScriptedDestination(look=lambda _: Differs("on"))
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in"))
    run_for(worker, clock, minutes=2)
    assert states(database) == ["dead"]
    again(database, clock)
    run_for(worker, clock, seconds=1)
    assert [message.tellings for message in destination.told] == [0, 1]


def test_a_dead_letter_about_somebody_erased_stays_dead(database, clock, make_worker):
    record(database, decision(clock))
    run_for(make_worker(ScriptedDestination(tell=lambda _: Refused("400"))), clock, seconds=1)
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.commit()
    assert again(database, clock) == 0


def test_they_are_found_by_what_they_are_about_and_read_page_by_page(database, clock, make_worker):
    reasons = {ANNA: "400 email", BORIS: "100% wrong_"}
    worker = make_worker(ScriptedDestination(tell=lambda message: Refused(reasons[message.profile])))
    record(database, decision(clock))
    clock.advance(days=1)
    record(database, decision(clock, BORIS))
    run_for(worker, clock, seconds=1)

    def found(**which) -> list[str]:
        with database.reading() as session:
            letters = dead_letters(session, which=Which(**which))
            assert how_many(session, Which(**which), 9) == len(letters)
            return [letter.masked[0] for letter in letters]

    assert found() == found(workspaces=["default"]) == found(destination="synerise") == ["a", "b"]
    assert found(workspaces=["another"]) == found(destination="x") == found(reason="no such") == []
    assert found(reason="% WRONG_") == ["b"]
    assert found(until=clock.now() - timedelta(hours=5)) == ["a"]
    with database.reading() as session:
        assert [letter.masked[0] for letter in dead_letters(session, 1, after=1)] == ["b"]
        assert reasons_of(session, ["default"]) == ["100% wrong_", "400 email"]


def test_many_are_sent_again_in_parts_and_what_was_overtaken_is_passed_by_once(database, clock, make_worker):
    worker = make_worker(ScriptedDestination(tell=lambda _: Refused("400")))
    people = [Profile("email", f"p{number}@example.com") for number in range(5)]
    record(database, *(decision(clock, person, choice="opt-in") for person in people))
    run_for(worker, clock, seconds=1)
    record(database, decision(clock, people[1], method="synerise"))
    parts, after = [], 0
    while after is not None:
        with database.writing() as session:
            part = retry_some(session, clock.now(), Which(), after=after, most=2)
            session.commit()
        parts.append((part.sent, part.stayed))
        after = part.last
    assert parts == [(1, 1), (2, 0), (1, 0)]
    assert states(database) == ["owed", "dead", "owed", "owed", "owed"]


def test_a_dead_letter_that_was_overtaken_stays_dead(database, clock, make_worker):
    destination = ScriptedDestination(tell=lambda m: Refused("400") if m.choice == "opt-in" else Accepted())
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in"))
    run_for(worker, clock, seconds=1)
    record(database, decision(clock))
    run_for(worker, clock, seconds=2)
    assert again(database, clock) == 0
    assert states(database) == ["dead", "confirmed"]
