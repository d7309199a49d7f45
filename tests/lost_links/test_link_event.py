"""The event by which a link is sent, as the pretend Synerise takes it: no profile is created, no mail goes twice."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from resign.outbox.contract import Accepted, Misconfigured, NoSuchProfile, Refused, Unreachable
from resign.profile import Profile
from resign.sandbox import SandboxSettings, create_sandbox
from resign.synerise.link_event import LinkEvent
from tests.support.decisions import ANNA

URL = "https://optout.example/u/k2.sealed.signed"


@pytest.fixture
def synerise(workspace, clock):
    """The sandbox behind a transport, with Anna in it, and a way to ask it what it holds."""
    shown = SandboxSettings()
    app = create_sandbox(shown)
    hands = app.test_client()
    hands.post("/sandbox/profiles", json=[{"email": ANNA.value, "customId": "C-1042"}])
    there = replace(workspace, synerise_url="http://sandbox", synerise_api_key=shown.api_key)

    class Synerise:
        settings = there

        def event(self, **changed) -> LinkEvent:
            return LinkEvent(replace(there, **changed), clock, transport=httpx.WSGITransport(app))

        def look(self, what):
            return hands.get(f"/sandbox/{what}", headers={"Accept": "application/json"}).json[what]

    return Synerise()


def test_the_event_carries_the_link_to_whom_synerise_knows(synerise, clock):
    with synerise.event() as event:
        assert isinstance(event.send(ANNA, URL, "default-1-abcd", clock.now()), Accepted)
    [sent] = synerise.look("events")
    assert sent["action"] == "resign.linkRequested"
    assert sent["params"]["link"] == URL
    assert "@" not in str(sent["params"])


def test_its_name_is_the_workspaces_own(synerise, clock):
    with synerise.event(synerise_link_event="brand.link") as event:
        event.send(Profile("customId", "C-1042"), URL, "default-1-abcd", clock.now())
    assert [sent["action"] for sent in synerise.look("events")] == ["brand.link"]


def test_nobody_is_created_for_an_address_that_nobody_has(synerise, clock):
    with synerise.event() as event:
        outcome = event.send(Profile("email", "nobody@example.com"), URL, "default-1-abcd", clock.now())
    assert isinstance(outcome, NoSuchProfile)
    assert len(synerise.look("profiles")) == 1
    assert synerise.look("events") == []


def test_another_spelling_finds_the_same_profile(synerise, clock):
    with synerise.event() as event:
        outcome = event.send(Profile("email", "ANNA@example.com"), URL, "default-1-abcd", clock.now())
    assert isinstance(outcome, Accepted)
    assert len(synerise.look("profiles")) == 1


def test_a_retry_is_the_same_event(synerise, clock):
    at = clock.now()
    with synerise.event() as event:
        event.send(ANNA, URL, "default-1-abcd", at)
        clock.advance(minutes=30)
        event.send(ANNA, URL, "default-1-abcd", at)
    assert len(synerise.look("events")) == 1


def test_a_time_in_the_future_is_never_sent(workspace, clock):
    bodies = []

    def answer(request):
        if request.method == "POST" and b"action" in request.content:
            bodies.append(request.content.decode())
        return httpx.Response(200, json={"token": "t"})

    with LinkEvent(workspace, clock, transport=httpx.MockTransport(answer)) as event:
        event.send(ANNA, URL, "default-1-abcd", clock.now() + timedelta(hours=1))
    [body] = bodies
    assert '"time": "2026-05-04T10:11:12.000Z"' in body


def test_where_emails_are_not_unique_an_address_is_refused_before_anything_is_asked(synerise, clock):
    with synerise.event(synerise_emails="non-unique") as event:
        assert isinstance(event.send(ANNA, URL, "default-1-abcd", clock.now()), Refused)


def test_a_wrong_key_is_the_settings_fault(synerise, clock):
    with synerise.event(synerise_api_key="wrong") as event:
        assert isinstance(event.send(ANNA, URL, "default-1-abcd", clock.now()), Misconfigured)


def test_a_fault_of_our_own_counts_as_unreachable_and_quotes_nothing(workspace, clock):
    def fails(_request):
        raise RuntimeError(ANNA.value)

    with LinkEvent(workspace, clock, transport=httpx.MockTransport(fails)) as event:
        outcome = event.send(ANNA, URL, "default-1-abcd", clock.now())
    assert isinstance(outcome, Unreachable)
    assert "anna" not in outcome.reason
