"""An incoming integration secured by the log-in's token: consents of another system go that way as opt-outs do."""

import pytest


def profile(system, address):
    found = system.sandbox.look(f"profiles?q={address}")["profiles"]
    return found[0] if found else None


def calls(system, part):
    counts = system.sandbox.look("requests?limit=1")["counts"]
    return sum(sum(by.values()) for call, by in counts.items() if part in call and call.startswith("POST"))


@pytest.mark.parametrize("tell", ["incoming", "event"])
def test_opt_ins_and_opt_outs_of_another_system_start_the_workflow(between, states, tell):
    system = between(synerise_tell=tell)
    system.sandbox.do(
        "profiles", [{"email": "in@example.com"}, {"email": "out@example.com", "agreements": {"email": True}}]
    )
    system.upload(states("in@example.com"), states("out@example.com", "opt-out"), method="api")
    system.is_told()
    assert set(system.messages()) == {("confirmed", "confirmed")}
    assert profile(system, "in@example.com")["agreements"]["email"] is True
    assert profile(system, "out@example.com")["agreements"]["email"] is False
    assert system.sandbox.look("events")["automation"]["started"] == 2
    assert calls(system, "/v4/clients") == 0


def test_a_custom_agreement_goes_by_the_profile_beside_it(between, states):
    """The workflow switches the native agreement, whatever else stands in the document."""
    system = between(synerise_tell="incoming")
    system.sandbox.do("profiles", [{"email": "wine@example.com"}])
    system.upload(states("wine@example.com"), states("wine@example.com", agreement="wine"))
    system.is_told()
    found = profile(system, "wine@example.com")
    assert (found["agreements"]["email"], found["attributes"]["agreeToWine"]) == (True, True)
    assert calls(system, "/automation/incoming") == 1
    assert calls(system, "/v4/clients") == 1


def test_the_integration_creates_nobody(between, states):
    system = between(synerise_tell="incoming")
    system.upload(states("nobody@example.com"))
    system.is_told()
    assert system.messages() == [("owed", "no-such-profile")]
    assert profile(system, "nobody@example.com") is None


def test_an_integration_without_its_permission_holds_the_lane_and_loses_nothing(between, states):
    system = between(synerise_tell="incoming")
    system.sandbox.do("profiles", [{"email": "in@example.com"}])
    system.sandbox.do("key", {"permissions": ["SANDBOX_CLIENT_READ"]})
    system.upload(states("in@example.com"))
    system.worker.drain()
    assert system.messages() == [("owed", "misconfigured")]
