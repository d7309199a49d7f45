"""Hostile addresses of every spelling, and beside them those that must go through."""

import threading
from ipaddress import ip_address, ip_network

import pytest

from resign.outward.addresses import NotAllowed, NotFound, addresses_of, is_public, system_resolve

PUBLIC = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "100.63.255.255", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255",
          "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:800::200e"]  # fmt: skip
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",  # noqa: S104 - looked at, not listened on
    "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1",
]  # fmt: skip
# As somebody may type this machine's own address: it is judged by where it leads.
SPELLINGS = ["127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0",
             "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:0:0:1", "localhost"]  # fmt: skip


def leads_to(*addresses: str):
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_reached(address):
    assert is_public(ip_address(address))
    assert addresses_of("hooks.example", 443, (), seconds=5, resolve=leads_to(address)) == [address]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_the_public_internet_is_refused_until_it_is_named(address):
    with pytest.raises(NotAllowed) as refused:
        addresses_of("hooks.example", 443, (), seconds=5, resolve=leads_to(address))
    assert address not in str(refused.value)
    named = (ip_network(f"{address.partition('%')[0]}/{128 if ':' in address else 32}"),)
    if "%" not in address:
        assert addresses_of("hooks.example", 443, named, seconds=5, resolve=leads_to(address)) == [address]


@pytest.mark.parametrize("host", SPELLINGS)
def test_this_machine_is_recognised_in_every_spelling(host):
    with pytest.raises((NotAllowed, NotFound)):
        addresses_of(host, 443, (), seconds=5, resolve=system_resolve)


@pytest.mark.parametrize("host", ["", ".", "a" * 300, "a..b", "xn--\ud800", "a b", "%00", "host\x00.example"])
def test_a_name_that_can_be_none_is_not_found(host):
    with pytest.raises((NotFound, NotAllowed)):
        addresses_of(host, 443, (), seconds=5)


def test_one_bad_address_refuses_the_name():
    both = leads_to("93.184.215.14", "127.0.0.1")
    with pytest.raises(NotAllowed):
        addresses_of("hooks.example", 443, (), seconds=5, resolve=both)


def test_a_network_of_the_other_version_opens_nothing():
    with pytest.raises(NotAllowed):
        addresses_of("h", 443, (ip_network("0.0.0.0/0"),), seconds=5, resolve=leads_to("::ffff:10.0.0.1"))


def test_what_resolves_to_no_address_at_all_is_refused():
    with pytest.raises(NotAllowed):
        addresses_of("h", 443, (), seconds=5, resolve=leads_to("not-an-address"))


def test_a_resolver_that_does_not_answer_holds_nobody():
    stuck = threading.Event()

    def slow(_host, _port):
        stuck.wait(20)
        return ["93.184.215.14"]

    with pytest.raises(NotFound, match="in time"):
        addresses_of("hooks.example", 443, (), seconds=0.2, resolve=slow)
    stuck.set()
