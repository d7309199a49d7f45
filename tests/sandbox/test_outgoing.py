"""Outgoing integrations: how they sign in, which events they tell of, and the options that provoke a loop."""

import json

import pytest

EVERYTHING = [
    "profile.created",
    "profile.updated",
    "marketingAgreement.turnOn",
    "marketingAgreement.turnOff",
    "message.sent",
]
OFF = {"agreements": {"email": False}}


@pytest.fixture
def register(api, receiver):
    """Registers the receiver for everything, signing in as asked."""

    def how(**asked):
        given = {"url": receiver.url, "token": "t", "events": EVERYTHING, **asked}
        answer = api.control("POST", "/sandbox/webhooks", given)
        assert answer.status_code == 201, answer.json
        return answer.json

    yield how
    api.control("DELETE", "/sandbox/webhooks")


def actions(api, *, source="synerise"):
    listed = api.look("/sandbox/events")["events"]
    return [event["action"] for event in reversed(listed) if event["source"] == source]


@pytest.mark.parametrize(
    ("how", "signed"),
    [
        ({"auth": "token", "token": "s3cret"}, "Bearer s3cret"),
        ({"auth": "basic", "login": "synerise", "password": "p:w"}, "Basic c3luZXJpc2U6cDp3"),
        ({"auth": "none"}, None),
    ],
)
def test_an_integration_signs_in_as_it_was_told(api, anna, receiver, register, how, signed):
    register(**how)
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    _, headers, _ = receiver.wait(1)[0]
    assert headers.get("Authorization") == signed


def test_headers_of_one_s_own_travel_along_and_may_name_another_type(api, anna, receiver, register):
    headers = {"X-Tag": "a", "content-type": "application/x-www-form-urlencoded"}
    shown = register(headers=headers, body="action={{ event.action|urlencode }}")
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    _, sent, body = receiver.wait(1)[0]
    assert (sent["X-Tag"], sent["content-type"]) == ("a", headers["content-type"])
    assert "Content-Type" not in sent
    assert body == b"action=profile.updated"
    assert shown["headers"] == ["X-Tag", "content-type"]


def test_no_view_shows_how_an_integration_signs_in(api, register):
    register(auth="basic", login="synerise", password="p4ss", headers={"X-Key": "h1dden"})
    register(token="s3cret")
    shown = str(api.look("/sandbox/webhooks"))
    assert not [secret for secret in ("p4ss", "h1dden", "s3cret") if secret in shown]


@pytest.mark.parametrize("path", ["/v4/clients", "/v4/clients/batch"])
def test_a_new_profile_is_told_once_it_is_complete(api, receiver, register, path):
    body = {"email": "new@example.com", "customId": "C-9", "attributes": {"resign_token": "tok"}}
    register()
    api.post(path, [body] if path.endswith("batch") else body)
    api.settled()
    told = [json.loads(sent) for _, _, sent in receiver.wait(2)]
    assert [sent["action"] for sent in told] == ["profile.created", "profile.updated"]
    assert {(sent["email"], sent["customId"], sent["token"]) for sent in told} == {
        ("new@example.com", "C-9", "tok")
    }


@pytest.mark.parametrize(
    "change", [{"email": "other@example.com"}, {"attributes": {"colour": "red"}}, {"firstName": "Ann"}, OFF]
)
def test_any_change_of_a_profile_is_told_and_none_creates_it_again(api, anna, change):
    api.post("/v4/clients/by-customid/C-1", change)
    api.post("/v4/clients", {"customId": "C-1", **change})
    api.settled()
    assert actions(api).count("profile.updated") == 1
    assert "profile.created" not in actions(api)


def test_a_mail_to_somebody_who_is_out_is_told_with_its_campaign(api, anna, receiver, register):
    register(events=["message.sent"])
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    asked = {"email": "anna@example.com", "campaign": "spring", "variant": "B", "override": True}
    api.control("POST", "/sandbox/mailbox", asked)
    [(_, _, body)] = receiver.wait(1)
    told = json.loads(body)
    assert (told["action"], told["campaign"], told["variant"]) == ("message.sent", "spring", "B")


def test_a_write_that_changes_nothing_echoes_where_it_was_asked_to(api, anna):
    def write_twice():
        for _ in range(2):
            api.post("/v4/clients/by-email/anna@example.com", OFF)
            api.settled()
        return actions(api).count("marketingAgreement.turnOff")

    assert write_twice() == 1
    assert api.control("POST", "/sandbox/options", {"echo_unchanged": True}).status_code == 200
    assert write_twice() == 3


def test_with_the_echo_an_attribute_that_is_right_already_is_told_again_and_no_agreement(api, anna):
    api.control("POST", "/sandbox/options", {"echo_unchanged": True})
    api.post("/v4/clients/by-email/anna@example.com", {"attributes": {"resign_token": "tok"}})
    api.settled()
    assert actions(api) == ["profile.updated"]


def test_where_e_mails_are_not_unique_the_attribute_echoes(make):
    api = make(emails="non-unique", echo_unchanged=True)
    api.seed({"customId": "C-1", "attributes": {api.settings.attribute: "disabled"}})
    api.post("/v4/clients/by-customid/C-1", {"attributes": {api.settings.attribute: "disabled"}})
    api.post("/v4/clients/by-customid/C-1", {"agreements": {"email": False}})
    api.settled()
    assert actions(api).count("marketingAgreement.turnOff") == 1


@pytest.mark.parametrize("event", ["marketingAgreement.turnOff", "marketingAggreement.turnOff"])
def test_the_misspelled_event_reaches_who_waits_for_either_spelling(api, anna, receiver, register, event):
    api.control("POST", "/sandbox/options", {"misspelled": True})
    register(events=[event])
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    [(_, _, body)] = receiver.wait(1)
    assert json.loads(body)["action"] == "marketingAggreement.turnOff"


def test_an_update_may_have_its_older_name(api, anna):
    api.control("POST", "/sandbox/options", {"legacy_updates": True})
    api.post("/v4/clients/by-email/anna@example.com", {"firstName": "Ann"})
    api.settled()
    assert actions(api) == ["client.updateData"]


@pytest.mark.parametrize("wanted", [{}, {"echo": True}, {"misspelled": "yes"}, {"misspelled": 1}])
def test_an_option_that_is_not_understood_changes_nothing(api, wanted):
    before = api.look("/sandbox/options")
    assert api.control("POST", "/sandbox/options", wanted).status_code == 400
    assert api.look("/sandbox/options") == before == dict.fromkeys(before, False)


def test_a_fresh_start_takes_the_options_back(api):
    api.control("POST", "/sandbox/options", {"misspelled": True})
    api.control("DELETE", "/sandbox/profiles")
    assert api.look("/sandbox/options")["misspelled"] is False
