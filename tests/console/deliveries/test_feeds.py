"""A feed on the deliveries page: what is owed, its last file, the next, and why one was not taken."""

import re
from html import unescape

import pytest

from resign.app import create_feeding, feeds_of
from resign.feeds.switching import stop_feed
from tests.console.deliveries.conftest import BOARD
from tests.support.decisions import decision, record

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def settings(tmp_path):
    from resign.settings import load  # noqa: PLC0415
    from tests.support.variables import VARIABLES  # noqa: PLC0415

    nightly = f"[nightly]\nkind='folder'\npath='{tmp_path / 'there'}'\nschedule='30 2 * * *'"
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_DESTINATIONS": nightly})


@pytest.fixture
def runs(database, settings, clock):
    """What the worker does for feeds."""

    def run() -> None:
        for name, to in feeds_of(settings):
            feeding = create_feeding(settings, name, to, database, clock)
            while feeding.step():
                pass
            feeding.close()

    return run


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
