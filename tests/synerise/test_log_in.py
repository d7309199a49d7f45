"""The log-in: one for all, renewed in time, and repeated once when a call is denied."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from resign.outbox.contract import Accepted, Busy, Misconfigured, Unreachable
from resign.synerise.auth import LogIn

LOG_IN = "/uauth/v2/auth/login/profile"


def tokens(*texts):
    return [httpx.Response(200, json={"token": text}) for text in texts]


@pytest.fixture
def deliver(destination, message):
    target = destination()
    return lambda: target.deliver([message()])


def test_the_key_goes_to_the_log_in_only(deliver, network, workspace):
    deliver()
    key = workspace().synerise_api_key
    [log_in] = network.to(LOG_IN)
    assert log_in.content == b'{"apiKey": "%s"}' % key.encode()
    assert log_in.headers["api-version"] == "4.4"
    assert "authorization" not in log_in.headers
    for request in network.requests:
        if request is not log_in:
            assert key not in str(request.url) + str(request.headers) + request.content.decode()


def test_one_log_in_serves_all_calls(deliver, network):
    for _ in range(5):
        deliver()
    assert len(network.to(LOG_IN)) == 1


@pytest.mark.parametrize(("life", "margin"), [(3600, 30), (7 * 86400, 30), (60, 6)])
def test_a_token_is_renewed_shortly_before_it_ends(deliver, network, clock, a_jwt, life, margin):
    ends = clock.now().timestamp() + life
    network.answer(LOG_IN, *tokens(a_jwt(exp=ends), "second"))
    deliver()
    clock.advance(seconds=life - margin - 1)
    deliver()
    assert len(network.to(LOG_IN)) == 1
    clock.advance(seconds=1)
    deliver()
    assert len(network.to(LOG_IN)) == 2
    assert network.requests[-1].headers["authorization"] == "Bearer second"


@pytest.mark.parametrize("ahead", [1800, 7200])
def test_a_tokens_life_is_counted_from_its_own_beginning(deliver, network, clock, a_jwt, ahead):
    """Our clock is ahead of Synerise's: the token looks old, and is not."""
    begins = clock.now().timestamp() - ahead
    network.answer(LOG_IN, *tokens(a_jwt(iat=begins, exp=begins + 3600), "second"))
    deliver()
    clock.advance(seconds=3000)
    deliver()
    assert len(network.to(LOG_IN)) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e999},
        {"exp": 10**400},
        {"exp": -5},
        {"exp": []},
    ],
    ids=str,
)
def test_a_token_that_does_not_say_when_it_ends_is_used_until_it_is_refused(
    deliver, network, clock, a_jwt, claims
):
    network.answer(LOG_IN, *tokens(a_jwt(**claims)))
    deliver()
    clock.advance(days=365)
    assert deliver() == Accepted()
    assert len(network.to(LOG_IN)) == 1


@pytest.mark.parametrize(
    "text", ["opaque", "a.b", "a.~~~.c", "a.e30.c", "a.W10.c", "a.bm9wZQ.c", "..", "a.b.c.d"]
)
def test_an_unreadable_token_is_used_all_the_same(deliver, network, text):
    network.answer(LOG_IN, *tokens(text))
    assert deliver() == Accepted()
    assert network.requests[-1].headers["authorization"] == f"Bearer {text}"


@pytest.mark.parametrize("status", [401, 403])
def test_a_denied_call_is_made_again_after_one_fresh_log_in(deliver, network, status):
    network.answer(LOG_IN, *tokens("first", "second"))
    network.answer("*", httpx.Response(status, json={"error": "Token expired."}), httpx.Response(202))
    assert deliver() == Accepted()
    assert [request.headers.get("authorization") for request in network.requests] == [
        None,
        "Bearer first",
        None,
        "Bearer second",
    ]
    assert network.bodies[0] == network.bodies[1]


@pytest.mark.parametrize("status", [401, 403])
def test_a_call_denied_twice_is_misconfigured_and_not_tried_a_third_time(deliver, network, status):
    network.answer(LOG_IN, *tokens("first", "second"))
    network.answer("*", httpx.Response(status))
    told = deliver()
    assert isinstance(told, Misconfigured)
    assert "after a fresh log-in" in told.reason
    assert len(network.to(LOG_IN)) == 2
    assert len(network.calls) == 2


def test_the_same_token_twice_is_still_a_fresh_log_in(deliver, network):
    network.answer("*", httpx.Response(401), httpx.Response(202))
    assert deliver() == Accepted()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(400), Misconfigured),
        (httpx.Response(401), Misconfigured),
        (httpx.Response(403), Misconfigured),
        (httpx.Response(404), Misconfigured),
        (httpx.Response(415), Misconfigured),
        (httpx.Response(302, headers={"location": "https://evil.example/"}), Misconfigured),
        (httpx.Response(207, json={"token": "first"}), Misconfigured),
        (httpx.Response(408), Busy),
        (httpx.Response(429), Busy),
        (httpx.Response(503, headers={"retry-after": "9"}), Busy),
        (httpx.Response(500), Unreachable),
        (httpx.Response(503), Unreachable),
        (httpx.Response(200), Unreachable),
        (httpx.Response(200, content=b"<html>"), Unreachable),
        (httpx.Response(200, content=b"[" * 200_000), Unreachable),
        (httpx.Response(200, json=[]), Unreachable),
        (httpx.Response(200, json={}), Unreachable),
        (httpx.Response(200, json={"token": None}), Unreachable),
        (httpx.Response(200, json={"token": ""}), Unreachable),
        (httpx.Response(200, json={"token": "a\r\nX-Evil: 1"}), Unreachable),
        (httpx.Response(200, json={"token": "ą"}), Unreachable),
        (httpx.Response(200, json={"token": "a" * 9000}), Unreachable),
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.ReadTimeout("slow"), Unreachable),
    ],
    ids=lambda value: getattr(value, "__name__", None) or str(getattr(value, "status_code", value)),
)
def test_a_log_in_without_a_token_has_its_outcome(deliver, network, answer, outcome):
    network.answer(LOG_IN, answer)
    told = deliver()
    assert type(told) is outcome
    assert network.calls == []
    assert "canary-key" not in told.reason


def test_a_refused_log_in_says_what_to_check(deliver, network):
    network.answer(LOG_IN, httpx.Response(401, json={"errorCode": "AUTH-001", "message": "canary-key"}))
    reason = deliver().reason
    for part in ("AUTH-001", "RESIGN_SYNERISE_API_KEY", "type Workspace", "IP policy", "RESIGN_SYNERISE_URL"):
        assert part in reason


@pytest.mark.parametrize("status", [400, 415, 422])
def test_whatever_the_log_in_refuses_is_the_keys_fault(deliver, network, status):
    network.answer(LOG_IN, httpx.Response(status))
    assert "RESIGN_SYNERISE_API_KEY" in deliver().reason


def test_a_busy_log_in_says_for_how_long(deliver, network):
    network.answer(LOG_IN, httpx.Response(429, headers={"retry-after": "9"}))
    assert deliver().after == timedelta(seconds=9)


def test_a_failed_log_in_is_tried_again_by_the_next_call(deliver, network):
    network.answer(LOG_IN, httpx.ConnectError("refused"), httpx.Response(401), *tokens("third"))
    assert isinstance(deliver(), Unreachable)
    assert isinstance(deliver(), Misconfigured)
    assert deliver() == Accepted()


def test_a_fresh_log_in_that_fails_is_what_the_call_says(deliver, network):
    network.answer(LOG_IN, *tokens("first"), httpx.Response(503))
    network.answer("*", httpx.Response(401))
    assert isinstance(deliver(), Unreachable)


class TestBetweenThreads:
    THREADS = 8

    def together(self, deliver):
        """All threads at once; their outcomes."""
        start = threading.Barrier(self.THREADS)

        def one():
            start.wait(10)
            return deliver()

        with ThreadPoolExecutor(self.THREADS) as pool:
            futures = [pool.submit(one) for _ in range(self.THREADS)]
            return [future.result(20) for future in futures]

    @staticmethod
    def slowly(answer):
        def handle(_request):
            time.sleep(0.3)
            if isinstance(answer, Exception):
                raise answer
            return httpx.Response(answer.status_code, content=answer.content)

        return handle

    def test_only_one_logs_in(self, deliver, network):
        network.answer(LOG_IN, self.slowly(*tokens("first")))
        assert self.together(deliver) == [Accepted()] * self.THREADS
        assert len(network.to(LOG_IN)) == 1

    def test_only_one_logs_in_afresh(self, deliver, network):
        deliver()
        network.answer(LOG_IN, self.slowly(*tokens("second")))

        def by_token(request):
            return httpx.Response(202 if request.headers["authorization"] == "Bearer second" else 401)

        network.answer("*", by_token)
        assert self.together(deliver) == [Accepted()] * self.THREADS
        assert len(network.to(LOG_IN)) == 2

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [(httpx.Response(401), Misconfigured), (httpx.ConnectError("refused"), Unreachable)],
        ids=["refused", "unreachable"],
    )
    def test_those_who_waited_share_the_failure(self, deliver, network, answer, outcome):
        """Otherwise each would wait out a time-out of its own, one after the other."""
        network.answer(LOG_IN, self.slowly(answer))
        assert {type(told) for told in self.together(deliver)} == {outcome}
        assert len(network.to(LOG_IN)) == 1


def test_a_denied_calls_connection_is_given_back_before_it_waits_for_the_log_in(clock):
    class Body(httpx.SyncByteStream):
        def __iter__(self):
            yield b"denied"

    flow = LogIn(lambda: httpx.Request("POST", "https://api.synerise.test"), clock).sync_auth_flow(
        httpx.Request("POST", "https://api.synerise.test")
    )
    next(flow)
    flow.send(tokens("first")[0])
    denied = httpx.Response(401, stream=Body())
    assert not denied.is_closed
    flow.send(denied)
    assert denied.is_closed


def test_denied_calls_never_hold_the_connection_that_the_log_in_needs(destination, server, message):
    """One connection for two threads: each is denied, and the log-in must still get through."""
    log_ins = []

    def answer(handler, _body):
        if handler.path == LOG_IN:
            log_ins.append(1)
            time.sleep(0.1)
            handler.reply(200, b'{"token": "t%d"}' % len(log_ins))
        elif handler.headers["Authorization"] == "Bearer t1":
            handler.reply(401, b"x" * 100_000)
        else:
            handler.reply(202)

    target = destination(transport=None, synerise_url=server(answer), connections=1, timeout=2.0)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: target.deliver([message()]), range(2))) == [Accepted()] * 2
    assert len(log_ins) == 2
