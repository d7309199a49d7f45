"""A look at the profile while somebody waits: what it shows, or nothing, and never for long."""

import threading
import time
from dataclasses import replace

import httpx
import pytest

from resign.profile import Profile
from resign.synerise.profile_now import ProfileNow
from tests.synerise.test_end_to_end import EMAIL, sandbox
from tests.synerise.test_own_agreements import OWN

__all__ = ["sandbox"]

ANNA = Profile.of("email", EMAIL)
# The limit is a second in all; the rest is for a busy machine.
AT_MOST = 2.0


@pytest.fixture
def look(workspace, clock, network):
    made = []

    def of(transport=network.transport, agreements=OWN, **settings):
        changed = replace(workspace(**settings), agreements=agreements)
        made.append(ProfileNow(changed, clock, transport=transport))
        return made[-1]

    yield of
    for one in made:
        one.close()


def shown(network, content) -> None:
    network.answer("GET *", httpx.Response(200, json=content))


def test_it_says_what_the_profile_says_in_the_sandbox(look, sandbox):
    here = sandbox()
    profile = {
        "email": EMAIL,
        "agreements": {"email": False},
        "attributes": {"agreeToAlcoholAds": True, "letters": "?"},
    }
    here.do("profiles", [profile])
    here.holds()
    assert look(None, **here.as_settings())(ANNA) == {"newsletter": "opt-out", "wine": "opt-in"}


def test_who_is_unknown_there_shows_nothing_and_nobody_rests(look, sandbox):
    here = sandbox()
    one = look(None, **here.as_settings())
    assert one(Profile.of("email", "nobody@example.com")) == {}
    assert one(ANNA) == {"newsletter": "opt-in"}


def test_a_slow_synerise_holds_nobody_up_and_is_left_alone_for_half_a_minute(look, sandbox, monkeypatch):
    here = sandbox()
    one = look(None, **here.as_settings())
    here.do("faults", {"slow": 3})
    began = time.monotonic()
    assert one(ANNA) == {}
    assert time.monotonic() - began < AT_MOST
    here.do("faults", None, "DELETE")
    asked = len(here.look("requests")["requests"])
    assert one(ANNA) == {}
    assert len(here.look("requests")["requests"]) == asked
    later = time.monotonic() + 31
    monkeypatch.setattr("resign.synerise.profile_now.time.monotonic", lambda: later)
    assert one(ANNA) == {"newsletter": "opt-in"}


def test_an_answer_that_drips_holds_nobody_up(look, server):
    """Every byte in time, and all of them in an hour: no time-out of a single step would end it."""
    stop = threading.Event()

    def drip(handler, _body):
        if handler.path.startswith("/uauth"):
            handler.reply(200, b'{"token": "x.e30.x"}')
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "4000")
        handler.end_headers()
        while not stop.wait(0.1):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    one = look(None, synerise_url=server(drip))
    began = time.monotonic()
    assert one(ANNA) == {}
    took = time.monotonic() - began
    stop.set()
    assert took < AT_MOST


def test_calls_that_are_each_in_time_hold_nobody_up_together(look, server):
    """A log-in, a token that is refused, another log-in, another look."""

    def late(handler, _body):
        time.sleep(0.4)
        if handler.path.startswith("/uauth"):
            handler.reply(200, b'{"token": "x.e30.x"}')
        else:
            handler.reply(401, b'{"status": 401, "error": "Token expired."}')

    one = look(None, synerise_url=server(late))
    began = time.monotonic()
    assert one(ANNA) == {}
    assert time.monotonic() - began < 1.4


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500), httpx.Response(429), httpx.Response(403), httpx.Response(302, headers={"Location": "/"}),
        httpx.ConnectError("no"), httpx.ReadTimeout("late"), RuntimeError("a fault of ours"),
    ],
)  # fmt: skip
def test_trouble_shows_nothing_and_rests(look, network, answer):
    network.answer("GET *", answer)
    one = look()
    assert one(ANNA) == {}
    asked = len(network.requests)
    assert one(ANNA) == {}
    assert len(network.requests) == asked


@pytest.mark.parametrize(
    "content", [[], "x", 7, None, {"agreements": 7}, {"agreements": {"email": "maybe"}}, {"attributes": []}]
)
def test_what_is_no_profile_shows_nothing(look, network, content):
    shown(network, content)
    assert look()(ANNA) == {}


def test_four_look_at_once_and_the_fifth_goes_without(look, network):
    inside, go = threading.Semaphore(0), threading.Event()

    def wait(_request):
        inside.release()
        go.wait(5)
        return httpx.Response(200, json={"agreements": {"email": False}})

    network.answer("GET *", wait)
    one = look()
    found = []
    threads = [threading.Thread(target=lambda: found.append(one(ANNA))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=5)
    began = time.monotonic()
    assert one(ANNA) == {}
    assert time.monotonic() - began < 0.3
    go.set()
    for thread in threads:
        thread.join()
    assert found == [{"newsletter": "opt-out"}] * 4


def test_a_place_is_free_again_after_every_look(look, network):
    shown(network, {"agreements": {"email": True}})
    one = look()
    assert [one(ANNA) for _ in range(9)] == [{"newsletter": "opt-in"}] * 9


@pytest.mark.parametrize("identifier", ["..", ".", "a/..", "../7", "a\\..\\b"])
def test_an_identifier_that_climbs_is_not_asked_for(look, network, identifier):
    assert look()(Profile("customId", identifier)) == {}
    assert network.requests == []


def test_where_emails_are_not_unique_an_address_is_not_asked_for(look, network):
    shown(network, {"attributes": {"marketing": "enabled"}})
    one = look(synerise_emails="non-unique", synerise_attribute="marketing")
    assert one(ANNA) == {}
    assert network.requests == []
    assert one(Profile.of("customId", "C-1")) == {"newsletter": "opt-in"}
