"""A webhook on the deliveries page: its own name, a test of it, and what it took sent once more."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.staff.tables import Deed
from tests.console.deliveries.conftest import BOARD
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def settings(tmp_path):
    from resign.settings import load  # noqa: PLC0415
    from tests.support.receiver import SECRET  # noqa: PLC0415
    from tests.support.variables import VARIABLES  # noqa: PLC0415

    crm = f"[crm]\nkind='webhook'\nurl='http://127.0.0.1:9/hook'\nsecrets='{SECRET}'\nnetworks='127.0.0.0/8'"
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_DESTINATIONS": crm})


@pytest.fixture
def told(database, settings, clock):
    crm = ScriptedDestination(name="crm")
    crm.confirms, crm.at_once = False, 4
    record(database, decision(clock))
    worker = Worker(database, settings.workspaces, {"default": [ScriptedDestination(), crm]}, clock)
    worker.drain()
    worker.finish()


def test_it_stands_there_by_its_own_name_and_reads_nothing_back(mia, told):
    page = mia.opens(BOARD)
    words = said(page)
    assert "crm To be told 0" in words
    assert words.count("Reading back") == 1, "that of Synerise"
    assert "Post a test to crm" in words
    assert "Post a test to Synerise" not in words


def test_a_test_says_what_was_answered_and_is_noted(mia, database):
    page = mia.presses(mia.opens(BOARD), f"{BOARD}/default/crm/test")
    assert "The test was not taken: it cannot be reached ." in said(page)
    with database.reading() as session:
        [deed] = session.scalars(select(Deed).where(Deed.action == "tested-destination"))
    assert (deed.workspace, deed.detail) == ("default", '{"destination": "crm", "taken": false}')


def test_a_replay_makes_it_owed_again_and_is_noted(mia, told, database):
    page = mia.presses(mia.opens(BOARD), f"{BOARD}/default/crm/replay", since="day")
    assert "1 is on its way again." in said(page)
    with database.reading() as session:
        states = dict(session.execute(select(MessageRow.destination, MessageRow.state)).all())
        [deed] = session.scalars(select(Deed).where(Deed.action == "replayed"))
    assert states == {"synerise": "accepted", "crm": "owed"}
    assert deed.detail == '{"destination": "crm", "messages": 1, "since": "day"}'


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{BOARD}/default/synerise/test", 404), (f"{BOARD}/default/nobody/test", 404),
        (f"{BOARD}/nowhere/crm/test", 404), (f"{BOARD}/default/synerise/replay", 404),
        (f"{BOARD}/default/crm/replay", 400),
    ],
)  # fmt: skip
def test_what_is_no_webhook_is_refused(mia, told, path, status):
    assert mia.presses(mia.opens(BOARD), path, since="ages").status_code in {status, 403}
