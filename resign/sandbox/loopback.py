"""Posts to addresses on this very machine, and to no other: the sandbox must never reach a real recipient."""

import http.client
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_TIMEOUT = 10.0
_ANSWER_READ = 2_000


class NotLoopback(ValueError):
    """The address is not http on this machine."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Status 0 with the fault as text stands for no answer at all."""

    status: int
    text: str


def check_loopback(url: str) -> tuple[str, int, str]:
    """Host to connect to, port and target (path and query) of a URL; NotLoopback for anywhere else.

    A name is never looked up: `localhost` and what ends in `.localhost` mean 127.0.0.1 (RFC 6761 §6.3).
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError as fault:
        raise NotLoopback(f"not a URL: {fault}") from fault
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme != "http" or not host or not _is_loopback(host):
        raise NotLoopback("only http:// addresses on this machine (localhost, 127.0.0.1, ::1) are called")
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):  # noqa: PLR2004 - printable ASCII
        raise NotLoopback("the address holds blanks or characters that have to be percent-encoded")
    connect = "127.0.0.1" if host.endswith("localhost") else host
    return connect, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def post(url: str, body: bytes, headers: dict[str, str]) -> Heard:
    """One POST on a new connection, without cookies, without following anything."""
    host, port, target = check_loopback(url)
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    try:
        connection.request("POST", target, body, {"Host": urlsplit(url).netloc, **headers})
        answer = connection.getresponse()
        return Heard(answer.status, answer.read(_ANSWER_READ).decode(errors="replace"))
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return Heard(0, f"{type(fault).__name__}: {fault}")
    finally:
        connection.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
