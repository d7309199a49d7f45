"""A break and what Synerise says meanwhile: a switch-off there makes it one for good, and the echo of our own telling does not."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from resign.keeping import Keeping
from resign.outbox.tables import MessageRow
from tests.notices.seen import newest, verdicts
from tests.support.decisions import choices, decision, record
from tests.support.destination import ScriptedDestination

OFF, ON = "marketingAgreement.turnOff", "marketingAgreement.turnOn"


@pytest.mark.parametrize("told", ["while it lasts", "when it is over"])
def test_a_switch_off_at_synerise_makes_a_break_one_for_good(
    database, settings, clock, tell, weigher, make_worker, told
):
    record(database, decision(clock, until=clock.now() + timedelta(days=31)))
    synerise = ScriptedDestination()
    worker = make_worker(synerise)
    worker.drain()
    clock.advance(seconds=5)
    tell(OFF)
    clock.advance(seconds=46)
    weigher.step()
    assert verdicts(database) == ["known"], "it is the echo of what we told"
    clock.advance(days=10)
    happened = clock.now()
    keeping = Keeping(database, settings.workspaces, clock)
    if told == "while it lasts":
        tell(OFF)
        weigher.step()
    clock.advance(days=25)
    keeping.step()
    if told == "when it is over":
        tell(OFF, at=happened)
        weigher.step()
    worker.drain()
    assert choices(database)[-1] == "opt-out"
    assert newest(database).until is None
    assert synerise.told[-1].choice == "opt-out"


def test_a_break_that_was_told_again_still_ends(database, settings, clock, tell, weigher, make_worker):
    """The daily comparison found it on there, say; what Synerise tells of that is an echo, too."""
    record(database, decision(clock, until=clock.now() + timedelta(days=31)))
    worker = make_worker(ScriptedDestination())
    worker.drain()
    clock.advance(days=10)
    with database.writing() as session:
        session.execute(update(MessageRow).values(state="owed", due_at=clock.now()))
        session.commit()
    worker.drain()
    clock.advance(seconds=5)
    tell(OFF)
    weigher.step()
    clock.advance(seconds=46)
    weigher.step()
    clock.advance(days=25)
    Keeping(database, settings.workspaces, clock).step()
    assert choices(database) == ["opt-out", "opt-in"]


def test_a_break_becomes_one_for_good_when_the_person_presses_at_synerise(database, clock, tell, weigher):
    record(database, decision(clock, until=clock.now() + timedelta(days=31)))
    clock.advance(days=2)
    tell("newsletter.unsubscribe")
    weigher.step()
    assert choices(database) == ["opt-out", "opt-out"]
    assert newest(database).until is None


def test_the_echo_of_a_break_does_not_make_it_one_for_good(database, clock, tell, weigher):
    record(database, decision(clock, until=clock.now() + timedelta(days=31)))
    clock.advance(seconds=3)
    tell(OFF)
    weigher.step()
    clock.advance(seconds=60)
    weigher.step()
    assert choices(database) == ["opt-out"]
    assert verdicts(database) == ["known"]
