"""Which destination beside Synerise is in trouble, by name and with the reason; what goes well is not named."""

import pytest

from resign.alarms.troubled import Trouble, troubles
from resign.feeds.switching import resume_feed, stop_feed
from resign.feeds.tidying import Tidying
from resign.outbox.contract import Busy, Misconfigured, Unreachable
from resign.outbox.lanes import stop
from resign.outbox.worker import Worker
from resign.settings import load
from tests.support.decisions import BORIS, decision, record
from tests.support.destination import ScriptedDestination
from tests.support.feeds import runs
from tests.support.variables import VARIABLES

__all__ = ["runs"]


@pytest.fixture
def settings(tmp_path):
    feed = f"[nightly]\nkind='folder'\npath='{tmp_path / 'there'}'\nschedule='30 2 * * *'"
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_DESTINATIONS": feed})


@pytest.fixture
def found(database, clock):
    def look() -> list[Trouble]:
        with database.reading() as session:
            return troubles(session, clock.now(), {"default": ["crm", "nightly"]})

    return look


@pytest.fixture
def tells(database, settings, clock):
    """What the worker does for a webhook that answers so."""

    def tell(answer) -> None:
        crm = ScriptedDestination(name="crm", tell=lambda _: answer)
        worker = Worker(database, settings.workspaces, {"default": [crm]}, clock)
        worker.drain()
        worker.finish()

    return tell


def brief(all_of_them):
    return [(each.destination, each.takes, each.stands, each.why, each.by) for each in all_of_them]


def test_a_feed_that_does_not_take_its_file_is_late_after_five_minutes_and_fine_when_it_has(
    found, database, clock, runs, tmp_path
):
    runs()
    assert found() == []
    since = clock.now()
    record(database, decision(clock))
    runs()
    no_folder = "the folder is not there; make it, or mount it"
    assert brief(found()) == [("nightly", "files", "paused", no_folder, "")]
    clock.advance(minutes=5)
    assert brief(found()) == [("nightly", "files", "late", no_folder, "")]
    assert found()[0].since == since
    (tmp_path / "there").mkdir()
    clock.advance(minutes=5)
    runs()
    assert found() == []


def test_a_feed_that_somebody_has_paused_says_so_at_once_and_before_it_is_late(found, database, clock, runs):
    runs()
    record(database, decision(clock))
    with database.writing() as session:
        stop_feed(session, "default", "nightly", "ada", "moving house", clock.now())
        session.commit()
    runs()
    assert brief(found()) == [("nightly", "files", "stopped", "moving house", "ada")]
    clock.advance(hours=2)
    assert brief(found()) == [("nightly", "files", "stopped", "moving house", "ada")]
    with database.writing() as session:
        resume_feed(session, "default", "nightly")
        session.commit()
    assert brief(found()) == [("nightly", "files", "late", "", "")]


def test_one_that_was_taken_out_of_the_settings_is_not_spoken_of(found, database, clock, runs):
    record(database, decision(clock))
    runs()
    Tidying(database, [], clock).step()
    clock.advance(hours=2)
    assert found() == []


def test_a_webhook_is_held_or_paused_or_late_and_synerise_is_none_of_its_business(
    found, database, clock, tells, drained_synerise
):
    record(database, decision(clock))
    tells(Misconfigured("it does not know us (401)"))
    assert brief(found()) == [("crm", "messages", "held", "it does not know us (401)", "")]
    with database.writing() as session:
        stop(session, "default", "crm", "ada", "maintenance", clock.now())
        session.commit()
    assert brief(found()) == [("crm", "messages", "stopped", "maintenance", "ada")]
    drained_synerise()
    assert [each.destination for each in found()] == ["crm"]


def test_a_webhook_that_does_not_answer_is_paused(found, database, clock, tells):
    for each in range(3):
        record(database, decision(clock, BORIS.of("email", f"p{each}@example.com")))
        tells(Unreachable("no answer"))
        clock.advance(seconds=5)
    assert brief(found()) == [("crm", "messages", "paused", "", "")]


def test_a_webhook_that_is_only_busy_is_late_after_an_hour(found, database, clock, tells):
    since = clock.now()
    record(database, decision(clock))
    tells(Busy(None, "it is busy (429)"))
    clock.advance(minutes=59)
    assert "late" not in {each.stands for each in found()}
    clock.advance(minutes=1)
    [crm] = found()
    assert (crm.destination, crm.stands, crm.since) == ("crm", "late", since)


@pytest.fixture
def drained_synerise(database, settings, clock):
    def drain() -> None:
        record(database, decision(clock, BORIS))
        synerise = ScriptedDestination(tell=lambda _: Misconfigured("the key is wrong"))
        worker = Worker(database, settings.workspaces, {"default": [synerise]}, clock)
        worker.drain()
        worker.finish()

    return drain
