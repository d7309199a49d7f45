"""`GET /api/v1/destinations` tells of feeds, which get files, beside those that take messages."""

import pytest

from resign.feeds.switching import stop_feed
from resign.settings import load
from tests.api.conftest import ELSEWHERE, HERE
from tests.support.decisions import BORIS, decision, record
from tests.support.feeds import runs
from tests.support.variables import VARIABLES

__all__ = ["runs"]


@pytest.fixture
def settings(tmp_path):
    """One workspace's feeds are `nightly` and `zeal`, the other's is not the first one's business."""
    tables = "\n".join(
        f'[workspaces.{name}]\nkeys = "{name}:secret-of-the-tests-{name}"\ndigest_key = "digest-secret-of-the-tests"\n'
        f'sender = "{name}"\ncontact = "hello@{name}.example"\n'
        f'synerise_api_key = "{VARIABLES["RESIGN_SYNERISE_API_KEY"]}"\n'
        + "".join(
            f"[workspaces.{name}.destinations.{feed}]\nkind = 'folder'\npath = '{tmp_path / feed}'\n{more}\n"
            for feed, more in feeds.items()
        )
        for name, feeds in (
            (HERE, {"nightly": "schedule = '30 2 * * *'", "zeal": ""}),
            (ELSEWHERE, {"secret": ""}),
        )
    )
    file = tmp_path / "resign.toml"
    file.write_text(tables)
    return load({"RESIGN_CONFIG": str(file), "RESIGN_DATA_DIR": str(tmp_path)})


@pytest.fixture
def shown(crm):
    def look(name):
        found = crm.gets("/destinations").json["destinations"]
        assert [each["name"] for each in found] == sorted(each["name"] for each in found)
        return next((each for each in found if each["name"] == name), None)

    return look


def test_a_feed_says_what_it_is_owed_and_when_its_files_go(shown, database, clock, runs, tmp_path):
    never_opened = {
        "name": "nightly", "kind": "files", "state": "open", "why": None, "since": None, "owed": 0, "oldest": None,
        "unconfirmed": 0, "dead": 0, "last_file_at": None, "next_file_at": None,
    }  # fmt: skip
    assert shown("nightly") == never_opened
    assert (shown("synerise")["kind"], shown("synerise")["next_file_at"]) == ("messages", None)
    assert shown("secret") is None
    (tmp_path / "nightly").mkdir()
    record(database, decision(clock, workspace=HERE), decision(clock, BORIS, "opt-in", workspace=HERE))
    runs()
    at = clock.now().isoformat().replace("+00:00", "Z")
    assert shown("nightly") == {
        **never_opened, "owed": 1, "last_file_at": at, "next_file_at": "2026-05-05T02:30:00Z",
    }  # fmt: skip


def test_a_feed_whose_file_is_not_taken_says_why_and_since_when(shown, database, clock, runs):
    runs()
    since = clock.now().isoformat().replace("+00:00", "Z")
    record(database, decision(clock, workspace=HERE))
    runs()
    zeal = shown("zeal")
    assert (zeal["state"], zeal["why"], zeal["owed"]) == (
        "paused", "the folder is not there; make it, or mount it", 1,
    )  # fmt: skip
    assert (zeal["since"], zeal["oldest"], zeal["next_file_at"]) == (since, since, None)


def test_a_feed_that_somebody_has_paused_says_so_first(shown, database, clock, runs):
    runs()
    record(database, decision(clock, workspace=HERE))
    runs()
    clock.advance(minutes=3)
    with database.writing() as session:
        stop_feed(session, HERE, "zeal", "mia", "moving house", clock.now())
        session.commit()
    zeal = shown("zeal")
    assert (zeal["state"], zeal["why"]) == ("stopped", "moving house")
    assert zeal["since"] == clock.now().isoformat().replace("+00:00", "Z")
