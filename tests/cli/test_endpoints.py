"""`resign outbox test` and `replay`, as an operator types them, against a receiver that verifies."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from resign.cli import commands
from resign.clock import SystemClock
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.settings import load
from resign.staff.tables import Deed
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination
from tests.support.receiver import SECRET, Receiver
from tests.support.variables import VARIABLES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def types(receiver, database_url, tmp_path):
    crm = f"[crm]\nkind='webhook'\nurl='{receiver.url}'\nsecrets='{SECRET}'\nnetworks='127.0.0.0/8'"
    environment = {
        **VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_DATABASE_URL": database_url, "RESIGN_DESTINATIONS": crm,
    }  # fmt: skip

    def run(*words: str):
        return CliRunner().invoke(commands, ["outbox", *words], env=environment)

    run.settings = load(environment)
    return run


def test_a_test_is_posted_and_its_answer_said(types, receiver, database):
    taken = types("test", "default", "crm")
    assert (taken.exit_code, taken.output) == (0, "crm: it took it.\n")
    assert [post["type"] for post in receiver.posts] == ["test"]
    receiver.says(410)
    refused = types("test", "default", "crm")
    assert refused.exit_code == 1
    assert "it answered 410: it is gone for good" in refused.output
    with database.reading() as session:
        noted = session.scalars(select(Deed.detail).where(Deed.action == "tested-destination")).all()
    assert noted == ['{"destination": "crm", "taken": true}', '{"destination": "crm", "taken": false}']


def test_what_it_took_goes_once_more(types, database, clock):
    clock._now = SystemClock().now()
    crm = ScriptedDestination(name="crm")
    crm.confirms, crm.at_once = False, 4
    record(database, decision(clock))
    worker = Worker(database, types.settings.workspaces, {"default": [ScriptedDestination(), crm]}, clock)
    worker.drain()
    worker.finish()
    assert types("replay", "default", "crm", "--since", "1h").output == "1 will be sent to crm once more.\n"
    assert (
        types("replay", "default", "crm", "--since", "2026-05-04").output
        == "0 will be sent to crm once more.\n"
    )
    with database.reading() as session:
        assert session.scalars(select(MessageRow.state).where(MessageRow.destination == "crm")).all() == [
            "owed"
        ]
        assert len(session.scalars(select(Deed).where(Deed.action == "replayed")).all()) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("test", "default", "nobody"),
            "There is no destination nobody; there are: synerise, synerise-attributes, synerise-sign-up, crm",
        ),
        (("test", "default", "synerise"), "That is for webhooks"),
        (("replay", "default", "crm"), "Give --since or --decision."),
        (("replay", "default", "crm", "--since", "yesterday"), "Write --since as"),
        (("replay", "default", "crm", "--since", "9" * 30 + "d"), "Write --since as"),
        (("replay", "default", "crm", "--decision", "what"), "That is no reference"),
    ],
)
def test_what_is_not_understood_is_said(types, words, says):
    refused = types(*words)
    assert refused.exit_code == 2
    assert says in refused.output
