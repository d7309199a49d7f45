"""An opt-in that waited out an outage is not told where its person has left meanwhile, by whatever identifier."""

import pytest
from sqlalchemy import event, select

from resign.outbox.contract import Accepted, Confirmed, Unreachable
from resign.outbox.tables import Attempt, MessageRow
from resign.profile import Profile
from tests.outbox.test_worker import run_for
from tests.support.decisions import ANNA, BORIS, decision, record, states
from tests.support.destination import ScriptedDestination

NUMBER = Profile("customId", "c-1")
WHY = "something newer was decided, perhaps under another identifier of the same person"


@pytest.fixture
def down() -> ScriptedDestination:
    """It is down for opt-ins, and otherwise well; the number is read back with Anna's address."""
    return ScriptedDestination(
        tell=lambda message: Unreachable() if message.choice == "opt-in" else Accepted(),
        look=lambda message: Confirmed(email=ANNA.value if message.profile == NUMBER else None),
    )


@pytest.mark.parametrize(("opted_in", "left"), [(NUMBER, ANNA), (ANNA, NUMBER)])
def test_an_opt_in_in_the_backlog_is_withheld_after_an_opt_out_under_another_identifier(
    database, clock, make_worker, down, opted_in, left
):
    worker = make_worker(down)
    record(database, decision(clock, NUMBER))  # its read-back tells that both are one person
    run_for(worker, clock, seconds=2)
    record(database, decision(clock, opted_in, "opt-in"))
    run_for(worker, clock, seconds=2)
    record(database, decision(clock, left))
    run_for(worker, clock, seconds=2)
    down.tell = lambda _: Accepted()
    down.told.clear()
    run_for(worker, clock, minutes=10)
    assert [message.choice for message in down.told if message.choice == "opt-in"] == []
    with database.reading() as session:
        held = session.scalars(select(MessageRow).where(MessageRow.state == "superseded")).all()
        opt_in = [row for row in held if row.outcome == "withheld"]
        tried = session.scalars(select(Attempt).where(Attempt.outcome == "withheld")).all()
    assert [(row.reason, row.ticket, row.leased_until) for row in opt_in] == [(WHY, None, None)]
    assert [(one.message_id, one.phase, one.reason) for one in tried] == [(opt_in[0].id, "tell", WHY)]


def test_an_opt_in_that_is_the_last_word_is_told_after_the_outage(database, clock, make_worker, down):
    worker = make_worker(down)
    record(database, decision(clock, NUMBER))
    run_for(worker, clock, seconds=2)
    record(database, decision(clock, ANNA))
    record(database, decision(clock, NUMBER, "opt-in"), decision(clock, BORIS))
    run_for(worker, clock, seconds=2)
    down.tell = lambda _: Accepted()
    run_for(worker, clock, minutes=10)
    assert "opt-in" in [message.choice for message in down.told]
    assert "superseded" not in states(database)[2:]


def test_opt_outs_are_claimed_without_that_look(database, clock, make_worker):
    """A backlog is opt-outs almost alone: what it costs to claim them does not grow by this."""
    asked: list[str] = []
    record(database, decision(clock), decision(clock, BORIS))
    worker = make_worker(ScriptedDestination())
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    run_for(worker, clock, seconds=2)
    assert states(database) == ["confirmed", "confirmed"]
    assert asked
    assert not [
        statement for statement in asked if "email_digest = " in statement and "UPDATE messages" in statement
    ]
