"""A look at a profile that somebody waits for: what it shows of each agreement, or in a word why not; never for long."""

import threading
import time
from dataclasses import replace

import httpx
import pytest

from resign.outbox.contract import Busy, Misconfigured, NoSuchProfile, Refused, Unreachable
from resign.profile import Profile
from resign.synerise.profile_look import ProfileLook
from tests.synerise.test_end_to_end import EMAIL, sandbox
from tests.synerise.test_own_agreements import OWN

__all__ = ["sandbox"]

ANNA = Profile.of("email", EMAIL)


@pytest.fixture
def look(workspace, clock, network):
    made = []

    def of(transport=network.transport, seconds=5.0, **settings):
        changed = replace(workspace(**settings), agreements=OWN)
        made.append(ProfileLook(changed, clock, seconds=seconds, transport=transport))
        return made[-1]

    yield of
    for one in made:
        one.close()


def test_it_says_what_the_profile_says_of_each_agreement(look, sandbox):
    here = sandbox()
    profile = {"email": EMAIL, "agreements": {"email": False}, "attributes": {"agreeToAlcoholAds": True}}
    here.do("profiles", [profile])
    here.holds()
    assert look(None, **here.as_settings())(ANNA) == {
        "newsletter": "opt-out", "wine": "opt-in", **dict.fromkeys(each.name for each in OWN if each.name != "wine"),
    }  # fmt: skip


def test_an_address_in_other_letters_is_found_as_it_is_told(look, network):
    network.answer("/v4/clients/by-email/Anna+News@example.com", httpx.Response(404))
    network.answer("GET *", httpx.Response(200, json={"agreements": {"email": True}}))
    assert look()(ANNA)["newsletter"] == "opt-in"
    assert [call.rsplit("/", 1)[1] for call in network.calls] == [
        "Anna%2BNews%40example.com", "anna%2Bnews%40example.com",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(404), NoSuchProfile),
        (httpx.Response(403, json={"message": "no"}), Misconfigured),
        (httpx.Response(429), Busy),
        (httpx.Response(500), Unreachable),
        (httpx.Response(200, content=b"<html>"), Unreachable),
        (httpx.Response(200, content=b"[" * 100_000), Unreachable),
        (httpx.Response(200, json=["nothing"]), Unreachable),
        (httpx.ConnectError("away"), Unreachable),
    ],
)
def test_why_nothing_can_be_known_is_an_outcome(look, network, answer, kind):
    network.answer("GET *", answer)
    assert isinstance(look()(ANNA), kind)


def test_who_cannot_be_asked_for_is_not_asked_for(look, network):
    assert isinstance(look(synerise_emails="non-unique", synerise_attribute="a")(ANNA), Refused)
    assert network.requests == []


def test_what_drips_or_stays_silent_is_not_waited_for(look, server):
    stop = threading.Event()

    def drip(handler, _body):
        if handler.path.startswith("/uauth"):
            handler.reply(200, b'{"token": "a.b.c"}')
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not stop.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    one = look(None, seconds=0.3, synerise_url=server(drip))
    began = time.monotonic()
    try:
        assert isinstance(one(ANNA), Unreachable)
        assert time.monotonic() - began < 2
    finally:
        stop.set()
