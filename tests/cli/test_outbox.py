"""`resign outbox list`: what is owed, which lanes are closed and why, and what was refused for good."""

from datetime import UTC, datetime, timedelta

import pytest

from resign.db import Database
from resign.db.migrate import upgrade
from resign.outbox.tables import Lane

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
