"""Synerise collects consents by itself: each mechanism is heard, stands in the ledger, and leaves by the other ways."""

import time

import pytest
from sqlalchemy import select

from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Decision, HashedOptOut
from resign.notices.tables import NoticeRow
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from tests.support.destination import ScriptedDestination

UPDATED = "profile.updated"
CHANGES = ("marketingAgreement.turnOff", "marketingAgreement.turnOn")
WINE = {"agreement": "wine", "value": "{{ customer.agreeToWine }}"}
SHOP = {"value": "{{ customer.newsletter_agreement }}"}


def write(system, **body):
    """As any collector writes a profile: through Synerise's own API, not ours."""
    hands = system.sandbox._hands
    key = {"apiKey": system.sandbox.settings.api_key}
    token = hands.post("/uauth/v2/auth/login/profile", json=key).json["token"]
    answer = hands.post(
        "/v4/clients/batch", json=[body], headers={"Authorization": f"Bearer {token}", "Api-Version": "4.4"}
    )
    assert answer.status_code == 202
    time.sleep(0.1)
    system.sandbox.look("profiles?limit=1")


def is_claimed(system):
    """Synerise said so, and nothing followed from it."""
    ends = time.monotonic() + 10
    while not any(verdict == "claimed" for _, verdict in system.verdicts()):
        assert time.monotonic() < ends, system.verdicts()
        system.weighs()
        time.sleep(0.05)


def test_a_newsletter_form_is_heard_and_shown_as_synerises_own(between):
    system = between()
    system.listens(*CHANGES)
    write(system, email="form@example.com", agreements={"email": True})
    assert system.hears(1) == [("newsletter", "opt-in", "synerise", "synerise", None)]
    write(system, email="form@example.com", agreements={"email": False})
    assert system.hears(2)[1][:4] == ("newsletter", "opt-out", "synerise", "synerise")
    system.is_told()
    counts = system.sandbox.look("requests?limit=1")["counts"]
    writes = {call: sum(by.values()) for call, by in counts.items() if call.startswith("POST /v4/clients")}
    assert writes == {"POST /v4/clients/batch": 2}, "nothing was told back"


def test_a_custom_agreement_is_heard_by_its_attribute(between):
    system = between()
    system.listens(UPDATED, **WINE)
    write(system, email="wine@example.com", attributes={"agreeToWine": True})
    system.hears(1)
    write(system, email="wine@example.com", attributes={"agreeToWine": False})
    found = system.hears(2)
    assert [row[:3] for row in found] == [("wine", "opt-in", "synerise"), ("wine", "opt-out", "synerise")]


def test_another_attribute_says_nothing_of_the_agreement(between):
    system = between()
    system.listens(UPDATED, **WINE)
    write(system, email="quiet@example.com", firstName="Anna")
    write(system, email="quiet@example.com", attributes={"agreeToWine": False})
    assert len(system.hears(1)) == 1


def test_a_landing_page_opts_out_by_whatever_its_event_is_called(between):
    """The marketer's automation switches the agreement and tells of it; the body says what the event means."""
    system = between()
    system.sandbox.do("profiles", [{"email": "landing@example.com", "agreements": {"email": True}}])
    system.listens(
        "marketingAgreement.turnOff", agreement="newsletter", choice="opt-out", method="landing page"
    )
    write(system, email="landing@example.com", agreements={"email": False})
    assert system.hears(1) == [("newsletter", "opt-out", "synerise", "synerise", None)]
    assert system.verdicts() == [("agreement.turnoff", "decided")]


@pytest.mark.parametrize("event", [UPDATED, "marketingAgreement.turnOff"])
@pytest.mark.parametrize(("preset", "off"), [("magento", 0), ("woocommerce", False)])
def test_a_shops_plugin_is_heard_whichever_event_is_wired(between, preset, off, event):
    system = between()
    system.sandbox.do("profiles", [{"email": "shop@example.com", "agreements": {"email": True}}])
    system.listens(event, preset=preset, **SHOP)
    write(system, email="shop@example.com", agreements={"email": off})
    assert system.hears(1) == [("newsletter", "opt-out", "synerise", "synerise", None)]
    with system.database.reading() as session:
        assert session.scalars(select(NoticeRow.way)).all() == [preset]


def test_an_opt_out_made_at_synerise_leaves_by_every_other_destination_and_not_back(between):
    system = between()
    system.listens(*CHANGES)
    system.sandbox.do("profiles", [{"email": "gone@example.com", "agreements": {"email": True}}])
    write(system, email="gone@example.com", agreements={"email": False})
    system.hears(1)
    crm, feed = (ScriptedDestination(name=name) for name in ("crm", "feed"))
    several = [*system.destinations, crm, feed]
    worker = Worker(
        system.database, {"default": system.workspace}, {"default": several}, system.clock, deliveries=2
    )
    worker.drain()
    worker.finish()
    assert [message.choice for message in (*crm.told, *feed.told)] == ["opt-out", "opt-out"]
    with system.database.reading() as session:
        told = set(session.scalars(select(MessageRow.destination)))
    assert told == {"crm", "feed"}


def test_what_synerise_collected_overrules_no_opt_out(between, states):
    system = between()
    system.listens(*CHANGES)
    system.upload(states("out@example.com", "opt-out"))
    write(system, email="out@example.com", agreements={"email": True})
    is_claimed(system)
    assert [row[1] for row in system.decisions()] == ["opt-out"]


def test_somebody_on_a_list_of_hashes_is_not_opted_in_by_synerise(between):
    system = between()
    system.listens(*CHANGES)
    listed = {"workspace": "default", "agreement": "newsletter", "kind": "sha256", "at": system.clock.now()}
    with system.database.writing() as session:
        session.add(HashedOptOut(hash=plain_hash("listed@example.com"), **listed))
        session.commit()
    write(system, email="listed@example.com", agreements={"email": True})
    is_claimed(system)
    assert system.decisions() == []


def test_somebody_who_was_erased_is_not_opted_in_by_synerise(between, states):
    system = between()
    system.listens(*CHANGES)
    system.upload(states("erased@example.com", "opt-out"))
    with system.database.writing() as session:
        session.execute(Decision.__table__.update().values(identifier=None, owed=False))
        session.commit()
    write(system, email="erased@example.com", agreements={"email": True})
    is_claimed(system)
    assert [row[1] for row in system.decisions()] == ["opt-out"]
