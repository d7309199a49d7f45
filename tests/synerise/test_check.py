"""What `resign doctor` finds out about a workspace without changing anything in it."""

import httpx
import pytest

from resign.synerise import check

LOG_IN = "/uauth/v2/auth/login/profile"
PERMISSIONS = "/uauth/api-key/permission-check"


@pytest.fixture
def look(workspace, clock, network):
    network.answer("*", httpx.Response(404))

    def at(**settings):
        return check(workspace(**settings), clock, transport=network.transport)

    return at


def held(**permissions):
    return httpx.Response(200, json={"businessProfileName": "Fjord", "permissions": permissions})


@pytest.mark.parametrize(
    ("tell", "permission"),
    [
        ("event", "API_CUSTOM_EVENTS_CREATE"),
        ("incoming", "INCOMING_WEBHOOK_EXECUTE"),
    ],
)
def test_the_permission_that_the_way_of_telling_needs_is_asked_for(look, network, tell, permission):
    network.answer(PERMISSIONS, held(**{permission: True}))
    findings = look(synerise_tell=tell)
    assert all(finding.ok for finding in findings)
    [held_one] = [finding for finding in findings if permission in finding.what]
    assert (held_one.what, held_one.remedy) == (f"the API key has the permission {permission}", "")
    assert network.bodies[0] == [permission, "API_BATCH_CLIENT_CREATE"]
    network.answer(PERMISSIONS, held(**{permission: False}))
    [missing] = [finding for finding in look(synerise_tell=tell) if not finding.ok]
    assert missing.what == f"the API key lacks the permission {permission}"
    assert permission in missing.remedy


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(403),
        httpx.Response(500),
        httpx.Response(200),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"permissions": ["API_BATCH_CLIENT_CREATE"]}),
        held(),
        held(API_BATCH_CLIENT_CREATE="yes"),
    ],
)
def test_a_key_that_may_not_ask_is_no_fault_but_a_person_must_look(look, network, answer):
    network.answer(PERMISSIONS, answer)
    findings = look()
    assert all(finding.ok for finding in findings)
    [unknown] = [finding for finding in findings if "does not say" in finding.what]
    assert "look" in unknown.remedy


@pytest.mark.parametrize("tell", ["profile", "event"])
def test_the_permission_for_batches_is_no_fault_of_who_pushes_no_links(look, network, tell):
    network.answer(PERMISSIONS, held(API_BATCH_CLIENT_CREATE=False, API_CUSTOM_EVENTS_CREATE=True))
    findings = look(synerise_tell=tell)
    assert all(finding.ok for finding in findings)
    [batches] = [finding for finding in findings if "API_BATCH_CLIENT_CREATE" in finding.what]
    assert "resign links push" in batches.remedy


def test_nothing_is_written(look, network):
    look()
    look(synerise_emails="non-unique", synerise_attribute="mail_ok")
    writes = [call for call in network.calls if call.startswith("POST")]
    assert set(writes) == {f"POST {PERMISSIONS}"}
    reads = {call for call in network.calls if call.startswith("GET")}
    assert reads == {
        "GET /v4/clients/by-email/resign.doctor%40example.invalid",
        "GET /v4/clients/by-customid/resign-doctor-nobody",
    }


def test_a_key_that_may_not_read_profiles_is_found(look, network):
    network.answer("*", httpx.Response(403))
    [missing] = [finding for finding in look() if not finding.ok]
    assert "permission to read profiles" in missing.remedy


def test_a_refused_log_in_is_the_one_finding(look, network):
    network.answer(LOG_IN, httpx.Response(401))
    [finding] = look()
    assert not finding.ok
    assert "RESIGN_SYNERISE_API_KEY" in finding.remedy
    assert network.calls == []


def test_an_unreachable_synerise_is_a_finding(look, network):
    network.answer(LOG_IN, httpx.ConnectError("refused"))
    [finding] = look()
    assert not finding.ok
    assert "ConnectError" in finding.remedy
    assert "check RESIGN_SYNERISE_URL" in finding.remedy


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503),
        httpx.Response(503, headers={"Retry-After": "30"}),
        httpx.Response(429),
        httpx.Response(502),
    ],
)
def test_a_synerise_that_answers_and_is_unwell_is_no_question_of_dns(look, network, answer):
    network.answer(LOG_IN, answer)
    [finding] = look()
    assert not finding.ok
    assert f"answered {answer.status_code}" in finding.remedy
    assert "it did answer" in finding.remedy
    assert "told later" in finding.remedy
    assert "DNS" not in finding.remedy


def test_basic_does_not_log_in_unless_the_incoming_integration_needs_it(look, network):
    guid = {"synerise_auth": "basic", "synerise_workspace_guid": "5a4db0c5"}
    look(**guid)
    assert network.to(LOG_IN) == []
    look(**guid, synerise_tell="incoming")
    assert len(network.to(LOG_IN)) == 1


def test_basic_that_is_not_enabled_is_found(look, network):
    network.answer("*", httpx.Response(401))
    [missing] = [
        finding
        for finding in look(synerise_auth="basic", synerise_workspace_guid="5a4db0c5")
        if not finding.ok
    ]
    assert "Basic is enabled" in missing.remedy


def test_an_incoming_integration_elsewhere_is_found(look):
    address = "https://evil.example/automation/incoming/3f8e"
    [missing] = [
        finding for finding in look(synerise_tell="incoming", synerise_incoming_url=address) if not finding.ok
    ]
    assert "RESIGN_SYNERISE_INCOMING_URL" in missing.remedy
