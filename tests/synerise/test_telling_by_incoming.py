"""The incoming integration: a flat document, signed in by the log-in's token, which goes nowhere else."""

import httpx
import pytest

from resign.outbox.contract import Accepted, Misconfigured

PATH = "/automation/incoming/3f8e"


def test_the_document_is_flat_and_whole(destination, network, message):
    told = destination(synerise_tell="incoming").deliver([message(campaign="Spring 24")])
    assert told == Accepted()
    [request] = network.to(PATH)
    assert request.url.raw_path == b"/automation/incoming/3f8e?v=1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Bearer first"
    assert request.headers["x-deduplication-hash"] == "optout-019f0000-0000-7000-8000-000000000001"
    assert network.bodies == [
        {
            "email": "anna+news@example.com",
            "source": "resign",
            "agreement": "newsletter",
            "choice": "opt-out",
            "method": "page",
            "campaign": "Spring 24",
            "decidedAt": "2026-05-04T10:11:11.345Z",
            "decision": "019f0000-0000-7000-8000-000000000001",
        }
    ]


@pytest.mark.parametrize(("kind", "value", "sent"), [("customId", "C-1042", "C-1042"), ("clientId", "7", 7)])
def test_the_profile_is_named_by_what_the_link_held(destination, network, message, kind, value, sent):
    settings = {"synerise_emails": "non-unique", "synerise_attribute": "mail_ok"}
    destination(synerise_tell="incoming", **settings).deliver([message(kind, value, choice="opt-in")])
    [body] = network.bodies
    assert body[kind] == sent
    assert body["choice"] == "opt-in"
    assert "email" not in body


def test_a_telling_anew_is_not_taken_for_a_duplicate(destination, network, message):
    target = destination(synerise_tell="incoming")
    for tellings in (0, 0, 1):
        target.deliver([message(tellings=tellings)])
    first, retry, anew = (request.headers["x-deduplication-hash"] for request in network.to(PATH))
    assert first == retry
    assert anew == f"{first}-1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/automation/incoming/3f8e",
        "https://api.synerise.test.evil.example/x",
        "http://api.synerise.test/x",
        "https://api.synerise.test:8443/x",
        "https://user:password@api.synerise.test/x",
        "https://api.synerise.test@evil.example/x",
        "https://[not-an-address/x",
        None,
    ],
)
def test_the_token_is_sent_to_no_other_host(destination, network, message, address):
    told = destination(synerise_tell="incoming", synerise_incoming_url=address).deliver([message()])
    assert isinstance(told, Misconfigured)
    assert "RESIGN_SYNERISE_INCOMING_URL" in told.reason
    assert network.requests == []


def test_the_same_host_written_otherwise_is_the_same(destination, network, message):
    address = "https://API.synerise.test:443/automation/incoming/3f8e"
    told = destination(synerise_tell="incoming", synerise_incoming_url=address).deliver([message()])
    assert told == Accepted()


def test_with_basic_the_integration_still_gets_a_log_ins_token(destination, network, message):
    network.answer("*", httpx.Response(200, json={"agreements": {"email": False}}))
    target = destination(
        synerise_tell="incoming", synerise_auth="basic", synerise_workspace_guid="5a4db0c5-0000"
    )
    assert target.deliver([message()]) == Accepted()
    target.read_back(message())
    requests = [request for request in network.requests if "/uauth/" not in request.url.path]
    schemes = [request.headers["authorization"].split()[0] for request in requests]
    assert schemes == ["Basic", "Bearer", "Basic"]
    assert [request.method for request in requests] == ["GET", "POST", "GET"]
