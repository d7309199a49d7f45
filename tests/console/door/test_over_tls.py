"""Behind a proxy with TLS: the cookie that no other host can set, HSTS, and the proxy's word for who comes."""

from dataclasses import replace

import pytest

from resign.console.app import create_console
from resign.console_root import console_application
from resign.settings import load
from tests.support.variables import VARIABLES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SIGN_IN = "/console/sign-in"
HOST = {"Host": "console.example.com"}


@pytest.fixture
def client(desk):
    stand = replace(
        desk, url="https://console.example.com", is_for_this_machine=False, second_factor="optional"
    )
    return create_console(stand).test_client(use_cookies=False)


def mark_in(page):
    return page.text.partition('name="mark" value="')[2].partition('"')[0]


def signs_in(client, host):
    page = client.get(SIGN_IN, headers=host)
    typed = {"mark": mark_in(page), "name": "noah", "password": "three herons on a roof"}
    return client.post(SIGN_IN, data=typed, headers=host)


def test_the_cookie_is_for_this_host_alone(client, hire):
    hire("noah", "marketer@*")
    answer = signs_in(client, HOST)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-resign-console=")
    assert set(cookie.split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    given = {**HOST, "Cookie": cookie.partition(";")[0]}
    assert client.get("/console/themes", headers=given).status_code == 200
    plain = {**HOST, "Cookie": given["Cookie"].replace("__Host-", "")}
    assert client.get("/console/themes", headers=plain).status_code == 303


def test_in_clear_on_this_machine_it_has_another_name(console, hire):
    hire("noah", "marketer@*")
    console.extensions["console"] = replace(console.extensions["console"], second_factor="optional")
    answer = signs_in(console.test_client(use_cookies=False), {"Host": "127.0.0.1:8020"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("resign-console=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/console", "SameSite=Lax"}


@pytest.mark.parametrize("host", ["console.example.com", "CONSOLE.example.com", "console.example.com:443"])
def test_its_own_name_is_answered(client, host):
    assert client.get(SIGN_IN, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "console.example.com:80", "console.example.com.", "example.com", "[::1]"],
)
def test_no_other_name_is_not_even_this_machines(client, host):
    answer = client.get(SIGN_IN, headers={"Host": host})
    assert answer.status_code == 421
    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://console.example.com", 401),
        ("http://console.example.com", 403),
        ("https://example.com", 403),
        ("https://console.example.com:8443", 403),
    ],
)
def test_a_form_is_taken_from_its_own_origin_only(client, origin, status):
    page = client.get(SIGN_IN, headers=HOST)
    typed = {"mark": mark_in(page), "name": "noah", "password": "wrong"}
    assert client.post(SIGN_IN, data=typed, headers={**HOST, "Origin": origin}).status_code == status


def test_a_proxys_word_counts_as_often_as_there_are_proxies(database, tmp_path, clock):
    """Through one proxy each visitor has a limit of his own, and cannot choose whose."""
    settings = load({
        **VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_PROXIES": "1",
        "RESIGN_CONSOLE_BIND": "0.0.0.0:8020", "RESIGN_CONSOLE_URL": "https://console.example.com",
    })  # fmt: skip
    client = console_application(settings, clock, database).test_client(use_cookies=False)
    mark = mark_in(client.get(SIGN_IN, headers=HOST))

    def tries(address):
        headers = {**HOST, "X-Forwarded-For": f"198.51.100.7, {address}", "X-Forwarded-Proto": "https"}
        typed = {"mark": mark, "name": "noah", "password": "wrong"}
        return client.post(SIGN_IN, data={**typed, "name": address}, headers=headers).status_code

    assert [tries("192.0.2.1") for _ in range(5)][-1] == 429, "that name"
    for _ in range(26):
        last = tries("192.0.2.1")
    assert last == 429
    assert tries("203.0.113.1") == 401, "another network"
