"""Synerise and another system wired to each other through resign: each hears of everything once, and nothing circulates."""

from ipaddress import ip_network

import pytest
from sqlalchemy import func, insert, select

from resign.api_keys import keys
from resign.api_keys.scopes import SCOPES
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from resign.settings.destinations import WebhookTo
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from resign.webhooks import WebhookDestination
from tests.flows.echoing import SECRET, Echoing
from tests.support.decisions import decision

EACH = 200
SHELL = Staff(id=0, name="root (shell)", grants={EVERYWHERE: frozenset(ROLES)})
CHANGES = ("marketingAgreement.turnOff", "marketingAgreement.turnOn", "profile.updated")


@pytest.fixture
def wired(between):
    """The sandbox raises an event for every write, also for one that changes nothing; the other system echoes."""
    system = between()
    system.serves()
    with system.database.writing() as session:
        key = keys.add(session, "crm", "default", SCOPES, system.clock.now(), SHELL, origin="crm").text
        session.commit()
    crm = Echoing(system.url, key)
    to = WebhookTo(name="crm", url=crm.url, secrets=(SECRET,), networks=(ip_network("127.0.0.0/8"),))
    system.starts_again(WebhookDestination("default", to, system.clock))
    system.listens(*CHANGES)
    system.sandbox.do("options", {"echo_unchanged": True})
    yield system, crm
    crm.close()


def person(side, number):
    return f"{side}{number}@example.com"


def presses(system, numbers, choice="opt-out"):
    made = [decision(system.clock, Profile("email", person("page", n)), choice).row for n in numbers]
    with system.database.writing() as session:
        session.connection().execute(insert(Decision), made)
        session.commit()


def decided_at_crm(crm, numbers):
    """Half of them agree, and are not known at Synerise yet."""
    for n in numbers:
        choice = "opt-in" if n % 2 else "opt-out"
        said = {"evidence": "ticked at the till"} if n % 2 else {}
        crm.writes(
            {"profile": {"email": person("crm", n)}, "choice": choice, "agreement": "newsletter", **said}
        )


def left_at_crm(crm, numbers):
    for n in numbers:
        crm.writes({"profile": {"email": person("page", n)}, "choice": "opt-out", "agreement": "newsletter"})


def left_at_synerise(system, ids):
    for number in ids:
        system.sandbox.do(f"profiles/{number}/agreement", {"choice": "opt-out"})


def comes_to_rest(system, crm, decisions):
    system.hears(decisions, within=60)
    for _ in range(3):
        system.is_told(within=120)
        crm.echoes()
        system.weighs()
    system.is_told(within=60)


def counted(system):
    """Messages by destination and state."""
    query = select(MessageRow.destination, MessageRow.state, func.count()).group_by(
        MessageRow.destination, MessageRow.state
    )
    with system.database.reading() as session:
        return {(destination, state): count for destination, state, count in session.execute(query)}


def test_two_hundred_from_each_side_are_told_once_to_each_other_side(wired):
    system, crm = wired
    planted = [{"email": person("page", n), "agreements": {"email": True}} for n in range(EACH)]
    planted += [{"email": person("crm", n), "agreements": {"email": True}} for n in range(0, EACH, 2)]
    system.sandbox.do("profiles", planted)
    ids = system.sandbox.do(
        "profiles", [{"email": person("syn", n), "agreements": {"email": True}} for n in range(EACH)]
    )["clientIds"]
    half = EACH // 2

    presses(system, range(half))
    decided_at_crm(crm, range(half))
    left_at_synerise(system, ids[:half])
    comes_to_rest(system, crm, 3 * half)

    # The other half across a restart of the worker, and with echoes that come only when all is long over.
    crm.holds_back = True
    presses(system, range(half, EACH))
    system.worker.step()
    system.starts_again()
    decided_at_crm(crm, range(half, EACH))
    left_at_synerise(system, ids[half:])
    comes_to_rest(system, crm, 3 * EACH)
    crm.holds_back = False
    comes_to_rest(system, crm, 3 * EACH)

    origins = {}
    for _, choice, method, origin, _ in system.decisions():
        origins[method, origin, choice] = origins.get((method, origin, choice), 0) + 1
    assert origins == {
        ("page", None, "opt-out"): EACH,
        ("api", "crm", "opt-out"): EACH // 2,
        ("api", "crm", "opt-in"): EACH // 2,
        ("synerise", "synerise", "opt-out"): EACH,
    }
    assert counted(system) == {("synerise", "confirmed"): 2 * EACH, ("crm", "delivered"): 2 * EACH}
    expected = {(person(side, n), "opt-out"): 1 for side in ("page", "syn") for n in range(EACH)}
    assert dict(crm.heard) == expected, "each once, and nothing of its own"
    # What it echoed was known already, every time.
    assert crm.verdicts == {"recorded": EACH, "known": 2 * EACH}


def test_an_opt_out_that_follows_our_opt_in_back_to_where_it_came_from_does_not_come_round_either(wired):
    """Told an opt-in by us, and then left there: it hears the opt-out once, says it again, and that is all."""
    system, crm = wired
    some = range(20)
    system.sandbox.do(
        "profiles", [{"email": person("page", n), "agreements": {"email": False}} for n in some]
    )
    presses(system, some, "opt-in")
    comes_to_rest(system, crm, 20)
    left_at_crm(crm, some)
    comes_to_rest(system, crm, 40)
    left_at_crm(crm, some)
    comes_to_rest(system, crm, 40)
    assert len(system.decisions()) == 40
    assert dict(crm.heard) == {
        (person("page", n), choice): 1 for n in some for choice in ("opt-in", "opt-out")
    }
    assert crm.verdicts == {"recorded": 20, "known": 60}
