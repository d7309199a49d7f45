"""A newsletter sign-up with double opt-in at Synerise: asking for it is no consent, and the confirmation arrives by the hook."""

import time
from datetime import timedelta

import pytest

from tests.flows.test_collected_at_synerise import is_claimed, write

TURN_ON = "marketingAgreement.turnOn"


@pytest.fixture
def out(between, states):
    """Somebody who opted out an hour ago, and whose sign-up anew has just begun at Synerise."""
    system = between()
    system.sandbox.do("profiles", [{"email": "again@example.com"}])
    system.upload(states("again@example.com", "opt-out", at=system.clock.now() - timedelta(hours=1)))
    system.is_told()
    return system


def test_the_request_is_no_consent(out):
    """The attribute that starts the workflow is an attribute like any other."""
    out.listens("profile.updated", TURN_ON)
    write(out, email="again@example.com", attributes={"newsletter_agreement_enabled": "enabled"})
    ends = time.monotonic() + 10
    while not out.verdicts():
        assert time.monotonic() < ends
        time.sleep(0.05)
    out.weighs()
    assert [row[1] for row in out.decisions()] == ["opt-out"]


def test_the_confirmation_overrules_the_older_opt_out_and_is_kept_as_its_evidence(out):
    out.listens(TURN_ON, evidence="double-opt-in", method="double-opt-in")
    write(out, email="again@example.com", agreements={"email": True})
    assert out.hears(2)[1] == ("newsletter", "opt-in", "synerise", "synerise", "double-opt-in")
    out.is_told()
    assert ("accepted", "accepted") not in out.messages()


def test_without_the_evidence_it_stays_a_claim(out):
    out.listens(TURN_ON)
    write(out, email="again@example.com", agreements={"email": True})
    is_claimed(out)
    assert [row[1] for row in out.decisions()] == ["opt-out"]
