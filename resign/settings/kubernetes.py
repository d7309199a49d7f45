"""Variables that Kubernetes gives a container for each Service in its namespace: none of ours, and no fault.

A Service named `resign` or `resign-web` puts names that begin with `RESIGN_` beside our settings. They are known
by name and value together, so that a slip such as `RESIGN_PORT=8000` is still a fault. Source: Kubernetes,
"Service", section "Discovering services" (environment variables, with those of the former Docker links).
"""

import re
from ipaddress import ip_address

_PREFIX = r"RESIGN(?:_[A-Z0-9]+)*"
_PORT = rf"{_PREFIX}_PORT_[0-9]{{1,5}}_(?:TCP|UDP|SCTP)"
_MOST_CHARACTERS = 64


def _is_address(value: str) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False


def _is(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.ASCII)


_NUMBER = _is(r"[0-9]{1,5}").fullmatch
_ENDPOINT = _is(r"(?:tcp|udp|sctp)://[0-9a-f.:\[\]]+:[0-9]{1,5}").fullmatch

_FAMILY = (
    (_is(rf"{_PREFIX}_SERVICE_HOST"), _is_address),
    (_is(rf"{_PREFIX}_SERVICE_PORT(?:_[A-Z0-9]+)*"), _NUMBER),
    (_is(rf"{_PREFIX}_PORT"), _ENDPOINT),
    (_is(_PORT), _ENDPOINT),
    (_is(rf"{_PORT}_PROTO"), _is(r"tcp|udp|sctp").fullmatch),
    (_is(rf"{_PORT}_PORT"), _NUMBER),
    (_is(rf"{_PORT}_ADDR"), _is_address),
)


def is_kubernetes_own(name: str, value: str) -> bool:
    return len(value) <= _MOST_CHARACTERS and any(
        known.fullmatch(name) and accepts(value) for known, accepts in _FAMILY
    )
