"""An opt-in that another system only asks for: reported by itself, and a consent nowhere."""

import json

import pytest
from sqlalchemy import select

from resign.ledger.hashed import plain_hash
from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Decision, HashedOptOut
from tests.api.conftest import ADDRESS, HERE

ASKS = {"choice": "request", "evidence": "form 7"}


def newsletter(crm):
    consents = crm.posts("/consents/lookup", {"profile": {"email": ADDRESS}}).json["consents"]
    return next(each for each in consents if each["agreement"] == "newsletter")


def test_it_is_recorded_and_shown_as_what_it_is(crm, database):
    answer = crm.writes(**ASKS)
    assert (answer.status_code, answer.json["verdict"], answer.json["held"]) == (201, "recorded", None)
    with database.reading() as session:
        kept = session.scalars(select(Decision)).one()
    assert (kept.agreement, kept.choice, kept.origin, kept.evidence) == (REQUESTED, "opt-in", "crm", "form 7")
    shown = crm.gets(f"/decisions/{answer.json['id']}").json
    assert (shown["agreement"], shown["choice"]) == ("newsletter", "request")


def test_it_is_no_consent_and_reported_separately(crm, clock):
    crm.writes(**ASKS)
    found = newsletter(crm)
    assert (found["choice"], found["since"], found["decision"]) == (None, None, None)
    assert found["requested_at"] is not None
    clock.advance(hours=1)
    crm.writes(choice="opt-in", evidence="clicked")
    found = newsletter(crm)
    assert (found["choice"], found["requested_at"]) == ("opt-in", None)


def test_somebody_who_is_out_may_ask_and_stays_suppressed(crm, clock):
    crm.writes()
    clock.advance(hours=1)
    assert crm.writes(**ASKS).json["type"] == "/api/v1/problems#opted-out"
    answer = crm.writes(**ASKS, at=clock.now().isoformat())
    assert (answer.status_code, answer.json["held"]["choice"]) == (201, "opt-out")
    [checked] = crm.posts("/suppressions/check", {"profiles": [{"email": ADDRESS}]}).json["results"]
    assert (checked["suppressed"], checked["why"]) == (True, "opted-out")
    assert newsletter(crm)["choice"] == "opt-out"


def test_whoever_follows_opt_ins_does_not_meet_it(crm):
    crm.writes(**ASKS)

    def found(query):
        return [each["choice"] for each in crm.gets(f"/decisions?{query}").json["decisions"]]

    assert found("choice=opt-in") == []
    assert found("choice=request") == found("agreement=newsletter") == found("") == ["request"]


@pytest.mark.parametrize(("agreement", "type_"), [("wine", "invalid"), ("all", "unknown-agreement")])
def test_only_the_newsletter_can_be_asked_for(crm, agreement, type_):
    answer = crm.writes(**ASKS, agreement=agreement)
    assert (answer.status_code, answer.json["type"]) == (422, f"/api/v1/problems#{type_}")
    assert (
        crm.writes(agreement=REQUESTED, choice="opt-in").json["type"] == "/api/v1/problems#unknown-agreement"
    )
    assert crm.gets(f"/suppressions/{'0' * 32}?agreement={REQUESTED}").status_code == 422


def test_whoever_is_on_a_list_of_hashes_is_not_mailed(crm, database, clock):
    with database.writing() as session:
        session.add(
            HashedOptOut(
                workspace=HERE,
                agreement="newsletter",
                hash=plain_hash(ADDRESS),
                kind="sha256",
                at=clock.now(),
                batch=None,
            )
        )
        session.commit()
    assert crm.writes(**ASKS).json["type"] == "/api/v1/problems#suppressed"


def test_many_at_once_say_the_same(crm):
    lines = '{"profile":{"email":"anna@example.com"},"choice":"request"}\n' * 2
    answer = crm.asks("POST", "/decisions/bulk", data=lines, headers={"Content-Type": "application/x-ndjson"})
    assert [json.loads(each)["result"] for each in answer.text.splitlines()] == ["recorded", "kept"]
