"""`/healthz` says that the process answers, whatever else is wrong; `/readyz` says whether opt-outs can be taken."""

import json

import pytest
from sqlalchemy import text

from resign.outbox.contract import Accepted, Misconfigured, Unreachable
from resign.outbox.tables import Lane
from tests.support.decisions import BORIS, decision, record

MEND_IT = "Synerise refuses the API key (401): put a valid one into RESIGN_SYNERISE_API_KEY"


def ready(client) -> tuple[int, dict]:
    answer = client.get("/readyz")
    assert answer.mimetype == "application/json"
    return answer.status_code, json.loads(answer.text)


def test_the_process_answers_without_a_database(client_of, url_of_nothing):
    answer = client_of(url_of_nothing).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_all_is_well(client):
    assert ready(client) == (
        200,
        {"status": "ready", "database": {"ok": True}, "synerise": {"default": {"ok": True}}, "alarms": []},
    )


def test_without_a_database_it_is_not_ready(client_of, url_of_nothing):
    status, said = ready(client_of(url_of_nothing))
    assert (status, said["status"], said["synerise"]) == (503, "not ready", {})
    assert said["database"] == {"ok": False, "why": "the database does not answer (OperationalError)"}


@pytest.mark.parametrize(
    "statement", ["UPDATE alembic_version SET version_num = '9999'", "DROP TABLE alembic_version"]
)
def test_on_the_schema_of_another_release_it_is_not_ready_and_says_the_remedy(client, database, statement):
    with database.writing() as session:
        session.execute(text(statement))
        session.commit()
    status, said = ready(client)
    assert (status, said["status"]) == (503, "not ready")
    assert "run `resign db upgrade`" in said["database"]["why"]


def test_a_held_lane_is_shown_with_its_remedy_and_takes_no_page_away(client, database, clock, drained):
    record(database, decision(clock))
    drained(tell=lambda _: Misconfigured(MEND_IT))
    status, said = ready(client)
    assert (status, said["status"]) == (200, "degraded")
    assert said["synerise"]["default"] == {
        "ok": False,
        "lane": "tell",
        "since": clock.now().isoformat(),
        "why": MEND_IT,
    }


def test_an_outage_is_shown_and_takes_no_page_away(client, anna, database, clock, drained):
    for _ in range(3):
        record(database, decision(clock, BORIS))
        drained(tell=lambda _: Unreachable("no answer"))
        clock.advance(seconds=5)
    status, said = ready(client)
    assert (status, said["status"]) == (200, "degraded")
    assert "kept and told" in said["synerise"]["default"]["why"]
    assert anna.clicks_once().status_code == 200


@pytest.mark.parametrize("held_first", [True, False])
def test_a_lane_that_merely_waits_hides_none_that_somebody_must_mend(client, database, clock, held_first):
    held = Lane(phase="tell", held_for=MEND_IT, failures=1)
    waits = Lane(phase="read-back", failures=3)
    for lane in (held, waits) if held_first else (waits, held):
        lane.workspace, lane.destination, lane.paused_until = "default", "synerise", clock.now()
        with database.writing() as session:
            session.add(lane)
            session.commit()
    assert MEND_IT in client.get("/readyz").text


def test_an_alarm_is_shown_and_takes_no_page_away(client, anna, database, clock):
    record(database, decision(clock))
    clock.advance(hours=24)
    status, said = ready(client)
    assert (status, said["status"]) == (200, "degraded")
    assert [(alarm["name"], alarm["workspace"], alarm["level"]) for alarm in said["alarms"]] == [
        ("late", "default", "critical"), ("waiting", "default", "warning"),
    ]  # fmt: skip
    assert anna.clicks_once().status_code == 200


def test_once_it_is_mended_it_is_ready_again(client, database, clock, drained):
    record(database, decision(clock))
    drained(tell=lambda _: Misconfigured(MEND_IT))
    clock.advance(minutes=1)
    drained(tell=lambda _: Accepted())
    assert ready(client)[1]["status"] == "ready"
