"""The client over real sockets and real TLS: where it goes, where it does not, and how long it lets itself be held."""

import socket
import threading
import time
from ipaddress import ip_network

import httpx
import pytest

from resign.outward.addresses import NotAllowed
from resign.outward.client import MOST_BYTES, beginning, outward_client, where_to
from tests.support.receiver import Receiver
from tests.support.tls import Authority

HERE = (ip_network("127.0.0.0/8"),)


def leads_to(*addresses: str):
    return lambda _host, _port: list(addresses)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def receiver(authority):
    opened = Receiver(tls=authority.server("hooks.example"))
    yield opened
    opened.close()


@pytest.fixture
def plain():
    opened = Receiver()
    yield opened
    opened.close()


def test_the_address_that_was_checked_is_the_one_that_is_called_and_tls_still_asks_for_the_name(
    authority, receiver
):
    """A name that the system does not know: nobody but our own look-up can have led us there."""
    url = f"https://hooks.example:{receiver.port}/hook"
    with outward_client(
        url, HERE, seconds=10, certificates=authority.trusted(), resolve=leads_to("127.0.0.1")
    ) as client:
        assert client.get(url).status_code == 200
    assert receiver.asked == 1


def test_a_certificate_of_another_name_is_refused(authority, receiver):
    url = f"https://other.example:{receiver.port}/hook"
    with (
        outward_client(
            url, HERE, seconds=10, certificates=authority.trusted(), resolve=leads_to("127.0.0.1")
        ) as client,
        pytest.raises(httpx.ConnectError, match="certificate"),
    ):
        client.get(url)
    assert receiver.asked == 0


def test_a_name_that_leads_elsewhere_the_second_time_is_refused_then_and_asked_once_a_call(
    authority, receiver
):
    looked: list[str] = []

    def rebinding(_host, _port):
        looked.append(_host)
        return ["127.0.0.1"] if len(looked) == 1 else ["169.254.169.254"]

    url = f"https://hooks.example:{receiver.port}/hook"
    with outward_client(url, HERE, seconds=10, certificates=authority.trusted(), resolve=rebinding) as client:
        assert client.get(url).status_code == 200
        assert looked == ["hooks.example"]
        with pytest.raises(NotAllowed):
            client.get(url)
    assert receiver.asked == 1


def test_the_second_address_is_tried_where_the_first_does_not_answer(authority, receiver):
    url = f"https://hooks.example:{receiver.port}/hook"
    with outward_client(
        url, HERE, seconds=10, certificates=authority.trusted(), resolve=leads_to("127.0.0.9", "127.0.0.1")
    ) as client:
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/", "https://127.1:{port}/", "https://2130706433:{port}/", "https://0x7f.1:{port}/",
        "https://[::1]:{port}/", "https://[::ffff:127.0.0.1]:{port}/", "https://localhost:{port}/",
        "https://hooks.example@127.0.0.1:{port}/", "https://localhost.:{port}/", "https://0:{port}/",
        "https://①②⑦.⓪.⓪.①:{port}/", "http://127.0.0.1:{port}/", "http://localhost:{port}/",
    ],
)  # fmt: skip
def test_this_machine_is_not_called_where_the_settings_do_not_name_it(plain, url):
    url = url.format(port=plain.port)
    with (
        pytest.raises((NotAllowed, httpx.HTTPError, httpx.InvalidURL)),
        outward_client(url, seconds=5) as client,
    ):
        client.get(url)
    assert plain.asked == 0


def test_clear_text_goes_to_this_machine_alone_whatever_is_named(plain):
    with outward_client(plain.url, HERE, seconds=5) as client:
        assert client.get(plain.url).status_code == 200
    everywhere = (ip_network("0.0.0.0/0"), ip_network("10.0.0.0/8"))
    for address in ("10.0.0.1", "93.184.215.14"):
        with (
            outward_client(
                "http://hooks.example/", everywhere, seconds=5, resolve=leads_to(address)
            ) as client,
            pytest.raises(NotAllowed),
        ):
            client.get("http://hooks.example/")


@pytest.mark.parametrize("url", ["ftp://hooks.example/", "file:///etc/passwd", "gopher://127.0.0.1/", "//x"])
def test_no_other_scheme(url):
    with pytest.raises(NotAllowed):
        outward_client(url, HERE, seconds=5)


def test_a_client_for_https_does_not_go_without(plain):
    with outward_client("https://127.0.0.1/", HERE, seconds=5) as client, pytest.raises(NotAllowed):
        client.get(plain.url)


def test_redirects_are_not_followed_and_the_surroundings_have_no_say(plain, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    plain.says(302, Location="http://127.0.0.1:1/elsewhere")
    with outward_client(plain.url, HERE, seconds=5) as client:
        assert client.post(plain.url, content=b"{}").status_code == 302


def serving(*steps):
    """A server that says one thing after the other to whoever comes first, waiting between them."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening, listening.accept()[0] as line:
            line.recv(65536)
            try:
                for wait, said in steps:
                    line.sendall(said)
                    time.sleep(wait)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/"


DRIP = [(0.1, b"x")] * 200


@pytest.mark.parametrize(
    "steps",
    [
        [(0, b"HTTP/1.1 200 OK\r\nX-Slow: "), *DRIP],
        [(0, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), *DRIP],
        [(20, b"HTTP/1.1 200 OK\r\n")],
    ],
    ids=["headers", "body", "silence"],
)
def test_whoever_sends_a_byte_now_and_then_holds_nobody(steps):
    url = serving(*steps)
    began = time.monotonic()
    with outward_client(url, HERE, seconds=1) as client, pytest.raises(httpx.TimeoutException):
        client.get(url)
    assert time.monotonic() - began < 5


def test_an_answer_without_end_is_read_to_its_bound():
    url = serving((0, b"HTTP/1.1 200 OK\r\n\r\n"), *[(0, b"x" * 65536)] * 400)
    with outward_client(url, HERE, seconds=10) as client, client.stream("GET", url) as answer:
        assert len(beginning(answer)) == MOST_BYTES


def test_what_comes_packed_unfolds_to_nothing():
    body = b"\x1f\x8b\x08\x00not really packed"
    url = serving(
        (0, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    )
    with outward_client(url, HERE, seconds=10) as client, client.stream("GET", url) as answer:
        assert beginning(answer) == body


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://hooks.example/hook", ("hooks.example", 443)),
        ("https://hooks.example:8443/hook", ("hooks.example", 8443)),
        ("https://zażółć.example/hook", ("xn--za-6ja4f8n1l.example", 443)),
    ],
)
def test_where_a_call_would_go_is_found_out_by_the_names_that_a_call_uses_and_nobody_is_called(url, asked):
    seen = []
    where_to(url, HERE, seconds=10, resolve=lambda *given: seen.append(given) or ["127.0.0.1"])
    assert seen == [asked]


def test_where_a_call_may_not_go_is_said_without_one():
    for url, addresses in (
        ("https://hooks.example/", ["10.0.0.1"]),
        ("http://hooks.example/", ["93.184.216.34"]),
        ("ftp://hooks.example/", ["93.184.216.34"]),
        ("https://-a-.é--/", ["93.184.216.34"]),
    ):
        with pytest.raises(NotAllowed):
            where_to(url, HERE, seconds=10, resolve=leads_to(*addresses))
