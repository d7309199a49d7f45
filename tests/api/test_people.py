"""Consents of a profile, links for many, and how the destinations do."""

import pytest
from sqlalchemy import update
from werkzeug.test import Client

from resign.outbox.lanes import stop
from resign.outbox.tables import Lane
from resign.outbox.worker import Worker
from tests.api.conftest import ADDRESS, ELSEWHERE, HERE
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record
from tests.support.destination import ScriptedDestination


@pytest.fixture
def work(database, settings, clock):
    def done() -> None:
        worker = Worker(database, settings.workspaces, {HERE: [ScriptedDestination()], ELSEWHERE: []}, clock)
        worker.drain()
        clock.advance(minutes=1)
        worker.drain()
        worker.finish()

    return done


def test_a_profiles_consents_say_since_when_and_whether_they_are_confirmed(crm, database, clock, work):
    out = crm.writes().json["id"]
    before = crm.posts("/consents/lookup", {"profile": {"email": ADDRESS.upper()}}).json
    assert before == {
        "digest": ANNA.digest(DIGEST_KEY),
        "consents": [
            {"agreement": "newsletter", "choice": "opt-out", "since": "2026-05-04T10:11:12Z", "until": None, "decision": out, "confirmed_at": None, "requested_at": None},
            {"agreement": "wine", "choice": None, "since": None, "until": None, "decision": None, "confirmed_at": None, "requested_at": None},
        ],
    }  # fmt: skip
    work()
    after = crm.gets(f"/consents?digest={before['digest']}").json
    assert after["consents"][0]["confirmed_at"] == "2026-05-04T10:12:12Z"
    clock.advance(hours=1)
    crm.writes(agreement="all")
    assert [each["choice"] for each in crm.gets(f"/consents?digest={before['digest']}").json["consents"]] == [
        "opt-out",
        "opt-out",
    ]


def test_another_workspaces_consents_are_not_told(caller, new_key, crm):
    crm.writes()
    there = caller(new_key(workspace=ELSEWHERE)).posts("/consents/lookup", {"profile": {"email": ADDRESS}})
    assert [each["choice"] for each in there.json["consents"]] == [None, None]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whose_consents_must_be_said(crm):
    assert crm.gets("/consents").status_code == 400
    assert crm.gets(f"/consents?email={ADDRESS}").status_code == 400
    assert crm.posts("/consents/lookup", {"profile": {"email": "x"}}).status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_links_are_minted_that_open(application, crm):
    asked = {"profiles": [{"email": ADDRESS}, {"email": "x"}, {"customId": "C-1"}]}
    links = crm.posts("/links", asked).json["links"]
    assert [each["problem"] is None for each in links] == [True, False, True]
    assert links == crm.posts("/links", asked).json["links"]
    for each in (links[0], links[2]):
        path = each["url"].partition("/u/")[2]
        assert path == each["token"]
        assert Client(application).get(f"/u/{path}").status_code == 200
        assert each["preferences"].endswith(f"/p/{path}")
    pressed = Client(application).post(
        f"/u/{links[0]['token']}", data=b"List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )  # fmt: skip
    assert pressed.status_code == 200
    [found] = crm.gets("/decisions").json["decisions"]
    assert found["profile"]["value"] == ADDRESS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_thousand_links_and_no_more(crm):
    many = [{"customId": "x" * 200 + str(number)} for number in range(1_001)]
    assert len(crm.posts("/links", {"profiles": many[:1_000]}).json["links"]) == 1_000
    assert crm.posts("/links", {"profiles": many}).status_code == 422
    huge = [{"customId": "\x1f" * 254} for _ in range(1_000)]
    assert crm.posts("/links", {"profiles": huge}).status_code == 413


def test_destinations_say_what_is_owed_and_what_holds_it_up(crm, database, clock, settings, work):
    def synerise() -> dict[str, object]:
        found = crm.gets("/destinations").json["destinations"]
        return next(each for each in found if each["name"] == "synerise")

    assert (synerise()["state"], synerise()["owed"]) == ("open", 0)
    since = clock.now()
    record(database, decision(clock, workspace=HERE))
    with database.writing() as session:
        stop(session, HERE, "synerise", "mia", "maintenance there", clock.now())
        session.commit()
    work()
    stopped = synerise()
    assert (stopped["state"], stopped["why"], stopped["owed"]) == ("stopped", "maintenance there", 1)
    assert stopped["oldest"] == since.isoformat().replace("+00:00", "Z")
    with database.writing() as session:
        session.execute(update(Lane).values(stopped_at=None, held_for="the key is wrong", paused_until=clock.now(), since=clock.now()))  # fmt: skip
        session.commit()
    assert (synerise()["state"], synerise()["why"]) == ("held", "the key is wrong")
