"""Where a request comes from, as far as anybody here needs to know: the neighbourhood, not the person."""

import ipaddress

_IPV4_PREFIX, _IPV6_PREFIX = 24, 48


def neighbourhood(address: str | None) -> str:
    """The /24 or the /48, as text; the same word for all that is no address."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    prefix = _IPV4_PREFIX if parsed.version == 4 else _IPV6_PREFIX  # noqa: PLR2004 - IPv4
    return str(ipaddress.ip_network((parsed, prefix), strict=False))
