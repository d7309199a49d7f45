"""`resign notices` and `resign reconcile`: what an operator sees of what Synerise told us, and of what drifted."""

from datetime import UTC, datetime

import pytest

from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.notices.notice import Notice, row
from resign.notices.tables import NoticeRow
from resign.outbox.fanout import fan_out
from resign.reconcile.tables import Reconciliation
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def storage(settings):
    database = Database(settings.database_url, connections=1)
    upgrade(database)
    yield database
    database.close()


def keep(database: Database, *rows: object) -> None:
    with database.writing() as session:
        session.add_all(rows)
        session.commit()


def notice(profile, action, **more) -> NoticeRow:
    return NoticeRow(**row(Notice("default", action, (profile,), at=NOON), DIGEST_KEY, NOON), **more)


def test_before_anything_was_heard_it_says_how_to_set_it_up(run_here, storage):
    finished = run_here("notices")
    assert finished.returncode == 0
    assert "resign snippets integrations" in finished.stdout


def test_what_became_of_events_and_who_was_mailed_after_opting_out(run_here, storage):
    mailed = notice(ANNA, "message.sent", verdict="mailed-after", delay_seconds=7200)
    mailed.campaign = "Insistent"
    keep(
        storage,
        notice(ANNA, "newsletter.unsubscribe", verdict="decided"),
        notice(BORIS, "newsletter.unsubscribe"),
        mailed,
    )
    said = run_here("notices").stdout
    assert "decided" in said
    assert "waiting" in said
    assert "Insistent" in said
    assert "2.0 h" in said
    assert ANNA.value not in said


def test_what_a_campaign_is_called_is_text_and_no_markup(run_here, storage):
    mailed = notice(ANNA, "message.sent", verdict="mailed-after", delay_seconds=7200)
    mailed.campaign, mailed.action = "Sale [/now] [bold]", "[/x]"
    keep(storage, mailed)
    finished = run_here("notices")
    assert finished.returncode == 0, finished.stderr
    assert "Sale [/now] [bold]" in finished.stdout
    assert "[/x]" in finished.stdout


def test_comparisons_are_listed_with_both_directions(run_here, storage):
    keep(storage, Reconciliation(workspace="default", started_at=NOON, resume_at=NOON, finished_at=NOON,
                                 looked=7, agreed=4, told_again=2, off_there=1))  # fmt: skip
    said = run_here("reconcile", "--list").stdout
    assert "2026-05-04 12:00 UTC" in said
    assert "finished" in said
    assert [word for word in said.split() if word.isdigit()][-6:] == ["7", "4", "2", "1", "0", "0"]


def test_without_an_answer_a_comparison_is_said_to_be_unfinished(run_here, storage, clock):
    """Synerise is a port here where nobody listens."""
    record(storage, decision(clock))
    with storage.writing() as session:
        fan_out(session, ["default"], lambda *_: [], lambda _: DIGEST_KEY, clock.now())
        session.commit()
    said = run_here("reconcile").stdout
    assert "goes on later" in said
    assert "not finished" in said
    assert "used up" not in said.split("A comparison is not finished")[0]


def test_when_the_calls_of_the_day_are_used_up_it_says_so(run_here, storage):
    today = SystemClock().now()
    keep(storage, Reconciliation(workspace="default", started_at=today, finished_at=today, resume_at=today,
                                 spent=50_000, spent_on=today.date()))  # fmt: skip
    said = run_here("reconcile").stdout
    assert "default: today's calls are used up" in said
    assert said.count("finished") == 1, "a comparison was begun that had no calls"
