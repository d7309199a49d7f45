"""An opt-out of everything that another system brings: it is told, agreement by agreement, or nobody would hear of it."""

import json

import pytest
from sqlalchemy import select

from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from tests.api.conftest import ELSEWHERE, HERE, OUT
from tests.support.destination import ScriptedDestination

ALL_OUT = {**OUT, "agreement": "all"}


@pytest.mark.parametrize("bulk", [False, True])
def test_everything_is_told_of_each_agreement(crm, database, settings, clock, bulk):
    if bulk:
        sent = {"data": json.dumps(ALL_OUT), "content_type": "application/x-ndjson"}
        answer = json.loads(crm.posts("/decisions/bulk", **sent).text)
        assert (answer["line"], answer["result"]) == (1, "recorded")
    else:
        assert crm.posts("/decisions", ALL_OUT).json["verdict"] == "recorded"
    worker = Worker(database, settings.workspaces, {HERE: [ScriptedDestination()], ELSEWHERE: []}, clock)
    worker.drain()
    worker.finish()
    with database.reading() as session:
        assert session.scalars(select(Decision.agreement).order_by(Decision.seq)).all() == [
            "newsletter", "wine", "all",
        ]  # fmt: skip
        told = session.scalars(select(MessageRow.agreement).order_by(MessageRow.decision_seq)).all()
    assert told == ["newsletter", "wine"]


def test_everything_once_more_is_recorded_where_somebody_opted_in_to_one_since(crm, clock):
    crm.writes(agreement="all")
    assert crm.writes(agreement="all").json["verdict"] == "known"
    clock.advance(hours=1)
    crm.writes(agreement="wine", choice="opt-in", at=clock.now().isoformat(), evidence="form 7")
    clock.advance(hours=1)
    assert crm.writes(agreement="all").json["verdict"] == "recorded"
    assert [each["choice"] for each in crm.posts("/consents/lookup", {"profile": OUT["profile"]}).json["consents"]] == [
        "opt-out", "opt-out",
    ]  # fmt: skip


def test_an_older_opt_out_of_everything_says_what_became_of_its_parts(crm, clock):
    """One agreement was opted in to since, the other was not: that one is out now, and "kept" would be untrue."""
    crm.writes(agreement="wine", choice="opt-in", at=clock.now().isoformat(), evidence="form 7")
    before = clock.now().replace(year=2025).isoformat()
    said = crm.writes(agreement="all", at=before).json
    assert said["verdict"] == "recorded"
    assert said["id"] is not None
