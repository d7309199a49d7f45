"""Tokens get into profiles: what is sent, what each answer means, and what the pretend Synerise holds at the end."""

import json
from dataclasses import replace

import httpx
import pytest

from resign.outbox.contract import (
    Accepted,
    Busy,
    Misconfigured,
    NoSuchProfile,
    Refused,
    SendAlone,
    Unreachable,
)
from resign.profile import Profile
from resign.sandbox import SandboxSettings, create_sandbox
from resign.settings import load
from resign.synerise.link_writer import Held, LinkWriter
from tests.support.variables import VARIABLES

ANNA = Profile("email", "Anna@example.com")


@pytest.fixture
def workspace():
    return replace(load(VARIABLES).workspaces["default"], synerise_url="https://api.synerise.test")


@pytest.fixture
def writer_to(workspace, clock):
    made = []

    def to(answer, **changes):
        heard = []

        def handle(request):
            if request.url.path.startswith("/uauth/"):
                return httpx.Response(200, json={"token": "t"})
            heard.append((request.method, request.url.raw_path.decode(), request.content))
            return answer(request) if callable(answer) else answer

        writer = LinkWriter(replace(workspace, **changes), clock, transport=httpx.MockTransport(handle))
        writer.heard = heard
        made.append(writer)
        return writer

    yield to
    for writer in made:
        writer.close()


def test_a_batch_holds_each_identifier_and_its_token(writer_to):
    writer = writer_to(httpx.Response(202), link_attribute="link")
    items = [(ANNA, "t1"), (Profile("customId", 'C "ż'), "t2"), (Profile("clientId", "7"), "t3")]
    assert writer.write(items) == Accepted()
    [(method, path, body)] = writer.heard
    assert (method, path) == ("POST", "/v4/clients/batch")
    assert json.loads(body) == [
        {"email": "Anna@example.com", "attributes": {"link": "t1"}},
        {"customId": 'C "ż', "attributes": {"link": "t2"}},
        {"clientId": 7, "attributes": {"link": "t3"}},
    ]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (202, Accepted), (200, Accepted), (207, SendAlone), (400, SendAlone), (413, SendAlone), (415, SendAlone),
        (401, Misconfigured), (403, Misconfigured), (404, Misconfigured), (302, Misconfigured),
        (429, Busy), (408, Busy), (500, Unreachable), (502, Unreachable),
    ],
)  # fmt: skip
def test_what_each_answer_to_a_batch_means(writer_to, status, outcome):
    assert isinstance(writer_to(httpx.Response(status)).write([(ANNA, "t")]), outcome)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (202, Accepted),
        (404, NoSuchProfile),
        (400, Refused),
        (403, Misconfigured),
        (429, Busy),
        (500, Unreachable),
    ],
)
def test_what_each_answer_to_one_update_means(writer_to, status, outcome):
    assert isinstance(writer_to(httpx.Response(status)).write_one(ANNA, "t"), outcome)


def test_one_update_asks_for_both_spellings(writer_to):
    writer = writer_to(lambda r: httpx.Response(404 if b"Anna" in r.url.raw_path else 202))
    assert writer.write_one(ANNA, "t") == Accepted()
    assert [path for _, path, _ in writer.heard] == [
        "/v4/clients/by-email/Anna%40example.com",
        "/v4/clients/by-email/anna%40example.com",
    ]
    assert json.loads(writer.heard[0][2]) == {"attributes": {"resign_token": "t"}}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (httpx.Response(200, json={"attributes": {"resign_token": "t"}}), Held("t")),
        (httpx.Response(200, json={"attributes": {}}), Held(None)),
        (httpx.Response(200, json={}), Held(None)),
        (httpx.Response(200, json={"attributes": ["t"]}), Held(None)),
        (httpx.Response(200, json={"attributes": {"resign_token": 7}}), Held(None)),
    ],
)
def test_what_the_attribute_holds(writer_to, answer, found):
    assert writer_to(answer).read(ANNA) == found


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(404), NoSuchProfile), (httpx.Response(200, content=b"<html>"), Unreachable),
        (httpx.Response(200, json=[1]), Unreachable), (httpx.Response(403), Misconfigured),
    ],
)  # fmt: skip
def test_why_it_cannot_be_said(writer_to, answer, outcome):
    assert isinstance(writer_to(answer).read(ANNA), outcome)


def test_a_token_that_was_read_stands_in_no_log():
    assert "canary" not in repr(Held("canary"))


def test_where_emails_are_not_unique_nobody_is_called_for_one(writer_to):
    writer = writer_to(httpx.Response(202), synerise_emails="non-unique", synerise_attribute="agreement")
    for outcome in (writer.write([(ANNA, "t")]), writer.write_one(ANNA, "t"), writer.read(ANNA)):
        assert isinstance(outcome, Refused)
        assert "not unique" in outcome.reason
        assert "nna" not in outcome.reason
    assert isinstance(writer.write([(ANNA, "t"), (Profile("customId", "C"), "t")]), SendAlone)
    assert writer.heard == []
    assert writer.write([(Profile("customId", "C"), "t")]) == Accepted()


@pytest.mark.parametrize("value", ["..", ".", "a/../7", "..\\7", "a/."])
def test_an_identifier_that_would_climb_the_path_is_refused(writer_to, value):
    writer = writer_to(httpx.Response(202))
    assert isinstance(writer.write_one(Profile("customId", value), "t"), Refused)
    assert isinstance(writer.write([(Profile("customId", value), "t")]), Refused)
    assert writer.heard == []


def test_more_than_a_batch_takes_is_not_sent(writer_to):
    writer = writer_to(httpx.Response(202))
    many = [(Profile("clientId", str(number)), "t") for number in range(1001)]
    assert isinstance(writer.write(many), SendAlone)
    assert isinstance(writer.write([(Profile("clientId", "1"), "t" * 1_000_000)]), SendAlone)
    assert writer.heard == []


def test_it_never_raises(writer_to):
    writer = writer_to(lambda _: 1 / 0)
    for outcome in (writer.write([(ANNA, "t")]), writer.write_one(ANNA, "t"), writer.read(ANNA)):
        assert isinstance(outcome, Unreachable)
    broken = writer_to(lambda r: (_ for _ in ()).throw(httpx.ConnectError("anna@example.com", request=r)))
    assert "anna" not in broken.write([(ANNA, "t")]).reason


def test_the_sandbox_holds_what_was_written(workspace, clock):
    settings = SandboxSettings(apply_after=0.0)
    app = create_sandbox(settings)
    workspace = replace(workspace, synerise_api_key=settings.api_key)
    writer = LinkWriter(workspace, clock, transport=httpx.WSGITransport(app))
    app.test_client().post("/sandbox/profiles", json=[{"email": "anna@example.com", "clientId": 9}])
    assert writer.write([(ANNA, "t1"), (Profile("customId", "new"), "t2")]) == Accepted()
    assert writer.read(ANNA) == Held("t1")
    assert writer.read(Profile("clientId", "9")) == Held("t1")
    assert writer.read(Profile("customId", "new")) == Held("t2")
    assert writer.write_one(Profile("clientId", "9"), "t3") == Accepted()
    assert writer.read(ANNA) == Held("t3")
    assert isinstance(writer.write_one(Profile("email", "nobody@example.com"), "t"), NoSuchProfile)
    app.test_client().post("/sandbox/faults", json={"item_refused": ["new"]})
    assert isinstance(writer.write([(ANNA, "t4"), (Profile("customId", "new"), "t5")]), SendAlone)
    writer.close()
