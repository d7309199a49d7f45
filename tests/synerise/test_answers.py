"""Every answer that Synerise documents, and those that it does not, becomes the outcome that keeps the promise."""

from datetime import timedelta

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

# What is called: the settings, how many messages, and whether it is read back.
CALLS = {
    "update": ({}, 1, False),
    "batch": ({}, 2, False),
    "event": ({"synerise_tell": "event"}, 1, False),
    "incoming": ({"synerise_tell": "incoming"}, 1, False),
    "read": ({}, 1, True),
}
# An answer, and the outcome of each call in the order above.
TABLE = [
    (400, [Refused, SendAlone, Refused, Refused, Refused]),
    (401, [Misconfigured] * 5),
    (403, [Misconfigured, SendAlone, Misconfigured, Misconfigured, Misconfigured]),
    (404, [NoSuchProfile, SendAlone, Misconfigured, Misconfigured, NoSuchProfile]),
    (405, [Refused, SendAlone, Refused, Refused, Refused]),
    (413, [Refused, SendAlone, Refused, Refused, Refused]),
    (415, [Refused, SendAlone, Refused, Refused, Refused]),
    (418, [Refused, SendAlone, Refused, Refused, Refused]),
    (207, [Refused, SendAlone, Refused, Refused, Refused]),
    (408, [Busy] * 5),
    (425, [Busy] * 5),
    (429, [Busy] * 5),
    (500, [Unreachable] * 5),
    (502, [Unreachable] * 5),
    (503, [Unreachable] * 5),
    (504, [Unreachable] * 5),
    (599, [Unreachable] * 5),
    (999, [Unreachable] * 5),
    (301, [Misconfigured] * 5),
    (302, [Misconfigured] * 5),
    (307, [Misconfigured] * 5),
    (308, [Misconfigured] * 5),
    (200, [Accepted] * 4 + [Unreachable]),
    (201, [Accepted] * 4 + [Unreachable]),
    (202, [Accepted] * 4 + [Unreachable]),
    (204, [Accepted] * 4 + [Unreachable]),
]
ROWS = [
    pytest.param(call, status, outcome, id=f"{call}-{status}")
    for status, outcomes in TABLE
    for call, outcome in zip(CALLS, outcomes, strict=True)
]


@pytest.fixture
def outcome_of(destination, network, message):
    def of(call, **changes):
        settings, count, read = CALLS[call]
        target = destination(**settings)
        if "synerise_tell" in settings:
            network.answer("GET *", httpx.Response(200))
        if read:
            return target.read_back(message(**changes))
        if count == 1:
            return target.deliver([message(**changes)])
        return target.deliver([message("clientId", str(number)) for number in range(count)])

    return of


@pytest.mark.parametrize(("call", "status", "outcome"), ROWS)
def test_each_status_has_its_outcome(outcome_of, network, call, status, outcome):
    network.answer("*", httpx.Response(status, headers={"location": "https://evil.example/"}))
    told = outcome_of(call)
    assert type(told) is outcome
    if not isinstance(told, Accepted):
        assert told.reason
        assert "anna" not in told.reason


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("no route to anna+news@example.com"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.PoolTimeout("full"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed"),
        httpx.DecodingError("odd"),
        RuntimeError("anna+news@example.com"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_of_the_network_is_unreachable(outcome_of, network, call, fault):
    network.answer("*", fault)
    told = outcome_of(call)
    assert isinstance(told, Unreachable)
    assert type(fault).__name__ in told.reason
    assert "anna" not in told.reason


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("7", timedelta(seconds=7)),
        (" 0 ", timedelta(0)),
        ("1.5", timedelta(seconds=1.5)),
        ("3600", timedelta(hours=1)),
        ("3601", timedelta(hours=1)),
        ("9" * 400, timedelta(hours=1)),
        ("Mon, 04 May 2026 10:12:12 GMT", timedelta(seconds=60)),
        ("Mon, 04 May 2026 10:12:12 -0000", timedelta(seconds=60)),
        ("Mon, 04 May 2026 10:00:00 GMT", timedelta(0)),
        ("Tue, 04 May 2027 10:00:00 GMT", timedelta(hours=1)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 May 2026 10:00:00 GMT", None),
        ("Mon, 04 May 99999999999 10:00:00 GMT", None),
    ],
)
def test_retry_after_is_honoured_up_to_an_hour(outcome_of, network, header, after):
    network.answer("*", httpx.Response(429, headers={"retry-after": header}))
    assert outcome_of("update").after == after


def test_an_unavailable_synerise_that_says_when_is_busy(outcome_of, network):
    network.answer("*", httpx.Response(503, headers={"retry-after": "20"}))
    told = outcome_of("update")
    assert isinstance(told, Busy)
    assert told.after == timedelta(seconds=20)
    network.answer("*", httpx.Response(500, headers={"retry-after": "20"}))
    assert isinstance(outcome_of("update"), Unreachable)


def test_a_redirect_is_not_followed_with_a_token(outcome_of, network):
    network.answer("*", httpx.Response(307, headers={"location": "https://evil.example/"}))
    outcome_of("update")
    assert {request.url.host for request in network.requests} == {"api.synerise.test"}


@pytest.mark.parametrize(
    ("call", "named"),
    [
        ("update", "update profiles"),
        ("event", "API_CUSTOM_EVENTS_CREATE"),
        ("incoming", "INCOMING_WEBHOOK_EXECUTE"),
        ("read", "read profiles"),
    ],
)
def test_a_denied_call_names_the_permission_to_give(outcome_of, network, call, named):
    network.answer("*", httpx.Response(403))
    reason = outcome_of(call).reason
    assert named in reason
    assert "IP policy" in reason
    assert "Workspace" in reason


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"code": 1001, "field": "email", "message": "M", "rejectedValue": "V"}]},
        [{"code": 1001, "field": "email", "message": "M", "rejectedValue": "V"}],
        {"code": 1001, "field": "email"},
    ],
)
def test_a_refusal_names_code_and_field(outcome_of, network, body):
    for status in (400, 207):
        network.answer("*", httpx.Response(status, json=body))
        assert outcome_of("update").reason.endswith("(code 1001, field email)")


def test_the_log_in_services_error_code_is_named(outcome_of, network):
    network.answer("*", httpx.Response(400, json={"errorCode": "AUTH-042", "message": "M", "traceId": "T"}))
    assert outcome_of("update").reason.endswith("(code AUTH-042)")


def test_only_what_the_api_itself_calls_a_field_is_named(outcome_of, network):
    fields = ["attributes.anna@example.com", "annakowalska", "client.id", 7, None, ["email"]]
    errors = [{"field": field, "code": True} for field in fields]
    network.answer("*", httpx.Response(400, json={"errors": errors}))
    assert outcome_of("update").reason.endswith("(field attributes; field client.id)")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"<html>anna+news@example.com</html>",
        b"\xff\xfe\x00anna",
        b"[" * 200_000,
        b'{"errors":' * 50_000,
        b'{"errors": "anna+news@example.com"}',
        b'{"errors": [null, 7, "anna", [{"field": "anna"}]]}',
        b'{"errors": [{"code": "CANARY", "field": "CANARY", "message": "CANARY", "rejectedValue": "CANARY"}]}'.replace(
            b"CANARY", b"anna+news@example.com"
        ),
        b'{"errorCode": "anna+news@example.com", "message": "anna+news@example.com"}',
        b'{"error": "anna+news@example.com", "path": "/v4/clients/by-email/anna+news@example.com"}',
        b'{"errors": [{"code": ' + b"9" * 5000 + b"}]}",
        b'{"errors": [{"code": NaN, "field": "email.' + b"anna." * 9999 + b'"}]}',
    ],
    ids=lambda body: str(body[:20]),
)
@pytest.mark.parametrize("call", CALLS)
def test_a_hostile_body_changes_no_outcome_and_is_quoted_nowhere(outcome_of, network, call, body):
    for status in (202, 207, 400, 401, 404, 503):
        network.answer("*", httpx.Response(status, content=body))
        told = outcome_of(call)
        expected = dict(TABLE)[status][list(CALLS).index(call)]
        assert type(told) is expected or (call == "read" and status < 300)
        assert "anna" not in repr(told)
        assert len(repr(told)) < 500


@pytest.mark.parametrize(
    ("given", "kept"),
    [("7f3a-11", "7f3a-11"), ("a" * 64, "a" * 64), ("a" * 65, None), ("anna@example.com", None)],
)
def test_an_id_of_the_request_is_kept_for_support(outcome_of, network, given, kept):
    network.answer("*", httpx.Response(202, headers={"x-request-id": given}))
    assert outcome_of("update") == Accepted(kept)
