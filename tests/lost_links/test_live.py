"""The form in the running system: asked for on a page, the link arrives at Synerise and works; slow strangers wait alone."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.live.headers import checked
from tests.live.test_slow_clients import MANY, SOON, others_are_answered, trickling
from tests.live.wire import exchange, post, request
from tests.support.running import Running, running


@pytest.fixture(scope="module")
def system(tmp_path_factory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("lost"), "sandbox", "web", "worker") as started:
        yield started


def links_sent(system: Running) -> list[str]:
    events = system.ask_sandbox("GET", "/sandbox/events")["events"]
    return [sent["params"]["link"] for sent in events if sent["action"] == "resign.linkRequested"]


def test_a_link_that_was_asked_for_is_sent_by_synerise_and_opts_out(system):
    anna, nobody = system.somebody().is_planted(), system.somebody()
    for who in (nobody, anna):
        body = f"l=en&email={who.email}".encode()
        assert checked(exchange(system.address, post("/u/", body))).status == 200
    system.until(lambda: links_sent(system), "Synerise has the link")
    system.until(
        lambda: (
            [row.verdict for row in system.rows("SELECT verdict FROM link_requests ORDER BY id")]
            == ["unknown", "sent"]
        ),
        "both are settled",
    )
    [url] = links_sent(system)
    assert checked(exchange(system.address, post(urlsplit(url).path))).status == 200
    assert len(anna.decisions()) == 1
    assert nobody.decisions() == []
    assert [row.email for row in system.rows("SELECT email FROM link_requests")] == [None, None]
    said = "".join(program.log.read_text() for program in system.programs[1:])
    for trace in (anna.email, nobody.email, urlsplit(url).path):
        assert trace not in said


def test_strangers_at_the_form_hold_nobody_up_however_many(system):
    opening = post("/u/", b"", Content_Length="400")
    with trickling(system.address, opening, b"a" * 300, MANY):
        others_are_answered(system, 4)
        began = time.monotonic()
        assert checked(exchange(system.address, request("GET", "/u/"), patience=SOON)).status == 200
        assert time.monotonic() - began < SOON
