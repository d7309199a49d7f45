"""What another system uploads may have been decided years ago: it is not late before it came."""

from datetime import timedelta

from sqlalchemy import select

from resign.outbox.contract import Unreachable
from resign.outbox.tables import MessageRow
from tests.outbox.test_worker import run_for
from tests.support.decisions import decision, record, states
from tests.support.destination import ScriptedDestination


def test_it_is_tried_for_as_long_as_what_was_decided_today(database, clock, make_worker):
    crm = ScriptedDestination(tell=lambda _: Unreachable("no answer"), name="crm")
    crm.confirms, crm.gives_up_after, crm.at_once = False, timedelta(days=3), 2
    uploaded = decision(clock, method="import")
    came = clock.now()
    uploaded.row["at"] = came - timedelta(days=400)
    record(database, uploaded)
    worker = make_worker(crm)
    run_for(worker, clock, minutes=10)
    assert states(database) == ["owed"]
    with database.reading() as session:
        assert session.scalars(select(MessageRow.owed_since)).one() >= came
