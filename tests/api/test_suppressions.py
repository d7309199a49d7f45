"""May somebody be mailed? Asked by address, by identifier and by digest; in doubt the answer is no."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Consent, HashedOptOut
from resign.outbox.worker import Worker
from resign.profile import Profile
from tests.api.conftest import ADDRESS, ELSEWHERE, HERE
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record
from tests.support.destination import ScriptedDestination

CUSTOM = Profile("customId", "C-1")


def why(caller, *who, agreement: str = "newsletter"):
    answer = caller.posts("/suppressions/check", {"profiles": list(who), "agreement": agreement})
    assert answer.status_code == 200, answer.text
    for each in answer.json["results"]:
        assert each["suppressed"] is (each["why"] is not None)
    return [each["why"] for each in answer.json["results"]]


def listed(
    database, clock, digest: str, kind: str, agreement: str = "newsletter", workspace: str = HERE
) -> None:
    with database.writing() as session:
        session.add(
            HashedOptOut(workspace=workspace, agreement=agreement, hash=digest, kind=kind, at=clock.now())
        )
        session.commit()


def test_whoever_is_out_must_not_be_mailed_by_whatever_way_they_are_named(crm, database, clock):
    record(database, decision(clock, ANNA, workspace=HERE), decision(clock, CUSTOM, workspace=HERE))
    digest = ANNA.digest(DIGEST_KEY)
    asked = [{"email": ADDRESS}, {"email": ADDRESS.upper()}, {"digest": digest}, {"customId": "C-1"}, {"customId": "C-2"},
             {"clientId": "1"}, {"email": BORIS.value}, {"digest": "0" * 32}]  # fmt: skip
    assert why(crm, *asked) == ["opted-out"] * 4 + [None] * 4
    one = crm.gets(f"/suppressions/{digest}").json
    assert one == {
        "suppressed": True, "why": "opted-out", "since": "2026-05-04T10:11:12Z", "digest": digest,
    }  # fmt: skip
    assert crm.gets(f"/suppressions/{'0' * 32}").json["suppressed"] is False


def test_the_newest_decision_holds_and_each_agreement_has_its_own(crm, database, clock):
    record(
        database,
        decision(clock, workspace=HERE),
        decision(clock, choice="opt-in", workspace=HERE),
        decision(clock, BORIS, choice="opt-in", workspace=HERE),
        decision(clock, BORIS, workspace=HERE, agreement="all"),
        decision(clock, BORIS, choice="opt-in", workspace=HERE, agreement="wine"),
        decision(clock, workspace=ELSEWHERE),
    )
    assert why(crm, {"email": ADDRESS}, {"email": BORIS.value}) == [None, "stopped-everything"]
    assert why(crm, {"email": ADDRESS}, {"email": BORIS.value}, agreement="wine") == [None, None]


def test_a_break_is_an_opt_out_while_it_lasts(crm, database, clock):
    record(database, decision(clock, workspace=HERE, until=clock.now() + timedelta(days=30)))
    assert why(crm, {"email": ADDRESS}) == ["opted-out"]


@pytest.mark.parametrize(
    ("kind", "agreement"), [("sha256", "newsletter"), ("sha256", "all"), ("keyed", "newsletter")]
)
def test_whoever_is_on_a_list_of_hashes_must_not_be_mailed(crm, database, clock, kind, agreement):
    digest = plain_hash(ADDRESS) if kind == "sha256" else ANNA.digest(DIGEST_KEY)
    record(database, decision(clock, choice="opt-in", workspace=HERE))
    clock.advance(hours=1)
    listed(database, clock, digest, kind, agreement)
    listed(database, clock, plain_hash(BORIS.value), "sha256", workspace=ELSEWHERE)
    asked = [{"email": ADDRESS}, {"email": BORIS.value}, {"digest": ANNA.digest(DIGEST_KEY)}]
    # A plain hash says nothing to whoever has the keyed digest alone.
    assert why(crm, *asked) == ["on-a-list", None, "on-a-list" if kind == "keyed" else None]
    assert why(crm, {"email": ADDRESS}, agreement="wine") == (["on-a-list"] if agreement == "all" else [None])
    clock.advance(hours=1)
    record(database, decision(clock, choice="opt-in", workspace=HERE))
    assert why(crm, {"email": ADDRESS}) == [None]


def test_an_opt_out_under_a_customid_holds_for_the_address_that_was_read_back(crm, database, settings, clock):
    record(database, decision(clock, CUSTOM, workspace=HERE))
    worker = Worker(database, settings.workspaces, {HERE: [ScriptedDestination()], ELSEWHERE: []}, clock)
    worker.drain()
    worker.finish()
    with database.writing() as session:
        session.execute(update(Consent).values(email=ADDRESS, email_digest=ANNA.digest(DIGEST_KEY)))
        session.commit()
    assert why(crm, {"email": ADDRESS}, {"email": BORIS.value}) == ["out-as-somebody-else", None]
    assert why(crm, {"email": ADDRESS}, agreement="wine") == [None]
    record(database, decision(clock, choice="opt-in", workspace=HERE))
    assert why(crm, {"email": ADDRESS}) == [None]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_can_be_nobody_is_not_mailed_and_holds_up_nobody(crm, database, clock):
    record(database, decision(clock, workspace=HERE))
    assert why(crm, {"email": "no address"}, {"email": ADDRESS}, {"clientId": "x"}) == [
        "nobody",
        "opted-out",
        "nobody",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"profiles": []}, "invalid"), ({"profiles": [{}]}, "invalid"), ({"profiles": [{"digest": "x"}]}, "invalid"),
        ({"profiles": [{"customId": str(n)} for n in range(1_001)]}, "invalid"), ({}, "invalid"),
        ({"profiles": [{"customId": "1"}], "agreement": "beer"}, "unknown-agreement"),
        ({"profiles": [{"customId": "1"}], "agreement": "all"}, "unknown-agreement"),
    ],
)  # fmt: skip
def test_a_question_that_is_none_is_refused(crm, asked, name):
    answer = crm.posts("/suppressions/check", asked)
    assert (answer.status_code, answer.json["type"]) == (422, f"/api/v1/problems#{name}")


def test_a_thousand_are_asked_about_at_once(crm, database, clock):
    people = [Profile("email", f"{'x' * 50}{number}@example.com") for number in range(1_000)]
    record(database, *(decision(clock, each, workspace=HERE) for each in people[::2]))
    found = why(crm, *({"email": each.value} for each in people))
    assert found == ["opted-out", None] * 500


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_digest_is_not_found(crm):
    for path in ("x", "0" * 31, ("0" * 32).upper().replace("0", "A"), ADDRESS):
        assert crm.gets(f"/suppressions/{path}").status_code == 404
    assert crm.gets(f"/suppressions/{'0' * 32}?agreement=beer").status_code == 422
    assert crm.gets(f"/suppressions/{'0' * 32}?more=1").status_code == 400
