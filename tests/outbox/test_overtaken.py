"""What was refused and then overtaken leaves the list of dead letters, whatever way it was overtaken."""

import pytest
from sqlalchemy import select

from resign.alarms.seen import alarms
from resign.keeping import Keeping
from resign.ledger import ALL
from resign.outbox import overtaken
from resign.outbox.contract import Accepted, Refused
from resign.outbox.dead import Which, dead_letters, how_many
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from tests.outbox.test_worker import run_for
from tests.support.decisions import BORIS, decision, record, states
from tests.support.destination import ScriptedDestination


@pytest.fixture
def keep(database, settings, clock):
    keeping = Keeping(database, settings.workspaces, clock)

    def until_nothing_is_due() -> None:
        while keeping.step():
            pass

    return until_nothing_is_due


@pytest.mark.parametrize("newer", [{}, {"method": "synerise"}, {"agreement": ALL, "method": "preferences"}])
def test_it_leaves_the_list_the_count_and_the_alarm(database, clock, make_worker, keep, newer):
    destination = ScriptedDestination(tell=lambda _: Refused("400 email"))
    worker = make_worker(destination)
    record(database, decision(clock, choice="opt-in"), decision(clock, BORIS))
    run_for(worker, clock, seconds=1)
    keep()
    assert states(database) == ["dead", "dead"], "what holds stays"
    destination.tell = lambda _: Accepted()
    record(database, decision(clock, **newer))
    run_for(worker, clock, seconds=2)
    keep()
    with database.reading() as session:
        assert [letter.masked for letter in dead_letters(session)] == [BORIS.masked()]
        assert how_many(session, Which(), 9) == 1
        assert [alarm.name for alarm in alarms(session, clock.now(), {"default": []})] == ["dead"]
        first = session.scalars(select(MessageRow).order_by(MessageRow.decision_seq)).first()
    assert (first.state, first.outcome, first.reason) == ("superseded", "refused", "400 email")


def test_many_are_looked_through_in_parts_and_then_from_the_beginning(database, clock, make_worker):
    people = [Profile("email", f"p{number}@example.com") for number in range(5)]
    record(database, *(decision(clock, person, choice="opt-in") for person in people))
    run_for(make_worker(ScriptedDestination(tell=lambda _: Refused("400"))), clock, seconds=1)
    record(database, decision(clock, people[3], method="synerise"))
    seen, after = [], 0
    with database.reading() as session:
        for _ in range(3):
            found = overtaken.find(session, after=after, most=2)
            seen.append(len(found.numbers))
            after = found.next
    assert seen == [0, 1, 0]
    assert after == 0


def test_one_that_is_owed_again_by_then_is_left_alone(database, clock, make_worker):
    record(database, decision(clock, choice="opt-in"))
    make_worker(ScriptedDestination()).drain()
    with database.writing() as session:
        assert overtaken.settle(session, session.scalars(select(MessageRow.id)).all()) == 0
