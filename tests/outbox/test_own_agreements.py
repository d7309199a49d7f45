"""Agreements of a workspace's own have a lane of their own: what holds it up holds no opt-out up, and nothing is lost."""

import dataclasses

import pytest
from sqlalchemy import select

from resign.app import create_worker
from resign.outbox.contract import Accepted, Misconfigured
from resign.outbox.lanes import lane_states
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.settings.offered import CustomAgreement
from tests.support.decisions import ANNA, BORIS, decision, record
from tests.support.destination import ScriptedDestination

WINE = CustomAgreement("wine", "wine", on=True, off=False, title={"en": "Wine"}, help={})


class Own(ScriptedDestination):
    """Hears of everything but the newsletter, or of the newsletter alone."""

    def hears_of(self, agreement: str) -> bool:
        return (agreement == "newsletter") == (self.name == "synerise")


@pytest.fixture
def messages(database):
    def rows() -> dict[str, tuple[str, str]]:
        """By agreement its destination and state."""
        with database.reading() as session:
            found = session.execute(select(MessageRow.agreement, MessageRow.destination, MessageRow.state))
            return {agreement: (destination, state) for agreement, destination, state in found}

    return rows


def deliver(database, settings, clock, *destinations) -> None:
    worker = Worker(database, settings.workspaces, {"default": list(destinations)}, clock)
    worker.drain()
    worker.finish()


def test_each_decision_is_told_in_its_own_lane_and_all_in_none(database, settings, clock, messages):
    record(database, decision(clock), decision(clock, agreement="wine"), decision(clock, agreement="all"))
    newsletter, own = Own(), Own(name="synerise-attributes")
    deliver(database, settings, clock, newsletter, own)
    assert [message.agreement for message in newsletter.told] == ["newsletter"]
    assert [message.agreement for message in own.told] == ["wine"]
    assert set(messages()) == {"newsletter", "wine"}


def test_a_key_without_the_right_holds_the_one_lane_and_not_the_other(database, settings, clock, messages):
    record(database, decision(clock), decision(clock, agreement="wine"))
    newsletter, own = Own(), Own(lambda _: Misconfigured("403"), name="synerise-attributes")
    deliver(database, settings, clock, newsletter, own)
    with database.reading() as session:
        closed = lane_states(session, clock.now()).closed
    assert {destination for _, destination, _ in closed} == {"synerise-attributes"}
    record(database, decision(clock, BORIS))
    deliver(database, settings, clock, newsletter, own)
    assert [message.profile for message in newsletter.told] == [ANNA, BORIS]
    assert messages()["wine"] == ("synerise-attributes", "owed")
    own.tell = lambda _: Accepted()
    clock.advance(hours=2)
    deliver(database, settings, clock, newsletter, own)
    assert own.told[-1].agreement == "wine"
    assert messages()["wine"][1] == "accepted"


@pytest.mark.parametrize("when", ["before it was fanned out", "after"])
def test_an_agreement_taken_out_of_the_settings_ends_as_a_dead_letter(
    database, settings, clock, messages, when
):
    """With none left there is no other agreement that a lane would be needed for, and it is needed all the same."""
    record(database, decision(clock, agreement="wine"))
    if when == "after":
        down = Own(lambda _: Misconfigured("403"), name="synerise-attributes")
        deliver(database, settings, clock, Own(), down)
        clock.advance(hours=2)
    worker = create_worker(settings, clock, database)
    worker.drain()
    worker.finish()
    assert messages() == {"wine": ("synerise-attributes", "dead")}
    with database.reading() as session:
        [reason] = session.scalars(select(MessageRow.reason))
    assert "put it back into the settings and retry" in reason


def test_a_worker_with_agreements_has_both_lanes(settings, clock, database):
    workspace = dataclasses.replace(settings.workspaces["default"], agreements=(WINE,))
    changed = dataclasses.replace(settings, workspaces={"default": workspace})
    worker = create_worker(changed, clock, database)
    assert worker._owed_to("default", "page", "wine") == ["synerise-attributes"]
    assert worker._owed_to("default", "page", "newsletter") == ["synerise"]
    assert worker._owed_to("default", "synerise", "newsletter") == []
    worker.finish()
