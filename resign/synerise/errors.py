"""The one place where an answer's status becomes an outcome, and so decides whether a message is tried again.

Synerise documents 207, 400, 401, 403, 404 and 415 (php-sdk f8b9074 `lib/V4`). Its rate limits and the form
of its 429 are not documented, so 429 and its kin are taken as HTTP means them, with or without Retry-After.

408 425 429                       Busy
503 with Retry-After              Busy
other 5xx, no usable answer       Unreachable
401 403 (after a fresh log-in)    Misconfigured; 403 to a batch is SendAlone, to a creation NoSuchProfile
3xx                               Misconfigured: a token is never carried to where a redirect points
404                               what the call says: NoSuchProfile, or Misconfigured for an address of ours
207, 400, 413, 415, other 4xx     what the call says: SendAlone for a batch, otherwise Refused
"""

import re
from datetime import datetime
from typing import Literal

import httpx

from resign.outbox.contract import Accepted, Busy, Misconfigured, Outcome, Unreachable
from resign.outward.retry_after import wait_asked_for
from resign.synerise.calls import LOG_IN, Call
from resign.synerise.fault import fault_named_in

_MULTI_STATUS = 207
_NOT_FOUND = 404
_UNAVAILABLE = 503
_FORBIDDEN = 403
_DENIED = frozenset({401, _FORBIDDEN})
_BUSY = frozenset({408, 425, 429})
_LAST_OF_HTTP = 599
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


def took(response: httpx.Response) -> bool:
    """Whether the whole of the call was taken. 207 is a refusal in part that only looks like success."""
    return response.is_success and response.status_code != _MULTI_STATUS


def accepted(response: httpx.Response) -> Accepted:
    """Whether answers carry a request's id is not documented; one that looks like an id is kept for support."""
    given = response.headers.get("x-request-id", "")
    return Accepted(given if _REQUEST_ID.fullmatch(given) else None)


def outcome_of(
    response: httpx.Response, call: Call, now: datetime, auth: Literal["login", "basic"]
) -> Outcome:
    """The outcome of an answer that `took` says no to. Its body must have been read."""
    status = response.status_code
    reason = f"Synerise answered {status} to {call.what}"
    after = wait_asked_for(response.headers.get("retry-after"), now)
    if status in _BUSY or (status == _UNAVAILABLE and after is not None):
        return Busy(after, reason)
    if response.is_server_error or status > _LAST_OF_HTTP:
        return Unreachable(reason)
    reason += fault_named_in(response.content)
    if status == _FORBIDDEN and call.denied is not None:
        return call.denied(f"{reason}; give the API key {call.needs}")
    if remedy := _remedy(response, call, auth):
        return Misconfigured(reason + remedy)
    return call.missing(reason) if status == _NOT_FOUND else call.refused(reason)


def unreachable(call: Call, fault: httpx.RequestError) -> Unreachable:
    """No usable answer, and the message may have arrived all the same. The fault's text may quote the address."""
    return Unreachable(f"no answer from Synerise to {call.what}: {type(fault).__name__}")


def _remedy(response: httpx.Response, call: Call, auth: Literal["login", "basic"]) -> str:
    """What to mend, if the answer says that no message at all would be taken this way; otherwise nothing."""
    if response.is_redirect:
        return (
            ", a redirect, which is not followed with a token; check RESIGN_SYNERISE_URL"
            " and RESIGN_SYNERISE_INCOMING_URL"
        )
    if response.status_code == _NOT_FOUND and call.missing is Misconfigured:
        return ": there is no such address; check RESIGN_SYNERISE_URL and RESIGN_SYNERISE_INCOMING_URL"
    # The log-in says nothing of any message: whatever it refuses is the key's or the address's fault.
    if response.status_code in _DENIED or call is LOG_IN:
        return _remedy_for_the_key(call, auth)
    return ""


def _remedy_for_the_key(call: Call, auth: Literal["login", "basic"]) -> str:
    policy = "that its IP policy lets this machine in"
    if call is LOG_IN:
        return (
            "; check RESIGN_SYNERISE_API_KEY and RESIGN_SYNERISE_URL (the host of the workspace's region), "
            f"that the key is of the type Workspace, and {policy}"
        )
    if auth == "basic":
        return (
            f"; check that Basic is enabled for the API key, RESIGN_SYNERISE_WORKSPACE_GUID, {policy}, "
            f"and give the key {call.needs}"
        )
    return (
        f", also after a fresh log-in; give the API key {call.needs}, and check that its type is Workspace"
        f" and {policy}"
    )
