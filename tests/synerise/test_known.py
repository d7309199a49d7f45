"""An event or an incoming document is sent only for somebody whom Synerise knows, in the spelling that it knows."""

import httpx
import pytest

from resign.outbox.contract import Accepted, Misconfigured, NoSuchProfile, Unreachable


@pytest.fixture(params=["event", "incoming"])
def target(request, destination):
    return destination(synerise_tell=request.param)


def posts(network):
    return [call for call in network.calls if call.startswith("POST")]


def test_nothing_is_sent_for_somebody_whom_nobody_knows(target, network, message):
    """Whether it would create a profile is not documented: an erased person must not come back."""
    network.answer("GET *", httpx.Response(404))
    assert isinstance(target.deliver([message(value="Anna@Example.com")]), NoSuchProfile)
    assert isinstance(target.deliver([message("customId", "C-1")]), NoSuchProfile)
    assert isinstance(target.deliver([message("clientId", "7")]), NoSuchProfile)
    assert posts(network) == []


def test_the_spelling_that_synerise_knows_is_told(target, network, message):
    network.answer("/v4/clients/by-email/Anna@Example.com", httpx.Response(404))
    assert target.deliver([message(value="Anna@Example.com")]) == Accepted()
    assert "anna@example.com" in str(network.bodies)
    assert len(posts(network)) == 1


def test_the_spelling_of_the_link_goes_first(target, network, message):
    assert target.deliver([message(value="Anna@Example.com")]) == Accepted()
    assert "Anna@Example.com" in str(network.bodies)
    assert len(network.calls) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(500), Unreachable),
        (httpx.Response(403), Misconfigured),
        (httpx.ReadTimeout("slow"), Unreachable),
    ],
    ids=["500", "403", "time-out"],
)
def test_looking_that_fails_sends_nothing_and_says_so(target, network, message, answer, outcome):
    network.answer("GET *", answer)
    told = target.deliver([message()])
    assert isinstance(told, outcome)
    assert "reading" in told.reason
    assert posts(network) == []


def test_a_profile_that_seems_to_be_out_already_is_told_all_the_same(target, network, message):
    network.answer("GET *", httpx.Response(200, json={"agreements": {"email": False}}))
    target.deliver([message()])
    assert len(posts(network)) == 1
