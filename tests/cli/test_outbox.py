"""`resign outbox list`: what is owed, which lanes are closed and why, and what was refused for good."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from resign.db import Database
from resign.db.migrate import upgrade
from resign.ledger.tables import Decision
from resign.outbox.tables import Lane, MessageRow
from resign.staff.tables import Deed
from tests.support.decisions import ANNA, BORIS, decision, record

SINCE = datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)
PASSES = "it does not answer; what is owed is kept, and told when it does"
REASON = (
    "the log-in was refused (401): check [RESIGN_SYNERISE_API_KEY], and that the key is of the type Workspace"
)


@pytest.fixture
def lanes(settings):
    """Puts lanes into the outbox, as the worker leaves them."""

    def put(*rows: Lane) -> None:
        database = Database(settings.database_url, connections=1)
        upgrade(database)
        with database.writing() as session:
            session.add_all(rows)
            session.commit()
        database.close()

    return put


def lane(phase: str, **values) -> Lane:
    return Lane(workspace="default", destination="synerise", phase=phase, **values)


def test_a_held_and_a_paused_lane_are_shown_with_since_when_and_why(run_here, lanes):
    lanes(
        lane("tell", failures=1, paused_until=SINCE + timedelta(seconds=30), held_for=REASON, since=SINCE),
        lane("read-back", failures=3, paused_until=SINCE + timedelta(seconds=1), since=SINCE),
    )
    finished = run_here("outbox", "list")
    assert finished.returncode == 0
    assert finished.stdout.splitlines() == [
        f"default synerise read-back: paused since 2026-05-04 10:11 UTC: {PASSES}",
        f"default synerise tell: held since 2026-05-04 10:11 UTC until somebody mends it: {REASON}",
        "Nothing is owed.",
    ]


def test_a_lane_that_is_open_is_not_shown(run_here, lanes):
    lanes(lane("tell", failures=1, since=SINCE), lane("read-back"))
    assert run_here("outbox", "list").stdout == "Nothing is owed.\n"


@pytest.fixture
def dead(settings, clock) -> list[int]:
    """The numbers of two dead letters about two people."""
    database = Database(settings.database_url, connections=1)
    upgrade(database)
    record(database, decision(clock, ANNA), decision(clock, BORIS))
    with database.writing() as session:
        session.add_all(
            MessageRow(
                decision_seq=seq, workspace="default", destination="synerise", agreement="newsletter",
                subject=f"subject-{seq}", state="dead", due_at=SINCE, reason="refused (400)",
            )
            for seq in session.scalars(select(Decision.seq)).all()
        )  # fmt: skip
        session.commit()
        numbers = list(session.scalars(select(MessageRow.id).order_by(MessageRow.id)))
    database.close()
    return numbers


def test_dead_letters_are_sent_again_by_their_numbers(run_here, dead):
    finished = run_here("outbox", "retry", *map(str, dead))
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "2 will be sent again.\n", "")


def test_a_number_that_is_no_dead_letter_is_said_and_the_others_go(run_here, dead):
    finished = run_here("outbox", "retry", "99", str(dead[0]))
    assert (finished.returncode, finished.stdout) == (1, "1 will be sent again.\n")
    assert finished.stderr == "There is no dead letter 99 (or a newer decision has overtaken it)\n"


def test_where_none_is_sent_again_nothing_is_promised(run_here, lanes):
    lanes()
    finished = run_here("outbox", "retry", "99")
    assert (finished.returncode, finished.stdout) == (1, "")
    everything = run_here("outbox", "retry", "--all")
    assert (everything.returncode, everything.stdout) == (0, "0 will be sent again.\n")


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "x"])
def test_what_can_be_no_number_of_a_letter_is_wrong_use(run_here, lanes, number):
    lanes()
    assert run_here("outbox", "retry", "--", number).returncode == 2


def test_a_lane_is_paused_by_hand_shown_and_resumed(run_here, lanes, settings):
    lanes()
    paused = run_here("outbox", "pause", "default", "synerise", "--why", "maintenance [there]")
    assert (paused.returncode, paused.stderr) == (0, "")
    listed = run_here("outbox", "list").stdout
    assert re.search(
        r"^default synerise: paused by hand since [0-9: -]{16} UTC by \S+: maintenance \[there\]$",
        listed,
        re.MULTILINE,
    )
    resumed = run_here("outbox", "resume", "default")
    assert (resumed.returncode, resumed.stdout) == (0, "Resumed: default synerise.\n")
    assert run_here("outbox", "list").stdout == "Nothing is owed.\n"
    assert run_here("outbox", "resume", "default").returncode == 1
    database = Database(settings.database_url, connections=1)
    with database.reading() as session:
        assert list(session.scalars(select(Deed.action).order_by(Deed.id))) == ["paused-lane", "resumed-lane"]
    database.close()


@pytest.mark.parametrize("words", [("nobody",), ("default", "nowhere"), ()])
def test_what_is_no_lane_is_wrong_use(run_here, lanes, words):
    lanes()
    assert run_here("outbox", "pause", *words, "--why", "x").returncode == 2
