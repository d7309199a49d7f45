"""Since when decisions wait for the fan-out: since they were made, or since another system brought them."""

from datetime import timedelta

from resign.ids import made_at
from resign.outbox.owed import owed, waiting
from tests.support.decisions import ANNA, BORIS, decision, record


def test_what_was_uploaded_waits_since_it_came_however_old_it_is(database, clock):
    clock.advance(days=-900)
    old = decision(clock, ANNA, method="import")
    clock.advance(days=900)
    record(database, old)
    with database.reading() as session:
        [found] = waiting(session)
        assert (found.workspace, found.since, found.count) == ("default", made_at(old.id), 1)
        assert owed(session).oldest == found.since


def test_what_was_pressed_waits_since_it_was_whatever_was_uploaded_beside_it(database, clock):
    pressed = decision(clock, BORIS)
    clock.advance(days=-900)
    record(database, decision(clock, ANNA, method="api"), pressed, decision(clock, ANNA, method="import"))
    with database.reading() as session:
        [found] = waiting(session)
    assert (found.since, found.count) == (pressed.at, 3)
    assert found.since - clock.now() == timedelta(days=900)
