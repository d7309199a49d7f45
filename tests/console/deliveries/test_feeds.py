"""A feed on the deliveries page: what is owed, its last file, the next, and why one was not taken."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from resign.feeds.switching import stop_feed
from resign.feeds.tables import Feed
from resign.staff.tables import Deed
from tests.console.deliveries.conftest import BOARD
from tests.support.decisions import decision, record
from tests.support.feeds import runs

__all__ = ["runs"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def settings(tmp_path):
    from resign.settings import load  # noqa: PLC0415
    from tests.support.variables import VARIABLES  # noqa: PLC0415

    nightly = f"[nightly]\nkind='folder'\npath='{tmp_path / 'there'}'\nschedule='30 2 * * *'"
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_DESTINATIONS": nightly})


def test_a_feed_stands_there_with_its_files_and_with_what_is_wrong(mia, database, clock, runs, tmp_path):
    runs()
    record(database, decision(clock))
    clock.advance(seconds=5)
    runs()
    words = said(mia.opens(BOARD))
    assert "nightly files To be told 1" in words
    assert "The last file none yet The next file 2026-05-05 02:30 UTC" in words
    assert "The file was not taken. All is kept." in words
    assert "the folder is not there; make it, or mount it" in words

    (tmp_path / "there").mkdir()
    clock.advance(minutes=10)
    runs()
    words = said(mia.opens(BOARD))
    assert "nightly files To be told 0 Late nothing is late" in words, (
        "the scheduled file has no opt-out once more"
    )
    assert "default-nightly-opt-outs-00000001.csv" in words
    assert "The file was not taken" not in words


def test_a_feed_that_is_late_is_an_alarm_that_does_not_speak_of_synerise(mia, database, clock, runs):
    record(database, decision(clock))
    runs()
    clock.advance(hours=2)
    runs()
    assert "Another system is not told warning default" in said(mia.opens(BOARD))


def test_who_paused_it_and_why_is_said(mia, database, clock, runs):
    runs()
    with database.writing() as session:
        stop_feed(session, "default", "nightly", "ada", "moving <it>", clock.now())
        session.commit()
    words = said(mia.opens(BOARD))
    assert "paused by hand since 2026-05-04 10:11 UTC by ada" in words
    assert "The reason: moving <it>" in words


@pytest.fixture
def opened(runs, database, clock, tmp_path):
    """An opt-out has arrived, an opt-in waits for the schedule."""
    (tmp_path / "there").mkdir()
    record(database, decision(clock))
    runs()
    record(database, decision(clock, choice="opt-in"))
    runs()


def deeds(database):
    with database.reading() as session:
        return session.execute(
            select(Deed.action, Deed.workspace, Deed.name, Deed.detail).order_by(Deed.id)
        ).all()


def files(tmp_path):
    return sorted(file.name for file in (tmp_path / "there").iterdir())


def test_what_waits_for_the_schedule_is_sent_now_with_a_button_and_is_noted(
    mia, database, opened, runs, tmp_path
):
    page = mia.opens(BOARD)
    assert "Send to nightly now" in said(page)
    page = mia.presses(page, f"{BOARD}/default/feeds/nightly/send")
    assert "It is being sent to nightly." in said(page)
    runs()
    assert files(tmp_path) == [
        "default-nightly-changes-00000001.csv",
        "default-nightly-opt-outs-00000001.csv",
    ]
    assert "The next file 2026-05-05 02:30 UTC" in said(mia.opens(BOARD))
    assert deeds(database) == [("sent-feed", "default", "mia", '{"destination": "nightly"}')]


def test_it_is_paused_and_resumed_with_a_button_and_both_are_noted_once(
    mia, database, clock, opened, runs, tmp_path
):
    page = mia.opens(BOARD)
    for why in ("moving <there>", "again"):
        answer = mia.presses(page, f"{BOARD}/default/feeds/nightly/pause", why=why)
        assert (answer.status_code, answer.headers["Location"]) == (303, BOARD)
    words = said(mia.opens(BOARD))
    assert "paused by hand since 2026-05-04 10:11 UTC by mia" in words
    assert "The reason: moving <there>" in words
    assert "Resume nightly" in words
    assert "Send to nightly now" not in words
    record(database, decision(clock))
    runs()
    assert len(files(tmp_path)) == 1
    for _ in range(2):
        assert mia.presses(page, f"{BOARD}/default/feeds/nightly/resume").status_code == 303
    runs()
    assert len(files(tmp_path)) == 2
    assert [each[0] for each in deeds(database)] == ["paused-feed", "resumed-feed"]
    assert deeds(database)[0].detail == '{"destination": "nightly", "why": "moving <there>"}'


def test_one_that_is_paused_is_not_sent_by_whoever_saw_the_button_before(
    mia, database, clock, opened, runs, tmp_path
):
    page = mia.opens(BOARD)
    with database.writing() as session:
        stop_feed(session, "default", "nightly", "ada", "", clock.now())
        session.commit()
    page = mia.presses(page, f"{BOARD}/default/feeds/nightly/send")
    assert "Nothing was sent to nightly: it is paused by hand, or no worker has opened it yet." in said(page)
    runs()
    assert deeds(database) == []
    assert "The next file 2026-05-05 02:30 UTC" in said(mia.opens(BOARD))


def test_one_that_no_worker_has_opened_yet_has_no_button(mia, database):
    page = mia.opens(BOARD)
    words = said(page)
    assert "No worker has opened it yet" in words
    assert "Send to nightly now" not in words
    assert "Pause nightly" not in words
    for order in ("send", "pause", "resume"):
        assert mia.presses(page, f"{BOARD}/default/feeds/nightly/{order}").status_code in {200, 303}
    assert deeds(database) == []


def test_any_reason_is_taken(mia, database, opened):
    page = mia.opens(BOARD)
    for why in ("", "x" * 5000, "\x00\u202e 💩\n" * 9, "' OR 1=1 --"):
        assert mia.presses(page, f"{BOARD}/default/feeds/nightly/pause", why=why).status_code == 303
        assert mia.opens(BOARD).status_code == 200
        with database.reading() as session:
            [feed] = session.scalars(select(Feed))
        assert feed.stopped_at is not None
        assert len(feed.stopped_why or "") <= 255
        mia.presses(page, f"{BOARD}/default/feeds/nightly/resume")


@pytest.mark.parametrize("order", ["send", "pause", "resume"])
def test_a_feed_that_there_is_not_cannot_be_switched_nor_one_of_others_nor_without_a_mark(
    mia, database, opened, order, signed_in_as
):
    page = mia.opens(BOARD)
    assert mia.presses(page, f"{BOARD}/default/feeds/nowhere/{order}").status_code == 404
    assert mia.presses(page, f"{BOARD}/default/feeds/synerise/{order}").status_code == 404
    assert mia.presses(page, f"{BOARD}/nobody/feeds/nightly/{order}").status_code == 404
    assert mia.client.post(f"{BOARD}/default/feeds/nightly/{order}").status_code == 403
    signed_in_as("ola", default="support")
    assert mia.presses(page, f"{BOARD}/default/feeds/nightly/{order}").status_code == 403
    assert deeds(database) == []
