"""What a receiver's answer means. Only a 2xx is a yes (Standard Webhooks, "Operational considerations").

    2xx        taken, whatever the body says; where the settings say how a yes looks (`ok`), only with that in it
    429, 503   come back later, and how much later if Retry-After says so
    3xx        held: a redirect is not followed, for whoever can answer there could send what we say, signed, anywhere
    401, 403, 404, 405, 410
               held: about the address or the secret, not about this message; somebody must mend it
    all else   tried again, also a 400 or 422: it is a fault of the receiver's more often than of the message

Nothing of it loses a message: what is held or tried in vain becomes a dead letter after three days, and is shown.
"""

from datetime import datetime
from http import HTTPStatus

import httpx

from resign.outbox.contract import Accepted, Busy, Misconfigured, Outcome, Unreachable
from resign.outward.client import beginning
from resign.outward.retry_after import wait_asked_for

_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_TO_MEND = {
    401: "it answered 401: it does not accept the signature, or asks for a key; compare the secrets on both sides",
    403: "it answered 403: it does not let us in; compare the secrets on both sides, and what stands in front of it",
    404: "it answered 404: there is nothing at this address; compare it with the receiver's",
    405: "it answered 405: it takes no POST at this address; compare it with the receiver's",
    410: "it answered 410: it is gone for good; give its new address, or take the destination out of the settings",
}


def outcome_of(response: httpx.Response, ok: str | None, now: datetime) -> Outcome:
    """Of an answer whose body is not read yet. What it says is neither kept nor quoted: it may hold anything."""
    status = response.status_code
    if response.is_success:
        return _taken(response, ok)
    if status in _LATER:
        return Busy(wait_asked_for(response.headers.get("retry-after"), now), f"it answered {status}")
    if response.is_redirect or HTTPStatus(300) <= status < HTTPStatus(400):
        return Misconfigured(
            f"it answered {status}, a redirect, which is not followed; give the address where it leads"
        )
    if status in _TO_MEND:
        return Misconfigured(_TO_MEND[status])
    return Unreachable(f"it answered {status}")


def _taken(response: httpx.Response, ok: str | None) -> Outcome:
    if ok is None or ok.encode() in beginning(response):
        return Accepted()
    return Unreachable(
        f"it answered {response.status_code}, but its answer does not hold what the settings name as ok"
    )
