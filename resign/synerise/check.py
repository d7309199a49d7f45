"""Finds out for the operator whether a workspace's settings and API key will do, without changing anything."""

import json
from dataclasses import dataclass

import httpx

from resign.clock import Clock
from resign.outbox.contract import Busy, NoSuchProfile, Outcome, Unreachable
from resign.profile import Profile
from resign.settings.model import Workspace
from resign.synerise import addresses, calls
from resign.synerise.connection import Connection
from resign.synerise.fault import parsed
from resign.synerise.incoming import incoming_path

# Only names that Synerise publishes are asked for; those for updating and reading one profile are not.
_NEEDED: dict[str, tuple[str, ...]] = {
    "profile": (),
    "event": ("API_CUSTOM_EVENTS_CREATE",),
    "incoming": ("INCOMING_WEBHOOK_EXECUTE",),
}
# Not an opt-out waits for this one: it is for many profiles in one call.
_FOR_BATCHES = "API_BATCH_CLIENT_CREATE"
_SILENT = (
    "; check RESIGN_SYNERISE_URL, and that this machine may reach it by name (DNS) and on its port"
    " (firewall): the environment's proxies are not used"
)
_ANSWERED = "; it did answer, so the network is not in the way: look again in some minutes"
_MEANWHILE = "Opt-outs are recorded meanwhile and told later"
_BY_HAND = "open the API key in Synerise and look whether it has it"
# Nobody has these: `.invalid` is reserved (RFC 2606 §2), so that reading them touches no person.
_NOBODY = {
    "unique": addresses.path_of(Profile("email", "resign.doctor@example.invalid")),
    "non-unique": addresses.path_of(Profile("customId", "resign-doctor-nobody")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do, or what could not be looked at."""

    ok: bool
    what: str
    remedy: str = ""


def check(
    workspace: Workspace,
    clock: Clock,
    *,
    timeout: float = 10.0,
    transport: httpx.BaseTransport | None = None,
) -> list[Finding]:
    """Logs in, asks for the key's permissions, and reads a profile that nobody has. Never raises."""
    with Connection(workspace, clock, connections=1, timeout=timeout, transport=transport) as connection:
        findings: list[Finding] = []
        if workspace.synerise_auth == "login" or workspace.synerise_tell == "incoming":
            failure = connection.log_in()
            findings.append(_finding("logging in to Synerise", failure))
            if failure is not None:
                return findings
        if workspace.synerise_tell == "incoming":
            findings.append(_incoming_address(workspace))
        return [*findings, *_permissions(workspace, connection), _reading(workspace, connection)]


def _finding(what: str, failure: Outcome | None) -> Finding:
    reason = getattr(failure, "reason", "")
    if isinstance(failure, Unreachable | Busy):
        reason += f"{_SILENT if reason.startswith('no answer') else _ANSWERED}. {_MEANWHILE}"
    return Finding(failure is None, what, reason)


def _incoming_address(workspace: Workspace) -> Finding:
    return Finding(
        incoming_path(workspace) is not None,
        "the incoming integration's address is on Synerise's API host",
        "copy RESIGN_SYNERISE_INCOMING_URL from the Incoming Integration node again, and check RESIGN_SYNERISE_URL",
    )


def _permissions(workspace: Workspace, connection: Connection) -> list[Finding]:
    """That every key may ask this is not documented: where it may not, the person is told to look."""
    needed = _NEEDED[workspace.synerise_tell]
    asked = (*needed, _FOR_BATCHES)
    content = json.dumps(asked).encode()
    answer = connection.ask(calls.PERMISSIONS, "POST", addresses.PERMISSIONS, content)
    held = parsed(answer.content) if isinstance(answer, httpx.Response) else None
    permissions = held.get("permissions") if isinstance(held, dict) else None
    known = permissions if isinstance(permissions, dict) else {}
    needs = [_permission(name, known.get(name)) for name in needed]
    return [*needs, _for_batches(known.get(_FOR_BATCHES))]


def _permission(name: str, held: object) -> Finding:
    if held is True:
        return Finding(ok=True, what=f"the API key has the permission {name}")
    if held is False:
        return Finding(
            ok=False,
            what=f"the API key lacks the permission {name}",
            remedy=f"add {name} to the API key in Synerise",
        )
    return Finding(ok=True, what=f"Synerise does not say whether the API key has {name}", remedy=_BY_HAND)


def _for_batches(held: object) -> Finding:
    if held is not False:
        return _permission(_FOR_BATCHES, held)
    return Finding(
        ok=True,
        what=f"the API key lacks {_FOR_BATCHES}, which only batches need",
        remedy="add it to the API key in Synerise before you run `resign links push`, or mint links by clientId",
    )


def _reading(workspace: Workspace, connection: Connection) -> Finding:
    """Without this permission an opt-out is told, and can never be confirmed."""
    what = "reading a profile"
    answer = connection.ask(calls.READ, "GET", _NOBODY[workspace.synerise_emails])
    if isinstance(answer, httpx.Response | NoSuchProfile):
        return _finding(what, None)
    return _finding(what, answer)
