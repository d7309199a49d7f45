"""Custom events, and the automation that they start."""

import pytest

from resign.sandbox import CustomAgreement

EVENTS = "/v4/events/custom"
TIME = "2026-05-04T10:11:12Z"


def event(**changes):
    made = {
        "action": "newsletter.optout",
        "label": "Opt-out",
        "time": TIME,
        "eventSalt": "optout-1",
        "client": {"email": "anna@example.com"},
        "params": {"channel": "email"},
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def agreed(api):
    return api.by_email("anna@example.com").json["agreements"]["email"]


def recorded(api, action="newsletter.optout"):
    return api.look(f"/sandbox/events?action={action}")["events"]


def test_an_event_starts_the_automation_which_switches_off_a_moment_later(api, anna):
    answer = api.post(EVENTS, event())
    assert (answer.status_code, answer.data) == (202, b"")
    assert agreed(api) is True
    api.settled()
    assert agreed(api) is False


def test_the_undo_event_switches_on_again(api, anna):
    api.post(EVENTS, event())
    api.settled()
    api.post(EVENTS, event(action="newsletter.optout.undone"))
    api.settled()
    assert agreed(api) is True


def test_a_stopped_automation_accepts_and_changes_nothing(api, anna):
    assert api.control("POST", "/sandbox/automation", {"running": False}).json["running"] is False
    assert api.post(EVENTS, event()).status_code == 202
    api.settled()
    assert agreed(api) is True
    assert api.look("/sandbox/automation")["missed"] == 1
    api.control("POST", "/sandbox/automation", {"running": True})
    api.settled()
    assert agreed(api) is True


@pytest.mark.parametrize(
    "client", [{"customId": "C-1"}, {"id": 400_000_001}, {"uuid": "x", "customId": "C-1"}]
)
def test_the_client_may_be_named_in_other_ways(api, anna, client):
    assert api.post(EVENTS, event(client=client)).status_code == 202
    api.settled()
    assert agreed(api) is False


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", None),
        ("action", "newsletter optout"),
        ("action", "é.x"),
        ("action", ""),
        ("action", "a" * 33),
        ("action", 7),
        ("label", None),
        ("label", ""),
        ("client", None),
        ("client", {}),
        ("client", "anna@example.com"),
        ("client", {"clientId": 400_000_001}),
        ("client", {"phone": "+48 22 123"}),
        ("time", "yesterday"),
        ("time", 7),
        ("params", []),
        ("eventSalt", 7),
    ],
)
def test_a_bad_field_is_400_and_named(api, anna, field, value):
    answer = api.post(EVENTS, event(**{field: value}))
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == field
    assert recorded(api) == []


@pytest.mark.parametrize("client", [{"id": "x"}, {"email": "anna"}, {"customId": "a\nb"}])
def test_a_bad_identifier_of_the_client_is_400(api, client):
    assert api.post(EVENTS, event(client=client)).status_code == 400


def test_an_action_of_exactly_32_characters_is_taken_and_becomes_a_definition(api, anna):
    assert api.post(EVENTS, event(action="a" * 32)).status_code == 202
    assert "a" * 32 in api.look("/sandbox/events")["definitions"]


def test_the_same_salt_overwrites_and_starts_nothing(api, anna):
    api.post(EVENTS, event())
    api.settled()
    api.post("/v4/clients/by-email/anna@example.com", {"agreements": {"email": True}})
    api.settled()
    assert api.post(EVENTS, event(params={"channel": "again"})).status_code == 202
    api.settled()
    assert agreed(api) is True
    [only] = recorded(api)
    assert only["params"] == {"channel": "again"}


@pytest.mark.parametrize(
    "other", [{"eventSalt": "optout-2"}, {"eventSalt": None}, {"time": "2026-05-04T10:11:13Z"}]
)
def test_another_salt_or_time_is_another_event(api, anna, other):
    api.post(EVENTS, event())
    api.post(EVENTS, event(**other))
    assert len(recorded(api)) == 2


def test_a_future_time_is_replaced_and_makes_the_salt_useless(api, anna):
    future = "2099-01-01T00:00:00Z"
    api.post(EVENTS, event(time=future))
    api.clock.advance(1)
    api.post(EVENTS, event(time=future))
    first, second = recorded(api)
    assert first["time"] != second["time"]
    assert first["time"].startswith("2027-01-15")


def test_reserved_parameters_are_left_out(api, anna):
    sent = dict.fromkeys(
        ["modifiedBy", "apiKey", "eventUUID", "ip", "time", "businessProfileId", "optout_ip"], "x"
    )
    api.post(EVENTS, event(params=sent))
    assert recorded(api)[0]["params"] == {"optout_ip": "x"}


def test_an_email_parameter_must_be_the_profile_s(api, anna):
    assert api.post(EVENTS, event(params={"email": "other@example.com"})).status_code == 400
    assert api.post(EVENTS, event(params={"email": "anna@example.com"})).status_code == 202


def test_an_event_for_nobody_is_accepted_and_dropped(api):
    assert api.post(EVENTS, event()).status_code == 202
    api.settled()
    assert api.look("/sandbox/profiles")["counts"]["total"] == 0


def test_the_lists_of_the_key_decide_what_may_be_sent(api, anna):
    api.control("POST", "/sandbox/key", {"event_denylist": ["newsletter.optout"]})
    assert api.post(EVENTS, event()).status_code == 403
    api.control("POST", "/sandbox/key", {"event_denylist": [], "event_allowlist": ["page.visit"]})
    assert api.post(EVENTS, event()).status_code == 403
    assert api.post(EVENTS, event(action="page.visit")).status_code == 202


def test_with_shared_addresses_an_event_needs_another_name_and_sets_the_attribute(make):
    api = make(emails="non-unique")
    api.seed({"customId": "C-1", "email": "us@example.com"})
    assert api.post(EVENTS, event(client={"email": "us@example.com"})).status_code == 400
    assert api.post(EVENTS, event(client={"customId": "C-1"})).status_code == 202
    api.settled()
    assert api.by_custom_id("C-1").json["attributes"] == {"email_marketing_agreement": "disabled"}


def test_a_custom_agreement_has_its_own_branch_and_an_unknown_one_has_none(make):
    api = make(custom_agreements={"alcohol": CustomAgreement("agreeToAlcoholAds", on=True, off=False)})
    api.seed({"email": "anna@example.com", "attributes": {"agreeToAlcoholAds": True}})
    api.post(EVENTS, event(params={"agreement": "alcohol"}))
    api.post(EVENTS, event(eventSalt="2", params={"agreement": "no such thing"}))
    api.settled()
    profile = api.by_email("anna@example.com").json
    assert profile["attributes"] == {"agreeToAlcoholAds": False}
    assert profile["agreements"]["email"] is True


def test_a_batch_of_events_is_taken_whole(api, anna):
    items = [event(type="custom", eventSalt=str(number)) for number in range(3)]
    assert api.post("/v4/events/batch", items).status_code == 202
    assert len(recorded(api)) == 3


@pytest.mark.parametrize("bad", [{"type": None}, {"action": "not ok", "type": "custom"}])
def test_a_batch_with_one_bad_event_is_refused_whole(api, anna, bad):
    items = [event(type="custom"), event(**bad)]
    assert api.post("/v4/events/batch", items).status_code == 400
    assert recorded(api) == []


def test_a_batch_of_events_has_the_ceilings_of_every_batch(api, anna):
    assert api.post("/v4/events/batch", [event(type="custom")] * 1001).status_code == 400
    assert api.post("/v4/events/batch", []).status_code == 400
    assert api.post("/v4/events/batch", b"[" + b" " * 1_000_000 + b"]").status_code == 413


INCOMING = "/automation/incoming/3f8e2f0a-sandbox"


@pytest.mark.parametrize(
    "who",
    [
        {"email": "anna@example.com"},
        {"customId": "C-1"},
        {"clientId": 400_000_001},
        {"clientId": "400000001"},
    ],
)
def test_the_incoming_integration_starts_the_same_automation(api, anna, who):
    assert api.post(INCOMING, {**who, "agreement": "newsletter", "choice": "opt-out"}).status_code == 202
    assert agreed(api) is True
    api.settled()
    assert agreed(api) is False
    api.post(INCOMING, {**who, "choice": "opt-in"})
    api.settled()
    assert agreed(api) is True


def test_the_incoming_integration_refuses_what_is_no_json_or_has_no_token(api):
    assert (
        api.post(INCOMING, b"choice=opt-out", content_type="application/x-www-form-urlencoded").status_code
        == 415
    )
    assert api.post(INCOMING, b"{").status_code == 400
    assert api.post(INCOMING, []).status_code == 400
    assert api.post(INCOMING, {}, headers={"Authorization": ""}).status_code == 401
    assert api.post(INCOMING, {}, headers={"Authorization": "Basic eA=="}).status_code == 401
    assert api.post(INCOMING + "x", {}).status_code == 404


def test_the_same_deduplication_hash_starts_nothing(api, anna):
    body = {"email": "anna@example.com", "choice": "opt-out"}
    for _ in range(2):
        assert api.post(INCOMING, body, headers={"X-Deduplication-Hash": "h"}).status_code == 202
    assert api.look("/sandbox/automation")["started"] == 1
    api.post(INCOMING, body, headers={"X-Deduplication-Hash": "other"})
    assert api.look("/sandbox/automation")["started"] == 2


def test_nested_documents_are_flattened_and_one_without_a_choice_changes_nothing(api, anna):
    assert api.post(INCOMING, {"email": "anna@example.com", "a": {"b": {"c": 1}}}).status_code == 202
    api.settled()
    assert agreed(api) is True
    assert recorded(api, "business.event")[0]["params"]["a.b.c"] == 1
