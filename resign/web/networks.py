"""Where a request comes from, as far as anybody here needs to know: the neighbourhood, not the person."""

import ipaddress

_IPV4_PREFIX, _IPV6_PREFIX = 24, 48


def neighbourhood(address: str | None) -> str:
    """The /24 or the /48, as text; the same word for all that is no address.

    Who comes by IPv4 to a socket of IPv6 is called `::ffff:a.b.c.d` there (RFC 4291 §2.5.5.2): one /48 would be all of them.
    """
    try:
        parsed = ipaddress.ip_address(_without_port(address or ""))
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    prefix = _IPV4_PREFIX if parsed.version == 4 else _IPV6_PREFIX  # noqa: PLR2004 - IPv4
    return str(ipaddress.ip_network((parsed, prefix), strict=False))


def _without_port(address: str) -> str:
    """Some proxies write `192.0.2.1:443` and `[2001:db8::1]:443` into `X-Forwarded-For`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _, port = address.partition(":")
    return address if ":" in port else host
