"""From which network somebody comes, however the server or a proxy writes their address."""

from dataclasses import replace

import pytest
from werkzeug.test import Client

from resign.app import web_application
from resign.web.networks import neighbourhood


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("192.0.2.77:5555", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("::FFFF:c000:024d", "192.0.2.0/24"),
        ("[::ffff:192.0.2.77]:5555", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("[2001:db8:1:2::3]:443", "2001:db8:1::/48"),
        ("[2001:db8:1:2::3]", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        *((nothing, "unknown") for nothing in (None, "", "unknown", ":", "[", "[]:1", "x:1", "192.0.2.77:1:2", "\x00")),
    ],
)  # fmt: skip
def test_it_is_the_same_network_however_it_is_written(address, network):
    assert neighbourhood(address) == network


@pytest.mark.parametrize("form", ["::ffff:{}", "{}:5555", "[::ffff:{}]:5555"])
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_stranger_uses_up_the_limit_of_their_own_network_alone(settings, clock, database, form, proxies):
    client = Client(web_application(replace(settings, proxies=proxies), clock, database), use_cookies=False)

    def tries(address: str) -> int:
        written = form.format(address)
        given = (
            {"headers": {"X-Forwarded-For": f"198.51.100.7, {written}"}}
            if proxies
            else {"environ_base": {"REMOTE_ADDR": written}}
        )
        return client.get("/u/k2.not.one", **given).status_code

    assert [tries(f"192.0.2.{number}") for number in range(61)] == [404] * 60 + [429]
    assert tries("203.0.113.1") == 404
