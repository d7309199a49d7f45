"""Basic instead of a log-in."""

import base64

import httpx
import pytest

from resign.outbox.contract import Accepted, Misconfigured

GUID = "5a4db0c5-0000-4000-8000-000000000001"


@pytest.fixture
def deliver(destination, message):
    target = destination(synerise_auth="basic", synerise_workspace_guid=GUID)
    return lambda: target.deliver([message()])


def test_every_call_carries_the_guid_and_the_key_and_nothing_logs_in(deliver, network, workspace):
    assert deliver() == Accepted()
    [request] = network.requests
    scheme, _, credentials = request.headers["authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(credentials).decode() == f"{GUID}:{workspace().synerise_api_key}"


@pytest.mark.parametrize("status", [401, 403])
def test_a_denied_call_is_misconfigured_at_once_and_says_what_to_check(deliver, network, status):
    network.answer("*", httpx.Response(status))
    told = deliver()
    assert isinstance(told, Misconfigured)
    assert len(network.requests) == 1
    for part in ("Basic is enabled", "RESIGN_SYNERISE_WORKSPACE_GUID", "IP policy", "update profiles"):
        assert part in told.reason
    assert GUID not in told.reason
