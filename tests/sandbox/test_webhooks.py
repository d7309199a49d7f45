"""The outgoing integration, and what Synerise's own side does without us."""

import json
import time
from datetime import UTC, datetime

import pytest

OFF = {"agreements": {"email": False}}


@pytest.fixture
def hooked(make, receiver):
    """A sandbox on real time that tells the receiver about everything."""
    api = make(apply_after=0.01)
    api.app.extensions["sandbox"].clock = time.time
    api.token = api.login().json["token"]
    api.seed({"email": "anna@example.com", "customId": "C-1", "attributes": {"resign_token": "tok"}})
    answer = api.control("POST", "/sandbox/webhooks", {"url": f"{receiver.url}/hook", "token": "s3cret"})
    assert answer.status_code == 201
    yield api
    api.control("DELETE", "/sandbox/webhooks")


def test_an_opt_out_is_told_with_nobody_looking(hooked, receiver):
    hooked.post("/v4/clients/by-email/anna@example.com", OFF)
    received = receiver.wait(2)
    bodies = [json.loads(body) for _, _, body in received]
    assert [body["action"] for body in bodies] == ["profile.updated", "marketingAgreement.turnOff"]
    path, headers, body = received[1]
    assert path == "/hook"
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Content-Type"] == "application/json"
    told = json.loads(body)
    assert datetime.fromisoformat(told.pop("time")).tzinfo is UTC
    assert told == {
        "email": "anna@example.com",
        "customId": "C-1",
        "action": "marketingAgreement.turnOff",
        "method": "",
        "campaign": "",
        "variant": "",
        "token": "tok",
    }


def test_each_profile_is_its_own_request(hooked, receiver):
    hooked.seed(*({"email": f"p{number}@example.com"} for number in range(3)))
    items = [{"email": f"p{number}@example.com", **OFF} for number in range(3)]
    hooked.post("/v4/clients/batch", items)
    bodies = [json.loads(body) for _, _, body in receiver.wait(6)]
    told = [body["email"] for body in bodies if body["action"] == "marketingAgreement.turnOff"]
    assert told == [item["email"] for item in items]


def test_a_write_that_changes_nothing_is_not_told(hooked, receiver):
    hooked.post("/v4/clients/by-email/anna@example.com", {"agreements": {"email": True}})
    hooked.post("/v4/clients/by-email/anna@example.com", {"lastName": "Nowak"})
    [(_, _, body)] = receiver.wait(1)
    assert json.loads(body)["action"] == "profile.updated"


def test_synerise_s_own_one_click_raises_the_unsubscribe_and_then_the_turn_off(api, anna, receiver):
    events = ["newsletter.unsubscribe", "marketingAgreement.turnOff"]
    api.control("POST", "/sandbox/webhooks", {"url": receiver.url, "token": "t", "events": events})
    asked = {"choice": "opt-out", "method": "ONECLICK_LINK", "campaign": "spring", "variant": "B"}
    answer = api.control("POST", f"/sandbox/profiles/{anna}/agreement", asked)
    assert answer.json == {"clientId": anna, "agreement": "disabled"}
    bodies = [json.loads(body) for _, _, body in receiver.wait(2)]
    assert [body["action"] for body in bodies] == events
    assert {(body["method"], body["campaign"], body["variant"]) for body in bodies} == {
        ("ONECLICK_LINK", "spring", "B")
    }
    api.control("DELETE", "/sandbox/webhooks")


def test_somebody_can_be_switched_on_elsewhere(api, anna):
    for choice, agreement in (("opt-out", "disabled"), ("opt-in", "enabled")):
        answer = api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": choice})
        assert answer.json["agreement"] == agreement
    actions = [event["action"] for event in api.look("/sandbox/events")["events"]]
    assert "newsletter.unsubscribe" not in actions
    assert actions.count("marketingAgreement.turnOn") == 1


def test_switching_refuses_what_is_no_choice_and_nobody(api, anna):
    assert api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "off"}).status_code == 400
    assert api.control("POST", "/sandbox/profiles/1/agreement", {"choice": "opt-out"}).status_code == 404


def test_the_body_is_a_template_of_one_s_own(api, anna, receiver):
    body = '{"who": "{{ customer.firstname }}", "missing": "{{ customer.nothing }}", "now": "{{ customer.newsletter_agreement }}"}'
    api.control("POST", "/sandbox/webhooks", {"url": receiver.url, "token": "t", "body": body})
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    received = receiver.wait(2)
    assert json.loads(received[1][2]) == {"who": "Anna", "missing": "", "now": "disabled"}
    api.control("DELETE", "/sandbox/webhooks")


def test_a_body_that_cannot_be_made_is_a_request_that_is_not_made(api, anna, receiver):
    for body in ("{{ 1 / 0 }}", "{% kill %}"):
        api.control("POST", "/sandbox/webhooks", {"url": receiver.url, "token": "t", "body": body})
    api.control(
        "POST", "/sandbox/webhooks", {"url": receiver.url, "token": "t", "events": ["profile.updated"]}
    )
    assert (
        api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"}).status_code == 200
    )
    assert len(receiver.wait(1)) == 1
    assert [hook["outcomes"] for hook in api.look("/sandbox/webhooks")["webhooks"][:2]] == [[0, 0], [0, 0]]
    api.control("DELETE", "/sandbox/webhooks")


def test_the_outcome_is_logged_on_the_profile(api, anna, receiver):
    receiver.answers["status"] = 500
    events = ["marketingAgreement.turnOff"]
    api.control("POST", "/sandbox/webhooks", {"url": receiver.url, "token": "t", "events": events})
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    receiver.wait(1)
    deadline = time.monotonic() + 5
    while not (logged := api.look("/sandbox/events?action=webhook.response")["events"]):
        assert time.monotonic() < deadline
    assert (logged[0]["clientId"], logged[0]["params"]["status"]) == (anna, 500)
    assert api.look("/sandbox/webhooks")["webhooks"][0]["outcomes"] == [500]
    api.control("DELETE", "/sandbox/webhooks")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://localhost/hook",
        "http://10.0.0.1/hook",
        "http://169.254.169.254/",
        "http://localhost.example.com/",
        "http://127.0.0.1@example.com/",
        "http://0.0.0.0/",
        "http://localhost:99999/",
        "http://localhost/a b",
        "http://localhost/\r\nX: y",
        "file:///etc/passwd",
        "localhost",
    ],
)
def test_only_this_machine_is_ever_called(api, url):
    assert api.control("POST", "/sandbox/webhooks", {"url": url, "token": "t"}).status_code == 400
    assert api.look("/sandbox/webhooks")["webhooks"] == []


@pytest.mark.parametrize(
    "url", ["http://localhost:1/", "http://127.0.0.1:1/x", "http://[::1]:1/", "http://a.localhost"]
)
def test_every_spelling_of_this_machine_may_be_registered(api, url):
    assert api.control("POST", "/sandbox/webhooks", {"url": url, "token": "t"}).status_code == 201
    api.control("DELETE", "/sandbox/webhooks")


@pytest.mark.parametrize(
    "asked",
    [
        {"url": "http://localhost/"},
        {"token": "t"},
        {"url": "http://localhost/", "token": "t", "x": 1},
        {"url": "http://localhost/", "token": "t", "auth": "digest"},
        {"url": "http://localhost/", "token": "t", "auth": []},
        {"url": "http://localhost/", "token": "t", "auth": "basic"},
        {"url": "http://localhost/", "auth": "basic", "login": "synerise"},
        {"url": "http://localhost/", "token": "t", "headers": "X-Tag: a"},
        {"url": "http://localhost/", "token": "t", "headers": {"X-Tag": 1}},
        {"url": "http://localhost/", "token": "t", "headers": {"X-Tag": "a\r\nX: y"}},
        {"url": "http://localhost/", "token": "t", "headers": {"X Tag": "a"}},
        {"url": "http://localhost/", "token": "t", "headers": {"Authorization": "Bearer t"}},
        {"url": "http://localhost/", "token": "t", "headers": {"Host": "elsewhere"}},
    ],
)
def test_a_webhook_that_is_not_understood_is_400(api, asked):
    assert api.control("POST", "/sandbox/webhooks", asked).status_code == 400
