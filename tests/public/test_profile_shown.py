"""What stands now: the profile's word where it can be had, the ledger's while something is still on its way there."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from resign.ledger import ALL
from resign.ledger.tables import Decision
from resign.outbox.contract import Unreachable
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination
from tests.synerise.test_end_to_end import sandbox

__all__ = ["sandbox"]

EMAIL = "anna@example.com"


class Native(ScriptedDestination):
    def hears_of(self, agreement: str) -> bool:
        return agreement == "newsletter"


class Own(ScriptedDestination):
    def hears_of(self, agreement: str) -> bool:
        return agreement != "newsletter"


@pytest.fixture
def anna(somebody, sandbox):
    here = sandbox()
    profile = {
        "email": EMAIL,
        "agreements": {"email": True},
        "attributes": {"agreeToAlcoholAds": False, "letters": "enabled"},
    }
    here.do("profiles", [profile])
    assert len(here.profiles) == 2
    one = somebody(
        RESIGN_SYNERISE_URL=here.url,
        RESIGN_SYNERISE_API_KEY=here.settings.api_key,
        RESIGN_DOUBLE_OPT_IN="off",
    )
    one.sandbox = here
    return one


def work(anna, tell=None) -> None:
    destinations = [Native(tell), Own(tell, name="synerise-attributes")]
    worker = Worker(anna.database, anna.settings.workspaces, {"default": destinations}, anna.clock)
    worker.drain()
    anna.clock.advance(minutes=1)
    worker.drain()
    worker.finish()


def test_who_never_decided_anything_here_sees_what_the_profile_says(anna):
    assert anna.stands() == {"newsletter": "on", "wine": "off", "post": "on"}


def test_a_decision_still_under_way_wins_over_the_profile(anna, clock, database):
    record(database, decision(clock), decision(clock, choice="opt-in", agreement="wine"))
    assert anna.stands() == {"newsletter": "off", "wine": "on", "post": "on"}


def test_what_everything_stopped_is_off_while_synerise_is_not_reached(anna, clock, database):
    """The profile still holds "on": "everything" itself is told to nobody, what stands beside it is."""
    assert anna.stands() == {"newsletter": "on", "wine": "off", "post": "on"}
    anna.stops_everything()
    assert set(anna.stands().values()) == {"off"}
    work(anna, tell=lambda _: Unreachable("no answer"))
    assert set(anna.stands().values()) == {"off"}


def test_what_everything_stopped_and_nobody_was_told_of_is_off(anna, clock, database):
    """An older release decided nothing of an agreement that was out of the settings when everything was stopped."""
    record(database, decision(clock, choice="opt-in", agreement="post"))
    work(anna)
    record(database, decision(clock, agreement=ALL, method="preferences"))
    with database.writing() as session:
        session.execute(update(Decision).values(owed=False))
        session.commit()
    assert anna.stands()["post"] == "off"


def test_once_everything_was_told_the_profile_speaks_again(anna, clock, database):
    """Somebody switched it on again at Synerise since; shown as off, nobody would know to say no again."""
    anna.stops_everything()
    work(anna)
    assert anna.stands() == {"newsletter": "on", "wine": "off", "post": "on"}


def test_once_it_was_settled_the_profile_speaks_again(anna, clock, database):
    """Somebody switched it on again at Synerise since."""
    record(database, decision(clock))
    work(anna)
    with database.reading() as session:
        assert set(session.execute(MessageRow.__table__.select()).scalars())
    assert anna.stands()["newsletter"] == "on"


def test_a_message_that_is_put_off_is_still_under_way(anna, clock, database):
    record(database, decision(clock))
    work(anna)
    with database.writing() as session:
        session.execute(update(MessageRow).values(state="owed"))
        session.commit()
    assert anna.stands()["newsletter"] == "off"


def test_what_differs_from_the_profile_is_a_change(anna):
    anna.chooses(newsletter="off", wine="off")
    assert [(each.agreement, each.choice) for each in anna.decisions()] == [("newsletter", "opt-out")]


def test_without_synerise_the_ledger_speaks(anna, clock, database):
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    anna.sandbox.do("faults", {"status": 503})
    assert anna.stands() == {"newsletter": "", "wine": "on", "post": ""}


def test_what_is_off_there_and_was_only_asked_for_comes_back_with_no_undo(somebody, anna, clock):
    """B9: "stop everything" had nothing to stop of it, so taking that back may not sign anybody up."""
    asks = somebody(
        RESIGN_SYNERISE_URL=anna.sandbox.url,
        RESIGN_SYNERISE_API_KEY=anna.sandbox.settings.api_key,
        RESIGN_DOUBLE_OPT_IN="on",
    )
    anna.sandbox.do("profiles", [{"email": EMAIL, "agreements": {"email": False}}])
    asks.chooses(newsletter="on")
    assert asks.form()["was.newsletter"] == "~asked"
    stopped = asks.stops_everything()
    asks.undoes(stopped)
    assert ("newsletter", "opt-in") not in [(each.agreement, each.choice) for each in asks.decisions()]


def test_who_was_switched_on_there_neither_rests_nor_waits(somebody, anna, clock, database):
    """On a break and asked for here, both told long ago: Synerise has them on, and a "no" must be one."""
    asks = somebody(
        RESIGN_SYNERISE_URL=anna.sandbox.url,
        RESIGN_SYNERISE_API_KEY=anna.sandbox.settings.api_key,
        RESIGN_DOUBLE_OPT_IN="on",
    )
    record(database, decision(clock, until=clock.now() + timedelta(days=30)))
    asks.chooses(wine="on")
    work(asks)
    profile = {"email": EMAIL, "agreements": {"email": True}, "attributes": {"agreeToAlcoholAds": True}}
    asks.sandbox = anna.sandbox
    anna.sandbox.do("profiles", [profile])
    fields = asks.form()
    assert (fields["was.newsletter"], fields["was.wine"]) == ("on", "on")
    asks.chooses(newsletter="off")
    assert asks.decisions()[-1].choice == "opt-out"
    assert asks.decisions()[-1].until is None
