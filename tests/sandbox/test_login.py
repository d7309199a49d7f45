"""Log-in, tokens, basic authentication and permissions."""

import base64
import json

import pytest

CHECK = "/uauth/api-key/permission-check"


def basic(guid, key):
    return {"Authorization": "Basic " + base64.b64encode(f"{guid}:{key}".encode()).decode()}


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize("path", ["/uauth/v2/auth/login/profile", "/v4/auth/login/profile"])
def test_the_key_becomes_a_token_that_opens_the_api(api, anna, path):
    api.token = api.http.post(path, json={"apiKey": api.settings.api_key}).json["token"]
    assert api.by_email("anna@example.com").json["clientId"] == anna


def test_the_token_is_a_jwt_with_its_expiry_in_it(api):
    header = api.token.split(".")[0]
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "RS512", "typ": "JWT"}
    assert claims(api.token)["exp"] - claims(api.token)["iat"] == 3600


def test_a_wrong_key_is_401_in_the_shape_of_uauth(api):
    answer = api.login("5a3d5b0e-0000-4000-8000-000000000000")
    assert answer.status_code == 401
    assert set(answer.json) == {"timestamp", "status", "errorCode", "message", "path", "traceId"}
    assert answer.json["path"] == "/uauth/v2/auth/login/profile"


def test_the_deprecated_log_in_says_no_in_the_other_shape(api):
    answer = api.http.post("/v4/auth/login/profile", json={"apiKey": "wrong"})
    assert answer.status_code == 401
    assert set(answer.json) == {"timestamp", "status", "error", "message", "path", "errors"}


@pytest.mark.parametrize("body", [b"{}", b'{"apiKey":7}', b"[]", b"{", b'{"apiKey":""}'])
def test_a_log_in_without_a_key_is_400(api, body):
    answer = api.http.post("/uauth/v2/auth/login/profile", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_a_token_is_refused_from_the_second_it_expires(api, anna):
    api.clock.advance(3599)
    assert api.by_email("anna@example.com").status_code == 200
    api.clock.advance(1)
    answer = api.by_email("anna@example.com")
    assert (answer.status_code, answer.json["error"]) == (401, "Token expired.")


def test_no_token_and_a_stranger_s_token_are_401_but_not_expired(api):
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer a.b.c"}, {"Authorization": "Digest x"}):
        answer = api.get("/v4/clients/1", headers=headers)
        assert answer.status_code == 401
        assert answer.json["error"] == "Unauthorized"


def test_a_token_can_be_refreshed_while_it_is_good_and_not_after(api):
    newer = api.get("/v4/auth/refresh/profile").json["token"]
    assert newer != api.token
    api.clock.advance(3600)
    assert api.get("/v4/auth/refresh/profile").status_code == 401


def test_basic_authentication_needs_no_log_in(api, anna):
    headers = basic(api.settings.workspace_guid, api.settings.api_key)
    assert api.get("/v4/clients/by-email/anna@example.com", headers=headers).json["clientId"] == anna


@pytest.mark.parametrize("wrong", ["guid", "key", "rubbish"])
def test_basic_authentication_with_anything_wrong_is_401(api, wrong):
    headers = {
        "guid": basic("other", api.settings.api_key),
        "key": basic(api.settings.workspace_guid, "other"),
        "rubbish": {"Authorization": "Basic %%%"},
    }[wrong]
    assert api.get("/v4/clients/1", headers=headers).status_code == 401


def test_basic_authentication_is_401_where_the_key_does_not_allow_it(make):
    api = make(basic_enabled=False)
    headers = basic(api.settings.workspace_guid, api.settings.api_key)
    assert api.get("/v4/clients/1", headers=headers).status_code == 401


def test_the_permission_check_tells_held_from_missing(make):
    api = make(permissions=frozenset({"API_CLIENT_CREATE"}))
    answer = api.post(CHECK, ["API_CLIENT_CREATE", "API_BATCH_CLIENT_CREATE", "NO_SUCH_THING"])
    assert answer.json == {
        "businessProfileName": api.settings.workspace_name,
        "permissions": {"API_CLIENT_CREATE": True, "API_BATCH_CLIENT_CREATE": False, "NO_SUCH_THING": False},
    }


def test_the_permission_check_wants_a_log_in_and_an_array(api):
    assert api.post(CHECK, ["A"], headers={"Authorization": ""}).status_code == 401
    assert api.post(CHECK, {"A": True}).status_code == 400


EVENT = {"action": "a.b", "label": "x", "client": {"email": "anna@example.com"}}


@pytest.mark.parametrize(
    ("permission", "method", "path", "body"),
    [
        ("API_CLIENT_CREATE", "POST", "/v4/clients", {"email": "a@example.com"}),
        ("API_CLIENT_CREATE", "POST", "/v4/clients/instant", {"email": "a@example.com"}),
        ("API_BATCH_CLIENT_CREATE", "POST", "/v4/clients/batch", [{"email": "a@example.com"}]),
        ("API_CUSTOM_EVENTS_CREATE", "POST", "/v4/events/custom", EVENT),
        ("SANDBOX_EVENTS_BATCH_CREATE", "POST", "/v4/events/batch", [{**EVENT, "type": "custom"}]),
        ("SANDBOX_CLIENT_UPDATE", "POST", "/v4/clients/by-email/anna@example.com", {}),
        ("SANDBOX_CLIENT_UPDATE", "POST", "/v4/clients/by-customid/C-1", {}),
        ("SANDBOX_CLIENT_UPDATE", "POST", "/v4/clients/400000001", {}),
        ("SANDBOX_CLIENT_READ", "GET", "/v4/clients/by-email/anna@example.com", None),
        ("SANDBOX_CLIENT_READ", "GET", "/v4/clients/400000001", None),
        ("SANDBOX_CLIENT_DELETE", "DELETE", "/v4/clients/by-customid/C-1", None),
        ("INCOMING_WEBHOOK_EXECUTE", "POST", "/automation/incoming/3f8e2f0a-sandbox", {}),
    ],
)
def test_each_call_needs_its_permission(api, anna, permission, method, path, body):
    held = api.settings.permissions
    api.control("POST", "/sandbox/key", {"permissions": sorted(held - {permission})})
    refused = api.call(method, path, body)
    assert refused.status_code == 403
    assert permission in refused.json["message"]
    api.control("POST", "/sandbox/key", {"permissions": sorted(held)})
    assert api.call(method, path, body).status_code < 300


def test_a_rotated_key_logs_in_and_the_old_one_does_not(api):
    api.control("POST", "/sandbox/key", {"api_key": "new"})
    assert api.login("new").status_code == 200
    assert api.login().status_code == 401


def test_an_edit_of_the_key_is_applied_whole_or_not_at_all(api):
    before = api.look("/sandbox/key")
    refused = api.control("POST", "/sandbox/key", {"api_key": "new", "permissions": "ALL"})
    assert (refused.status_code, api.look("/sandbox/key")) == (400, before)
    unknown = api.control("POST", "/sandbox/key", {"colour": "red"})
    assert unknown.status_code == 400
    assert "event_denylist" in unknown.json["error"]
