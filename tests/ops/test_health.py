"""`/healthz` says that the process answers, whatever else is wrong; `/readyz` says whether opt-outs can be taken."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from resign.alarms.troubled import Takes
from resign.app import web_application
from resign.feeds.tables import Feed, FeedLane
from resign.ops.elsewhere import _WORDS
from resign.outbox.contract import Accepted, Misconfigured, Unreachable
from resign.outbox.lanes import stop
from resign.outbox.tables import Lane
from resign.settings.destinations import WebhookTo
from tests.support.decisions import BORIS, decision, record

MEND_IT = "Synerise refuses the API key (401): put a valid one into RESIGN_SYNERISE_API_KEY"


def ready(client) -> tuple[int, dict]:
    answer = client.get("/readyz")
    assert answer.mimetype == "application/json"
    return answer.status_code, json.loads(answer.text)


@pytest.fixture
def naming(settings, clock, database):
    """The views where the settings name webhooks of these names."""

    def make(*names: str) -> Client:
        return Client(web_application(_with(settings, *names), clock, database), use_cookies=False)

    return make


def _with(settings, *names: str):
    named = {name: WebhookTo(name=name, url="https://hooks.example/", secrets=()) for name in names}
    default = replace(settings.workspaces["default"], destinations=named)
    return replace(settings, workspaces={"default": default})


def test_the_process_answers_without_a_database(client_of, url_of_nothing):
    answer = client_of(url_of_nothing).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_all_is_well(client):
    assert ready(client) == (
        200,
        {
            "status": "ready",
            "database": {"ok": True},
            "synerise": {"default": {"ok": True}},
            "destinations": [],
            "alarms": [],
        },
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


def test_a_way_to_synerise_that_somebody_has_paused_is_shown_at_once(client, database, clock, drained):
    record(database, decision(clock))
    drained()
    with database.writing() as session:
        stop(session, "default", "synerise", "ada", "maintenance <there>", clock.now())
        session.commit()
    status, said = ready(client)
    assert (status, said["status"]) == (200, "degraded")
    assert (
        said["synerise"]["default"]["why"] == "somebody has paused it by hand; `resign outbox resume` ends it"
    )
    assert "maintenance" not in client.get("/readyz").text


def test_what_the_settings_name_no_more_is_in_no_trouble(naming, database, clock):
    """A webhook that was held when it was taken out, one that was paused by hand, and the way of a workspace that was."""
    since = clock.now()
    held = {"phase": "tell", "failures": 1, "paused_until": since, "held_for": MEND_IT, "since": since}
    with database.writing() as session:
        session.add_all(
            [
                Lane(workspace="default", destination="gone", **held),
                Lane(workspace="former", destination="synerise", **held),
            ]
        )
        session.flush()
        stop(session, "default", "gone-too", "ada", "moving house", since)
        session.commit()
    clock.advance(hours=2)
    assert ready(naming())[1]["status"] == "ready"
    assert ready(naming("gone"))[1]["status"] == "degraded"
    assert ready(naming("gone-too"))[1]["status"] == "degraded"


def test_another_system_in_trouble_is_named_with_a_remedy_and_without_what_anybody_wrote(
    naming, database, clock
):
    """A webhook that knows nobody, one that somebody has paused, and a feed that did not take its file."""
    since = clock.now()
    shut = {"workspace": "default", "phase": "tell", "failures": 1, "paused_until": since, "since": since}
    late = {"workspace": "default", "destination": "nightly"}
    with database.writing() as session:
        session.add_all(
            [
                Lane(destination="crm", held_for="secret-of-the-adapter", **shut),
                Lane(destination="shop", **shut),
                Feed(**late),
                FeedLane(**late, lane="changes", since=since, owed_since=since, says="secret-of-the-sink"),
            ]
        )
        session.flush()
        stop(session, "default", "shop", "secret-name", "secret-reason", since)
        session.commit()
    clock.advance(minutes=5)
    client = naming("crm", "shop", "nightly")
    status, said = ready(client)
    assert (status, said["status"]) == (200, "degraded")
    assert [(each["name"], each["state"], each["since"]) for each in said["destinations"]] == [
        ("crm", "held", since.isoformat()), ("nightly", "late", since.isoformat()), ("shop", "stopped", since.isoformat()),
    ]  # fmt: skip
    assert ["`resign " in each["why"] for each in said["destinations"]] == [True, True, True]
    assert "secret" not in client.get("/readyz").text
    assert set(_WORDS) >= {
        (takes, stands) for takes in get_args(Takes) for stands in ("stopped", "late", "paused")
    }


def test_a_webhook_that_does_not_answer_is_no_alarm_yet_and_all_is_not_well(naming, database, clock):
    with database.writing() as session:
        session.add(Lane(workspace="default", destination="crm", phase="tell", paused_until=clock.now()))
        session.commit()
    status, said = ready(naming("crm"))
    assert (status, said["status"], said["alarms"]) == (200, "degraded", [])
    assert [each["state"] for each in said["destinations"]] == ["paused"]


def test_once_it_is_mended_it_is_ready_again(client, database, clock, drained):
    record(database, decision(clock))
    drained(tell=lambda _: Misconfigured(MEND_IT))
    clock.advance(minutes=1)
    drained(tell=lambda _: Accepted())
    assert ready(client)[1]["status"] == "ready"
