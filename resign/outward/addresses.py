"""Where a name leads, and whether we may go there: a destination must not be a way into the operator's own network.

What is refused stands in the registries of special addresses (IANA, "IPv4 and IPv6 Special-Purpose Address Space");
OWASP ASVS 1.3.6 asks for it. A form that carries an IPv4 address inside an IPv6 one is refused whatever it carries,
because where it ends is somebody else's to say.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# Answers the addresses of a host and a port, as text; raises OSError where there are none.
Resolve = Callable[[str, int], Sequence[str]]

# Beside what `ipaddress` calls not global, reserved or multicast: it differs between versions of Python.
_SPECIAL = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
    )
)  # fmt: skip
# All else of IPv6 is not given out: loopback, mapped, NAT64, link-local, unique local and multicast are outside of it.
_GIVEN_OUT = ip_network("2000::/3")
_MOST_ADDRESSES = 8


class NotAllowed(Exception):
    """The text says why and what to do, and names no address."""


class NotFound(OSError):
    """No address was found for the name; the text does not quote it."""


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return not any(address in network for network in _SPECIAL if network.version == address.version)


def addresses_of(
    host: str,
    port: int,
    networks: Sequence[Network],
    *,
    seconds: float,
    resolve: Resolve | None = None,
    public: bool = True,
) -> list[str]:
    """Where to connect, best first: on the public internet, unless that is not `public`, and in `networks`.

    One address that is not allowed refuses the name: it would be a coin's toss.

    Raises NotAllowed, or NotFound after `seconds`. Whoever connects uses these and asks no second time: a name that
    led to the public internet when it was checked may lead elsewhere a moment later.
    """
    found = _resolved(host, port, seconds, resolve or system_resolve)[:_MOST_ADDRESSES]
    if not found:
        raise NotFound("its name was not found")
    for text in found:
        if not _may_go(text, networks, public=public):
            raise NotAllowed(
                "its name leads to an address that is not on the public internet; where that is meant, "
                "give the network under networks"
            )
    return found


def system_resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _may_go(text: str, networks: Sequence[Network], *, public: bool) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return (public and is_public(address)) or any(
        address in network for network in networks if network.version == address.version
    )


def _resolved(host: str, port: int, seconds: float, resolve: Resolve) -> list[str]:
    """In a thread of its own, because the system's resolver knows no time limit; one that is late is left behind."""
    answers: SimpleQueue[Sequence[str]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, ValueError):  # UnicodeError, of a name that cannot be one, is a ValueError
            answers.put([])

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return list(answers.get(timeout=seconds))
    except Empty:
        raise NotFound("its name was not found in time") from None
