"""Under which origin the console was asked for: the address that it was set up with, or this machine's own names."""

import re
from urllib.parse import urlsplit

from flask import request

from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.spoken import mark

_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_USUAL_PORTS = {"http": ":80", "https": ":443"}


def asked_origin() -> str:
    """Raises Problem for any other name: a page of somebody else's can have one that leads here (DNS rebinding)."""
    if found := _found(request.environ.get("HTTP_HOST", "").lower()):
        return found
    raise Problem(
        421, mark("The console does not answer to this name, only to the one that it was set up with.")
    )


def is_encrypted() -> bool:
    return _found(request.environ.get("HTTP_HOST", "").lower()).startswith("https://")


def _found(host: str) -> str:
    """An empty text where it is none of ours."""
    if desk().url and _is_host_of(desk().url, host):
        return desk().url
    return f"http://{host}" if desk().is_for_this_machine and _LOOPBACK.fullmatch(host) else ""


def _is_host_of(url: str, host: str) -> bool:
    parts = urlsplit(url)
    usual = _USUAL_PORTS[parts.scheme]
    return host.removesuffix(usual) == parts.netloc.lower().removesuffix(usual)
