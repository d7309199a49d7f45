"""A sign-up that another system asks for: by the API, Synerise's own workflow, the person's click, the hook, and the ledger."""

import re
import time
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from resign.api_keys import keys
from resign.api_keys.scopes import SCOPES
from resign.ledger.standings import standings
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from resign.synerise import SignUpDestination

ANNA = "anna@example.com"
TURN_ON = "marketingAgreement.turnOn"
_SHELL = Staff(id=0, name="root (shell)", grants={EVERYWHERE: frozenset(ROLES)})
_PATIENCE = 15.0


@pytest.fixture
def system(between):
    made = between()
    made.sandbox.do("profiles", [{"email": ANNA, "agreements": {"email": False}}])
    made.starts_again(SignUpDestination(made.workspace, made.clock))
    made.listens(TURN_ON, evidence="{{ event.params.evidence }}")
    return made


@pytest.fixture
def crm(system):
    """The other system, at the API's real address."""
    with system.database.writing() as session:
        key = keys.add(
            session, "crm", "default", SCOPES, system.clock.now(), _SHELL, origin="crm", expires_at=None
        )
        session.commit()
    with httpx.Client(
        base_url=f"{system.url}/api/v1", headers={"Authorization": f"Bearer {key.text}"}
    ) as one:
        yield one


def writes(crm, choice, **more):
    answer = crm.post("/decisions", json={"profile": {"email": ANNA}, "choice": choice, **more})
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()["verdict"]


def link_in_the_mail(system):
    ends = time.monotonic() + _PATIENCE
    while not (mails := system.sandbox.look("mailbox")["mails"]):
        assert time.monotonic() < ends
        time.sleep(0.05)
    [mail] = mails
    assert (mail["to"], mail["campaign"]) == (ANNA, "sign-up")
    found = re.search(r"http://\S+/sandbox/sign-up/\S+", mail["text"])
    assert found is not None
    return found[0]


def stands(system):
    digest = Profile.of("email", ANNA).digest(system.key)
    with system.database.reading() as session:
        found = standings(session, "default", digest, ["newsletter"]).get("newsletter")
    return found.choice if found else None


def is_on(system):
    return next(each["agreement"] for each in system.sandbox.profiles if each["email"] == ANNA) == "enabled"


def test_it_is_asked_for_mailed_confirmed_and_only_then_a_consent(system, crm):
    assert writes(crm, "request", evidence="form 7") == "recorded"
    system.is_told()
    link = link_in_the_mail(system)
    assert (stands(system), is_on(system)) == (None, False)
    assert httpx.get(link).status_code == 200
    time.sleep(0.2)
    assert not is_on(system)
    assert httpx.post(link).status_code == 200
    assert system.hears(2) == [
        ("newsletter:requested", "opt-in", "api", "crm", "form 7"),
        ("newsletter", "opt-in", "synerise", "synerise", "double-opt-in"),
    ]
    assert (stands(system), is_on(system)) == ("opt-in", True)
    consents = crm.post("/consents/lookup", json={"profile": {"email": ANNA}}).json()["consents"]
    assert (consents[0]["choice"], consents[0]["requested_at"]) == ("opt-in", None)
    shown = crm.get("/decisions?order=oldest").json()["decisions"]
    assert [(each["agreement"], each["choice"]) for each in shown] == [
        ("newsletter", "request"), ("newsletter", "opt-in"),
    ]  # fmt: skip


def test_somebody_who_is_out_stays_out_until_they_confirm(system, crm):
    earlier = (system.clock.now() - timedelta(hours=1)).isoformat()
    assert writes(crm, "opt-out", at=earlier) == "recorded"
    assert writes(crm, "request", at=system.clock.now().isoformat()) == "recorded"
    system.is_told()
    link = link_in_the_mail(system)
    assert stands(system) == "opt-out"
    httpx.post(link)
    assert system.hears(3)[2] == ("newsletter", "opt-in", "synerise", "synerise", "double-opt-in")
    assert stands(system) == "opt-in"


def test_an_opt_out_before_it_was_told_keeps_the_workflow_from_starting(system, crm):
    system.sandbox.do("faults", {"outage": "drop"})
    writes(crm, "request")
    system.worker.step()
    ends = time.monotonic() + 2
    while time.monotonic() < ends:
        system.worker.step()
        time.sleep(0.02)
    writes(crm, "opt-out")
    system.sandbox.do("faults", None, method="DELETE")
    ends = time.monotonic() + _PATIENCE
    while states(system).get("newsletter:requested") != "superseded":
        assert time.monotonic() < ends, states(system)
        system.worker.step()
        time.sleep(0.05)
    assert system.sandbox.look("mailbox")["mails"] == []
    assert not any("newsletter_agreement_enabled" in each["attributes"] for each in system.sandbox.profiles)


def states(system):
    with system.database.reading() as session:
        return {
            row.agreement: row.state
            for row in session.execute(select(MessageRow.agreement, MessageRow.state))
        }
