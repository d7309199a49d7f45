"""What only real sockets show: lost, endless, packed and dripping answers, and what is left in memory and logs."""

import gzip
import logging
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from resign.outbox.contract import Accepted, Confirmed, Unreachable
from resign.synerise import bounded
from resign.synerise.pool import Pool

LOG_IN = "/uauth/v2/auth/login/profile"


@pytest.fixture
def against(destination, server):
    """A destination whose log-in works and whose other calls are answered by `answer`."""

    def of(answer, **settings):
        def handle(handler, body):
            if handler.path == LOG_IN:
                handler.reply(200, b'{"token": "canary-token"}')
            else:
                answer(handler, body)

        return destination(transport=None, synerise_url=server(handle), **{"timeout": 1.0, **settings})

    return of


def test_the_path_reaches_the_server_as_it_was_encoded(against, message):
    paths = []

    def answer(handler, _body):
        paths.append(handler.path)
        handler.reply(202)

    assert against(answer).deliver([message("customId", "a/b +%2F?ż")]) == Accepted()
    assert paths == ["/v4/clients/by-customid/a%2Fb%20%2B%252F%3F%C5%BC"]


def test_a_connection_that_breaks_before_the_answer_is_unreachable(against, message):
    assert isinstance(
        against(lambda handler, _: handler.connection.close()).deliver([message()]), Unreachable
    )


def test_an_answer_that_breaks_off_is_no_acceptance(against, message):
    def answer(handler, _body):
        handler.send_response(202)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"{")
        handler.close_connection = True

    assert isinstance(against(answer).deliver([message()]), Unreachable)


def test_an_answer_that_is_no_http_is_unreachable(against, message):
    def answer(handler, _body):
        handler.wfile.write(b"\x00\xffgarbage\r\n\r\n")
        handler.close_connection = True

    assert isinstance(against(answer).deliver([message()]), Unreachable)


def test_nobody_listening_is_unreachable(destination, message):
    target = destination(transport=None, synerise_url="http://127.0.0.1:9")
    assert isinstance(target.deliver([message()]), Unreachable)
    assert isinstance(target.read_back(message()), Unreachable)


def test_a_silent_server_is_given_up(against, message):
    target = against(lambda *_: time.sleep(1.0), timeout=0.2)
    assert isinstance(target.deliver([message()]), Unreachable)


def test_a_silent_log_in_is_given_up_too(destination, server, message):
    """httpx gives the client's time-outs to the call and none to the log-in that it makes in between."""
    silent = server(lambda *_: time.sleep(1.5))
    target = destination(transport=None, synerise_url=silent, timeout=0.2)
    started = time.monotonic()
    assert isinstance(target.deliver([message()]), Unreachable)
    assert time.monotonic() - started < 1


def test_a_call_that_gets_no_connection_in_time_is_unreachable(against, message):
    target = against(lambda handler, _: (time.sleep(0.5), handler.reply(202)), connections=1, timeout=2)
    impatient = against(lambda handler, _: (time.sleep(1), handler.reply(202)), connections=1, timeout=0.3)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: target.deliver([message()]), range(2))) == [Accepted()] * 2
        told = list(pool.map(lambda _: impatient.deliver([message()]), range(2)))
    assert {type(one) for one in told} == {Unreachable}


def test_a_connection_is_free_again_whatever_became_of_its_call(against, message):
    def answer(handler, body):
        kind = next(kinds)
        if kind == "close":
            handler.connection.close()
        elif kind == "silent":
            time.sleep(0.6)
        else:
            handler.reply(kind, b"x" * 2_000_000)

    kinds = iter(["close", "silent", 500, 401, 401, 307, 202])
    target = against(answer, connections=1, timeout=0.5)
    outcomes = [type(target.deliver([message()])).__name__ for _ in range(6)]
    assert outcomes == [
        "Unreachable",
        "Unreachable",
        "Unreachable",
        "Misconfigured",
        "Misconfigured",
        "Accepted",
    ]


def test_no_more_connections_are_opened_than_allowed(against, message):
    under_way, most = set(), []

    def answer(handler, _body):
        under_way.add(handler)
        most.append(len(under_way))
        time.sleep(0.02)
        under_way.discard(handler)
        handler.reply(202)

    target = against(answer, connections=3)
    with ThreadPoolExecutor(9) as pool:
        assert list(pool.map(lambda _: target.deliver([message()]), range(30))) == [Accepted()] * 30
    assert 1 < max(most) <= 3


def test_an_endless_answer_is_cut_off(against, message):
    written = []

    def answer(handler, _body):
        handler.send_response(400)
        handler.end_headers()
        try:
            while len(written) < 1000:
                handler.wfile.write(b"x" * 65536)
                written.append(1)
        except OSError:
            pass
        handler.close_connection = True

    told = against(answer).deliver([message()])
    assert told.reason == "Synerise answered 400 to the profile update"
    assert len(written) < 500


def test_no_more_than_the_bound_is_kept(network):
    class Endless(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                yield b"x" * 1000

    network.answer("*", lambda _: httpx.Response(200, stream=Endless()))
    with httpx.Client(transport=Pool(1, 5, network.transport)) as client:
        assert len(client.get("https://api.synerise.test/").content) == bounded.MOST_BYTES


def test_a_dripping_answer_is_given_up(against, message):
    def answer(handler, _body):
        handler.send_response(400)
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True

    started = time.monotonic()
    assert isinstance(against(answer, timeout=0.3).deliver([message()]), Unreachable)
    assert time.monotonic() - started < 4


def test_a_packed_answer_is_not_unpacked(against, message):
    packed = gzip.compress(b'{"errors": [{"code": 7}]}')
    told = against(lambda handler, _: handler.reply(400, packed, Content_Encoding="gzip")).deliver(
        [message()]
    )
    assert told.reason == "Synerise answered 400 to the profile update"


def test_a_cookie_is_neither_sent_back_nor_kept(server):
    seen = []

    def answer(handler, _body):
        seen.append(handler.headers["Cookie"])
        handler.reply(202, Set_Cookie="route=1; Path=/")

    with httpx.Client(transport=Pool(1, 5)) as client:
        origin = server(answer)
        client.get(origin)
        client.get(origin)
        assert len(client.cookies) == 0
    assert seen == [None, None]


def test_a_connection_closed_twice_is_lent_once(network):
    class Body(httpx.SyncByteStream):
        def __iter__(self):
            yield b"x"

    network.answer("*", lambda _: httpx.Response(200, stream=Body()))
    pool = Pool(1, 0.1, network.transport)
    request = httpx.Request("GET", "https://api.synerise.test/")
    first = pool.handle_request(request)
    first.stream.close()
    first.stream.close()
    second = pool.handle_request(request)
    started = time.monotonic()
    with pytest.raises(httpx.PoolTimeout):
        pool.handle_request(request)
    assert time.monotonic() - started < 5
    second.close()


def test_the_environments_proxy_is_not_used(against, message, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert against(lambda handler, _: handler.reply(202)).deliver([message()]) == Accepted()


def test_connections_are_reused(against, message):
    ports = set()

    def answer(handler, _body):
        ports.add(handler.client_address[1])
        handler.reply(202)

    target = against(answer)
    for _ in range(5):
        target.deliver([message()])
    assert len(ports) == 1


def test_after_closing_nothing_is_raised(against, message):
    target = against(lambda handler, _: handler.reply(202))
    target.close()
    assert isinstance(target.deliver([message()]), Unreachable)
    assert isinstance(target.read_back(message()), Unreachable)


def test_nothing_personal_and_no_secret_is_logged_by_us(against, message, caplog):
    """httpx logs whole addresses below WARNING, which the application has to turn off; we log nothing at all."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.WARNING, logger=name)
    profile = b'{"agreements": {"email": false}, "email": "anna+news@example.com"}'
    target = against(lambda handler, _: handler.reply(200, profile))
    assert target.deliver([message()]) == Accepted()
    assert target.read_back(message()) == Confirmed()
    assert against(lambda handler, _: handler.reply(400, profile)).deliver([message()])
    assert caplog.text == ""
