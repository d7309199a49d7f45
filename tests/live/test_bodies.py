"""Bodies without a length, broken off or malformed: a link that opens and a POST are the opt-out (A2, A12)."""

import time

import pytest

from tests.live.headers import checked
from tests.live.wire import ONE_CLICK, chunks, exchange, post, wire

MOST = 16 * 1024


def chunked(path: str, body: bytes, **headers: str) -> bytes:
    return post(path, body, Transfer_Encoding="chunked", **headers)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (chunks(ONE_CLICK), "one-click"),
        (chunks(ONE_CLICK[:5], ONE_CLICK[5:]), "one-click"),
        (chunks(ONE_CLICK, end=b"0\r\nX-Checksum: 1\r\nX-More: 2\r\n\r\n"), "one-click"),
        (b"1a;name=value\r\n" + ONE_CLICK + b"\r\n0\r\n\r\n", "one-click"),
        (chunks(), "none"),
        (b"zz\r\n" + ONE_CLICK + b"\r\n0\r\n\r\n", "none"),
        (chunks(ONE_CLICK, end=b"zz\r\nxx"), "one-click"),
        (chunks(b"x" * MOST), "form"),
    ],
)
def test_a_chunked_body_is_read_as_far_as_it_can_be_and_recorded(ask, anna, body, kind):
    assert ask(chunked(anna.path, body)).status == 200
    assert anna.decisions() == [("opt-out", "one-click", kind)]


@pytest.mark.parametrize("page", ["", "/undo"])
@pytest.mark.parametrize("size", [MOST + 1, 40_000])
def test_a_chunked_body_over_16_kib_is_refused(live, anna, size, page):
    exchange(live.address, post(anna.path))
    answer = checked(exchange(live.address, chunked(anna.path + page, chunks(b"x" * size))))
    assert answer.status == 413
    assert [decision.choice for decision in anna.decisions()] == ["opt-out"]


@pytest.mark.parametrize(
    "sent",
    [
        post("{}", b"List-", Content_Length="26"),
        post("{}", b"hello", Content_Length="400"),
        post("{}", b"", Content_Length="26"),
        post("{}", b"1a\r\nList", Transfer_Encoding="chunked"),
        post("{}", chunks(ONE_CLICK, end=b""), Transfer_Encoding="chunked"),
        post("{}", b"", Transfer_Encoding="chunked"),
    ],
)
def test_a_body_that_breaks_off_is_the_opt_out_all_the_same(live, anna, sent):
    with wire(live.address) as connection:
        connection.send(sent.replace(b"{}", anna.path.encode())).hang_up_half()
        assert checked(connection.answer()).status == 200
    assert len(anna.decisions()) == 1


@pytest.mark.parametrize("length", ["26", "400"])
def test_a_client_that_is_gone_before_its_body_was_whole_has_opted_out(live, anna, length):
    with wire(live.address) as connection:
        connection.send(post(anna.path, b"List-", Content_Length=length))
    live.until(anna.decisions, "it is recorded")
    assert len(anna.decisions()) == 1


def test_a_body_that_comes_in_drops_is_waited_for(live, anna):
    with wire(live.address) as connection:
        connection.send(post(anna.path, b"", Content_Length=str(len(ONE_CLICK))))
        for byte in ONE_CLICK:
            connection.send(bytes([byte]))
            time.sleep(0.02)
        assert connection.answer().status == 200
    assert anna.decisions() == [("opt-out", "one-click", "one-click")]


def test_a_client_that_asks_first_is_told_to_go_on(live, anna):
    with wire(live.address) as connection:
        connection.send(post(anna.path, b"", Content_Length="26", Expect="100-continue"))
        assert connection.answer().status == 100
        assert checked(connection.send(ONE_CLICK).answer()).status == 200
    assert anna.decisions() == [("opt-out", "one-click", "one-click")]
