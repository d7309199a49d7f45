"""One opt-out from the mail to the confirmed profile, as a person and their browser do it, over HTTP only."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape

import httpx
from sqlalchemy.orm import Session

from resign.clock import SystemClock
from resign.db import Database
from resign.demo.system import System
from resign.ids import reference_range
from resign.ledger.tables import Decision
from resign.links import Links
from resign.outbox.timeline import Step, timeline
from resign.profile import Profile

_PATIENCE_SECONDS = 40.0
_ANNA = {"email": "anna@example.com", "firstName": "Anna", "customId": "C-1042"}


class NotTold(Exception):
    """The story did not reach its end; the message says where it stopped."""


def send_mail(system: System, others: Sequence[Mapping[str, object]] = ()) -> dict[str, object]:
    """Puts Anna into the pretend Synerise, with her link as an attribute, and has a campaign mail sent to her.

    `others` are profiles that are there besides.
    """
    name = next(iter(system.settings.workspaces))
    unique = system.settings.workspaces[name].synerise_emails == "unique"
    profile = Profile("email", _ANNA["email"]) if unique else Profile("customId", _ANNA["customId"])
    token = Links(system.settings.workspaces.values()).mint(name, profile)
    with httpx.Client(base_url=system.sandbox_url, trust_env=False) as sandbox:
        _until(lambda: sandbox.get("/sandbox/").is_success, "the sandbox did not start")
        agreement = {"agreements": {"email": True}} if unique else {}
        _checked(sandbox.post("/sandbox/webhooks", json=outgoing_integration(system)))
        attributes = {"resign_token": token} | ({} if unique else {system.sandbox.attribute: "enabled"})
        anna = {**_ANNA, **agreement, "attributes": attributes}
        _checked(sandbox.post("/sandbox/profiles", json=[anna, *others]))
        sent = _checked(
            sandbox.post("/sandbox/mailbox", json={"customId": _ANNA["customId"], "campaign": "spring"})
        )
    mail: dict[str, object] = sent.json()
    return mail


def outgoing_integration(system: System) -> dict[str, object]:
    """What a marketer sets up in Synerise, so that what happens there is heard here."""
    [workspace] = system.settings.workspaces.values()
    return {
        "url": f"{system.settings.base_url}/hooks/synerise/{workspace.name}",
        "token": workspace.synerise_webhook_token,
        "events": [
            "marketingAgreement.turnOff", "marketingAgreement.turnOn", "newsletter.unsubscribe",
            "profile.created", "profile.updated", "message.sent",
        ],
    }  # fmt: skip


def wait_for_pages(system: System) -> None:
    with httpx.Client(base_url=system.settings.base_url, trust_env=False) as pages:
        _until(lambda: pages.get("/readyz").is_success, "the pages did not start")


def opt_out(system: System, mail: dict[str, object]) -> Iterator[Step]:
    """The timeline, step by step as it happens; raises NotTold where it stops short."""
    clock = SystemClock()
    yield Step(clock.now(), "mailed", f"mail {mail['id']}")
    with httpx.Client(trust_env=False) as browser:
        body = _checked(browser.get(f"{system.sandbox_url}/sandbox/mailbox/{mail['id']}/body")).text
        link = _found(r'href="([^"]*/u/[^"]+)"', body, "the mail has no link")
        page = _checked(browser.get(link)).text
        yield Step(clock.now(), "opened", "the page shows one button")
        action = _found(r'<form[^>]*action="([^"]+)"', page, "the page has no form")
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        yield Step(clock.now(), "pressed", "the page's button")
        done = _checked(browser.post(f"{system.settings.base_url}{action}", data=fields)).text
    spoken = _found(r"\b([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\b", done, "the done page has no reference")
    yield from _recorded_to_confirmed(system, spoken)
    yield Step(clock.now(), "off", _agreement(system))


def _recorded_to_confirmed(system: System, spoken: str) -> Iterator[Step]:
    database = Database(system.settings.database_url, connections=1)
    told = 0
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with database.reading() as session:
                steps = _steps(session, spoken)
            yield from steps[told:]
            told = len(steps)
            if steps and steps[-1].what == "confirmed":
                return
            time.sleep(0.05)
    finally:
        database.close()
    raise NotTold("Synerise did not confirm the opt-out in time")


def _steps(session: Session, spoken: str) -> list[Step]:
    between = reference_range(spoken)
    found = session.query(Decision.id).filter(Decision.id.between(*between)).scalar() if between else None
    return timeline(session, found) if found else []


def _agreement(system: System) -> str:
    """What the pretend Synerise itself says at the end."""
    with httpx.Client(base_url=system.sandbox_url, trust_env=False) as sandbox:
        profiles = _checked(sandbox.get("/sandbox/profiles", params={"format": "json"})).json()["profiles"]
    anna = next(profile for profile in profiles if profile["customId"] == _ANNA["customId"])
    return f"newsletter_agreement = {anna['agreement']}"


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise NotTold(otherwise)


def _checked(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise NotTold(f"{response.request.method} answered {response.status_code}")
    return response


def _found(pattern: str, text: str, otherwise: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise NotTold(otherwise)
    return unescape(match[1])
