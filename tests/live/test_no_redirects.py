"""No spelling of slash, host, scheme or language meets a redirect (A3; RFC 8058 §3.1)."""

import pytest

from tests.live.headers import checked
from tests.live.wire import Wire, post, wire

FORWARDED = [
    {"X_Forwarded_Proto": "https"},
    {"X_Forwarded_Proto": "http"},
    {"X_Forwarded_Proto": "gopher"},
    {"X_Forwarded_Host": "elsewhere.example"},
    {"X_Forwarded_Host": "elsewhere.example:8443", "X_Forwarded_Port": "8443"},
    {"X_Forwarded_Prefix": "/optout"},
    {"X_Forwarded_For": "203.0.113.77, 198.51.100.1"},
    {"X_Forwarded_For": "not an address"},
    {"X_Forwarded_Ssl": "on", "Front_End_Https": "on"},
    {"Forwarded": "for=203.0.113.77;proto=https;host=elsewhere.example"},
    {"X_Original_URL": "/console/", "X_Rewrite_URL": "/console/"},
    {"X_HTTP_Method_Override": "GET"},
    {"Upgrade_Insecure_Requests": "1"},
    {"Accept_Language": "pl"},
]
SPELLINGS = ["{}", "{}/", "{}//", "/{}", "{}?c=x", "{}/?l=pl", "{}?", "//u//{token}", "{}?l=pl&c=%0d%0a"]
HOSTS = ["localhost", "optout.example.com:8443", "[::1]", "xn--bcher-kva.example"]


@pytest.fixture(params=["0", "2"], ids=["no proxy", "two proxies"], scope="module")
def entrance(request, live):
    """Once as it stands, once as behind two proxies whose word is taken."""
    if request.param == "0":
        yield live.address
        return
    web, address = live.another_web(RESIGN_PROXIES=request.param, RESIGN_WEB_WORKERS="1")
    yield address
    assert web.end() == 0


@pytest.fixture
def connection(entrance):
    with wire(entrance) as connection:
        yield connection


def presses(connection: Wire, path: str, body: bytes, **headers: str) -> None:
    answer = checked(connection.send(post(path, body, **headers)).answer())
    assert answer.status == 200
    assert "opted out" in answer.text


BODIES = (b"List-Unsubscribe=One-Click", b"page=0123456789abcdef&l=en")


def test_no_spelling_of_the_path_is_redirected(connection, anna):
    for spelling in SPELLINGS:
        for body in BODIES:
            presses(connection, spelling.format(anna.path, token=anna.token), body)
    assert len(anna.decisions()) == len(SPELLINGS) * len(BODIES)


def test_no_host_is_redirected(connection, anna):
    for host in HOSTS:
        for body in BODIES:
            data = post(anna.path, body).replace(b"optout.example", host.encode(), 1)
            assert checked(connection.send(data).answer()).status == 200
    assert len(anna.decisions()) == len(HOSTS) * len(BODIES)


def test_nothing_that_proxies_add_is_redirected(connection, anna):
    for headers in FORWARDED:
        for body in BODIES:
            presses(connection, anna.path, body, **headers)
    assert len(anna.decisions()) == len(FORWARDED) * len(BODIES)


@pytest.mark.parametrize("path", ["/u", "/u/", "/u//"])
def test_the_form_is_not_redirected_however_it_is_spelled(connection, path):
    """What is posted there is no address, and it says so."""
    assert checked(connection.send(post(path)).answer()).status == 422


@pytest.mark.parametrize("path", ["/", "/healthz/", "//healthz", "/nowhere/"])
def test_what_is_not_there_is_not_redirected_either(connection, path):
    assert checked(connection.send(post(path)).answer()).status in {404, 405}
