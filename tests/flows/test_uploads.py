"""Another system keeps the consents and uploads them: by the batch, with custom agreements, and creating only whom it may."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from resign.outbox import worker
from resign.sandbox.settings import CustomAgreement

LATER = datetime(2026, 5, 6, tzinfo=UTC)


def held(sandbox):
    """By address (or customId) what the profile says: the e-mail agreement and the wine."""
    time.sleep(0.1)
    return {
        each["email"] or each["customId"]: (
            each["agreements"]["email"],
            each["attributes"].get("agreeToWine"),
        )
        for each in sandbox.look("profiles?limit=500")["profiles"]
    }


def batches(sandbox):
    counts = sandbox.look("requests?limit=1")["counts"]
    return sum(counts.get("POST /v4/clients/batch", {}).values())


@pytest.mark.parametrize("method", ["import", "api"])
def test_opt_ins_with_evidence_go_by_the_batch_and_create_who_is_missing(between, states, method):
    system = between()
    people = [f"fair{number}@example.com" for number in range(40)]
    system.sandbox.do("profiles", [{"email": people[0]}])
    verdicts = system.upload(
        *(states(address) for address in people),
        *(states(address, agreement="wine") for address in people),
        method=method,
    )
    assert set(verdicts) == {"recorded"}
    system.is_told()
    assert set(system.messages()) == {("confirmed", "confirmed")}
    found = held(system.sandbox)
    assert {found[address] for address in people} == {(True, True)}
    assert len(found) == 41
    assert 2 <= batches(system.sandbox) <= 8


def test_an_opt_out_creates_nobody_and_switches_off_who_is_there(between, states):
    system = between()
    system.sandbox.do("profiles", [{"email": "there@example.com", "agreements": {"email": True}}])
    system.upload(*(states(f"{who}@example.com", "opt-out") for who in ("there", "erased")))
    system.is_told()
    assert sorted(system.messages()) == [("confirmed", "confirmed"), ("owed", "no-such-profile")]
    found = held(system.sandbox)
    assert found["there@example.com"] == (False, None)
    assert "erased@example.com" not in found


def test_an_opt_in_that_nothing_speaks_for_creates_nobody(between, states):
    system = between()
    system.upload(states("hearsay@example.com", evidence=None))
    system.is_told()
    assert system.messages() == [("owed", "no-such-profile")]
    assert "hearsay@example.com" not in held(system.sandbox)


@pytest.mark.parametrize(("creates", "there"), [("all", True), ("nobody", False)])
def test_the_workspace_may_say_that_all_are_created_or_nobody(between, states, creates, there):
    system = between(synerise_creates=creates)
    system.upload(
        states("out@example.com", "opt-out"), states("in@example.com"), states("in2@example.com", evidence=None)
    )  # fmt: skip
    system.is_told()
    found = held(system.sandbox)
    assert [f"{who}@example.com" in found for who in ("out", "in", "in2")] == [there] * 3
    if there:
        assert found["out@example.com"] == (False, None)


def test_where_emails_are_not_unique_they_travel_by_custom_id(between, states):
    system = between(pretend={"emails": "non-unique"})
    system.upload(*(states(f"C-{number}", kind="customId") for number in range(5)), states("a@example.com"))
    system.is_told()
    assert sorted(set(system.messages())) == [("confirmed", "confirmed"), ("dead", "refused")]
    profiles = {each["customId"]: each for each in system.sandbox.look("profiles?limit=50")["profiles"]}
    assert {profiles[f"C-{n}"]["attributes"][system.sandbox.settings.attribute] for n in range(5)} == {
        "enabled"
    }
    assert batches(system.sandbox) == 1


def test_one_bad_row_spoils_nobody_elses(between, states):
    """207: the batch was refused in part, and Synerise does not say which part."""
    system = between()
    system.sandbox.do("faults", {"item_refused": ["bad@example.com"]})
    system.upload(*(states(f"{who}@example.com") for who in ("good", "bad", "fine")))
    system.is_told()
    found = held(system.sandbox)
    assert found["good@example.com"] == found["fine@example.com"] == (True, None)
    assert "bad@example.com" not in found
    assert sorted(state for state, _ in system.messages()) == ["confirmed", "confirmed", "dead"]


def test_custom_agreements_are_attributes_with_their_own_values(between, states):
    """A boolean where the settings say nothing else, as Synerise's own example has it."""
    assert CustomAgreement("agreeToWine").on == "enabled"
    system = between()
    system.upload(states("wine@example.com", agreement="wine"))
    system.is_told()
    assert held(system.sandbox)["wine@example.com"] == (False, True)


def test_each_is_taken_up_once_to_be_told_and_once_to_be_read_back(between, states, monkeypatch):
    """However many there are: 10,000 took 481 claims on SQLite and 434 on PostgreSQL. One that is taken up in vain is
    taken up again at once, and nothing behind it ever would be.
    """
    system, taken_up = between(), Counter()
    claim = worker.claim

    def counted(*asked, **more):
        found = claim(*asked, **more)
        taken_up.update(each.id for each in found)
        return found

    monkeypatch.setattr(worker, "claim", counted)
    system.upload(*(states(f"u{number}@example.com") for number in range(500)))
    system.is_told(within=120)
    assert system.messages() == [("confirmed", "confirmed")] * 500
    assert Counter(taken_up.values()) == {2: 500}
