"""A decision that another system brings: weighed, durable before it is acknowledged, one write however often it is sent."""

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from resign.api_keys.tables import ApiAnswer
from resign.keeping import Keeping
from resign.ledger import uploading
from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Decision, HashedOptOut
from resign.outbox.worker import Worker
from tests.api.conftest import ADDRESS, ELSEWHERE, HERE, Caller
from tests.support.destination import ScriptedDestination


def count(database, table=Decision) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_an_opt_out_is_recorded_with_all_that_was_said(crm, database, clock):
    answer = crm.writes(at="2026-05-04T11:00:00+02:00", campaign="spring", language="pl")
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/decisions/{answer.json['id']}"
    assert answer.json["verdict"] == "recorded"
    with database.reading() as session:
        kept = session.scalars(select(Decision)).one()
    assert str(kept.id) == answer.json["id"]
    assert (kept.identifier, kept.choice, kept.agreement) == (ADDRESS, "opt-out", "newsletter")
    assert (kept.campaign, kept.language, kept.at.isoformat()) == (
        "spring",
        "pl",
        "2026-05-04T09:00:00+00:00",
    )
    assert kept.owed


def test_each_verdict_has_its_status(crm, clock, database):
    assert crm.writes().status_code == 201
    known = crm.writes()
    assert (known.status_code, known.json["verdict"], known.json["id"]) == (200, "known", None)
    assert known.json["held"]["choice"] == "opt-out"
    clock.advance(hours=1)
    late = clock.now().isoformat()
    out = crm.writes(choice="opt-in")
    assert (out.status_code, out.json["type"]) == (409, "/api/v1/problems#opted-out")
    bare = crm.writes(choice="opt-in", at=late)
    assert (bare.status_code, bare.json["type"]) == (409, "/api/v1/problems#no-evidence")
    assert count(database) == 1
    assert crm.writes(choice="opt-in", at=late, evidence="form 7, confirmed by mail").status_code == 201
    older = crm.writes(at="2026-05-04T10:00:00Z")
    assert (older.status_code, older.json["verdict"]) == (200, "newer-opt-in")
    ahead = crm.writes(at="2026-05-05T10:00:00Z")
    assert (ahead.status_code, ahead.json["type"]) == (422, "/api/v1/problems#future")
    assert count(database) == 2


def test_an_opt_in_of_somebody_on_a_list_of_hashes_is_refused(crm, database, clock):
    with database.writing() as session:
        session.add(
            HashedOptOut(
                workspace=HERE, agreement="all", hash=plain_hash(ADDRESS), kind="sha256", at=clock.now()
            )
        )
        session.commit()
    answer = crm.writes(choice="opt-in", evidence="form")
    assert (answer.status_code, answer.json["type"]) == (409, "/api/v1/problems#suppressed")


@pytest.mark.parametrize(
    "changed", [{"agreement": "beer"}, {"agreement": "all", "choice": "opt-in"}, {"agreement": "NEWSLETTER"}]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_agreement_that_nobody_declared_is_refused(crm, changed):
    answer = crm.writes(**changed)
    assert (answer.status_code, answer.json["type"]) == (422, "/api/v1/problems#unknown-agreement")


def test_own_agreements_and_everything_can_be_opted_out_of(crm):
    assert crm.writes(agreement="wine").status_code == 201
    assert crm.writes(agreement="all").status_code == 201
    assert crm.writes(agreement="wine").json["verdict"] == "known"


def test_the_same_request_with_the_same_idempotency_key_is_one_write_and_one_answer(crm, database, clock):
    first = crm.writes(again="a-1")
    second = crm.writes(again="a-1")
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert first.headers["Location"] == second.headers["Location"]
    # Without it, it would be said that this is known already.
    assert crm.writes().json["verdict"] == "known"
    assert count(database) == 1


def test_a_refusal_is_the_same_answer_too(crm, database, clock):
    crm.writes()
    refused = crm.writes(again="a-1", choice="opt-in")
    assert refused.status_code == 409
    again = crm.writes(again="a-1", choice="opt-in")
    assert (again.status_code, again.data) == (409, refused.data)
    assert again.content_type == "application/problem+json"


def test_the_same_idempotency_key_with_something_else_is_refused(crm, database):
    crm.writes(again="a-1")
    answer = crm.writes(again="a-1", campaign="spring")
    assert (answer.status_code, answer.json["type"]) == (422, "/api/v1/problems#idempotency-key-reused")
    assert count(database) == 1


def test_each_api_key_has_its_own(crm, caller, new_key, database):
    crm.writes(again="a-1")
    other = caller(new_key()).writes(again="a-1", campaign="spring")
    assert other.json["verdict"] == "known"


def test_twenty_at_once_with_one_idempotency_key_are_one_write(crm, application, database):
    ready, answers = threading.Barrier(20), []

    def write():
        caller = Caller(application, crm.key)
        ready.wait()
        answers.append(caller.writes(again="at-once"))

    threads = [threading.Thread(target=write) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {(each.status_code, each.data) for each in answers} == {(201, answers[0].data)}
    assert count(database) == 1


@pytest.mark.parametrize("given", ["", "x" * 256, "kęy", "a\tb"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_idempotency_key_that_cannot_be_kept_is_refused(crm, given, database):
    answer = crm.writes(again=given)
    assert (answer.status_code, answer.json["type"]) == (400, "/api/v1/problems#bad-idempotency-key")
    assert count(database) == 0


def test_what_was_answered_is_kept_for_a_day_and_no_longer(crm, database, settings, clock):
    crm.writes(again="a-1")
    clock.advance(hours=23, minutes=59)
    assert crm.writes(again="a-1").status_code == 201
    keeping = Keeping(database, settings.workspaces, clock)
    keeping.step()
    assert count(database, ApiAnswer) == 1
    clock.advance(minutes=1)
    assert crm.writes(again="a-1").json["verdict"] == "known"
    clock.advance(hours=24)
    while keeping.step():
        pass
    assert count(database, ApiAnswer) == 0


def test_what_is_kept_names_nobody(crm, database):
    crm.writes(again=ADDRESS)
    with database.reading() as session:
        [row] = session.execute(select(ApiAnswer.__table__)).all()
    assert ADDRESS not in repr(row)


def test_what_cannot_be_made_durable_is_not_acknowledged(crm, database, monkeypatch):
    """The commit fails after everything else went well: nothing is kept, also not the answer."""

    def lost(*_given):
        raise OperationalError("COMMIT", None, Exception("the disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr("sqlalchemy.orm.Session.commit", lost)
        answer = crm.writes(again="a-1")
    assert (answer.status_code, answer.json["type"]) == (503, "/api/v1/problems#unavailable")
    assert answer.headers["Retry-After"] == "60"
    assert (count(database), count(database, ApiAnswer)) == (0, 0)
    assert crm.writes(again="a-1").status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fault_of_ours_is_not_one_to_wait_for(crm, monkeypatch):
    def broken(*_given, **_more):
        raise ZeroDivisionError(ADDRESS)

    monkeypatch.setattr(uploading, "weigh", broken)
    answer = crm.writes()
    assert (answer.status_code, answer.json["type"]) == (500, "/api/v1/problems#internal")
    assert ADDRESS not in answer.text


def test_what_came_from_a_system_is_told_to_all_but_that_system(crm, database, settings, clock):
    synerise, there = ScriptedDestination(), ScriptedDestination(name="crm")
    worker = Worker(database, settings.workspaces, {HERE: [synerise, there], ELSEWHERE: []}, clock)
    crm.writes()
    worker.drain()
    worker.finish()
    assert [message.profile.value for message in synerise.told] == [ADDRESS]
    assert there.told == []
