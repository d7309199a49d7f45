"""Connections that are used again, for several requests at once, by old clients and by proxies."""

import pytest

from tests.live.headers import checked
from tests.live.wire import ONE_CLICK, post, request, wire


def test_a_hundred_requests_over_one_connection_are_all_answered(live, anna):
    with wire(live.address) as connection:
        for _ in range(50):
            assert checked(connection.send(request("GET", anna.path)).answer("GET")).status == 200
            assert checked(connection.send(post(anna.path)).answer()).status == 200
    assert len(anna.decisions()) == 50


def test_requests_sent_without_waiting_are_answered_in_order(live, anna):
    with wire(live.address) as connection:
        connection.send((post(anna.path) + request("GET", anna.path) + post("/u/k1.bad.link")) * 5)
        for _ in range(5):
            assert connection.answer().text.startswith("You are opted out.")
            assert connection.answer("GET").text.startswith("<!doctype html>")
            assert connection.answer().status == 404
    assert len(anna.decisions()) == 5


@pytest.mark.parametrize("refused", [request("PUT", "/u/x", b"x" * 9_000), post("/u/x", b"y" * 17_000)])
def test_a_refused_body_does_not_become_the_next_request(live, anna, refused):
    with wire(live.address) as connection:
        connection.send(refused)
        assert checked(connection.answer()).status in {404, 405, 413}
        connection.send(post(anna.path))
        assert checked(connection.answer()).status == 200
    assert len(anna.decisions()) == 1


def test_http_1_0_gets_its_answer_and_the_end_of_the_connection(live, anna):
    with wire(live.address) as connection:
        connection.send(request("POST", anna.path, ONE_CLICK, version="1.0"))
        assert checked(connection.answer()).status == 200
        assert connection.is_over()
    assert anna.decisions() == [("opt-out", "one-click", "one-click")]


def test_http_1_0_without_a_length_is_recorded(ask, anna):
    head = request("POST", anna.path, version="1.0").replace(b"Host: optout.example\r\n", b"")
    assert ask(head + ONE_CLICK).status == 200
    assert anna.decisions() == [("opt-out", "one-click", "none")]


def test_the_last_request_of_a_connection_says_so_and_is_answered(live, anna):
    with wire(live.address) as connection:
        connection.send(post(anna.path, Connection="close"))
        assert checked(connection.answer()).status == 200
        assert connection.is_over()


@pytest.mark.parametrize("change", [bytes.upper, bytes.lower, bytes.title])
def test_the_case_of_header_names_does_not_matter(ask, anna, change):
    line, *headers = post(anna.path, b"").split(b"\r\n")
    cased = [change(name) + colon + value for name, colon, value in (h.partition(b":") for h in headers)]
    length = change(b"content-length") + b": 26"
    assert ask(b"\r\n".join([line, length, *cased]) + ONE_CLICK).status == 200
    assert anna.decisions() == [("opt-out", "one-click", "one-click")]


@pytest.mark.parametrize("upgrade", ["h2c", "TLS/1.0"])
def test_an_offered_upgrade_is_declined_by_answering_as_usual(ask, anna, upgrade):
    answer = ask(
        post(
            anna.path,
            Connection="Upgrade, HTTP2-Settings",
            Upgrade=upgrade,
            HTTP2_Settings="AAMAAABkAARAAAAAAAIAAAAA",
        )
    )
    assert answer.status == 200
    assert len(anna.decisions()) == 1
