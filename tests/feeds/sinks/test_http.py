"""Files over HTTP to a real server: what it is sent, and every answer that is none."""

import base64
import hashlib
from dataclasses import replace

import pytest

from resign.feeds.sinks.contract import NotTaken
from resign.feeds.sinks.http import HttpSink
from resign.settings.destinations.place import HttpPlace
from tests.feeds.sinks.conftest import LOOPBACK, alive


@pytest.fixture
def place(receiver) -> HttpPlace:
    return HttpPlace(url=f"{receiver.url}/in/{{file}}", method="PUT", token="the token", ok=None)


def sink(place: HttpPlace, seconds: float = 30) -> HttpSink:
    return HttpSink(place, LOOPBACK, seconds)


def test_the_file_is_the_body_with_its_checksum_beside_it(place, receiver, given):
    content = b"x" * 500_000
    sink(place).put(given(content), alive)
    [(method, path, headers, body)] = receiver.got
    assert (method, path, body) == ("PUT", "/in/crm-00000001.csv", content)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert headers["Authorization"] == "Bearer the token"
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Length"] == "500000"
    assert "Transfer-Encoding" not in headers


def test_an_address_without_a_name_is_posted_to(place, receiver, given):
    sink(replace(place, url=f"{receiver.url}/in", method="POST", token=None)).put(given(), alive)
    [(method, path, headers, _)] = receiver.got
    assert (method, path) == ("POST", "/in")
    assert headers["Content-Disposition"] == 'attachment; filename="crm-00000001.csv"'
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("status", "says"), [(500, "it answered 500"), (401, "look at the token"), (413, "too large"), (507, "disk is full")]
)  # fmt: skip
def test_what_it_refuses_is_said_in_words(place, receiver, given, status, says):
    receiver.status = status
    with pytest.raises(NotTaken, match=says):
        sink(place).put(given(), alive)


def test_a_success_with_an_error_in_it_is_none(place, receiver, given):
    receiver.status, receiver.says = 200, b'{"error": "quota of anna@example.com"}'
    with pytest.raises(NotTaken, match="not with the text of ok") as reason:
        sink(replace(place, ok='"saved"')).put(given(), alive)
    assert "anna" not in str(reason.value)
    receiver.says = b'{"saved": true}'
    sink(replace(place, ok='"saved"')).put(given(), alive)


def test_a_redirect_is_not_followed(place, receiver, given):
    receiver.status, receiver.location = 307, f"{receiver.url}/elsewhere"
    with pytest.raises(NotTaken, match="a redirect, which is not followed"):
        sink(place).put(given(), alive)
    assert len(receiver.got) == 1


def test_a_slow_one_has_its_time_and_no_more(place, receiver, given):
    receiver.slow = 4
    with pytest.raises(NotTaken, match="cannot be reached, or it broke off"):
        sink(place, seconds=1).put(given(), alive)


def test_nobody_there_and_the_own_network_are_said(place, given):
    with pytest.raises(NotTaken, match="cannot be reached"):
        sink(replace(place, url="http://127.0.0.1:1/{file}")).put(given(), alive)
    with pytest.raises(NotTaken, match="give the network under networks"):
        HttpSink(place, (), 30).put(given(), alive)


def test_a_check_writes_nothing_and_says_where_the_token_is_not_taken(place, receiver):
    receiver.status = 405
    sink(place).probe()
    assert [method for method, *_ in receiver.got] == ["OPTIONS"]
    receiver.status = 403
    with pytest.raises(NotTaken, match="look at the token"):
        sink(place).probe()
