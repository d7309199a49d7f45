"""`resign doctor`: what is well, what is ill, and what to do about it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from resign.app import open_database
from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.doctor.installation import examine
from resign.doctor.storage import examine_storage
from resign.notices.tables import NoticeRow
from resign.outbox.tables import Lane
from tests.doctor.conftest import advice, ill, of, said
from tests.support.variables import VARIABLES

PUBLIC = {"RESIGN_SYNERISE_WEBHOOK_TOKEN": "a-token-for-the-hook-0001"}


@pytest.fixture
def look(at):
    def over(**changed):
        settings = at(**changed)
        database = open_database(settings, connections=1)
        found = list(examine(settings, database, SystemClock()))
        database.close()
        return found

    return over


def test_a_fresh_machine_is_no_illness_because_serve_makes_the_schema(look, tmp_path: Path):
    found = look()
    assert "`resign serve` makes it" in advice(found)["there is no database yet"]
    assert ill(found) == ["default: logging in to Synerise"]
    assert list(tmp_path.iterdir()) == []


def test_to_look_at_a_fresh_machine_with_a_hook_makes_no_database_either(look, tmp_path: Path):
    look(**PUBLIC)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_sqlite_is_filled_by_serve_and_an_empty_postgresql_by_hand(
    database: Database, settings, clock
):
    with database.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE alembic_version")
        session.commit()
    found = list(examine_storage(settings, database, clock))
    [empty] = [finding for finding in found if finding.what == "the database is empty"]
    verdict, remedy = ("mind", "resign serve") if database.is_sqlite else ("ill", "resign db upgrade")
    assert (empty.verdict, remedy in empty.remedy) == (verdict, True)


def test_a_schema_of_another_release_is_named_with_its_remedy(look, at):
    database = open_database(at(), connections=1)
    upgrade(database, "0001")
    database.close()
    found = look()
    assert "resign db upgrade" in advice(found)["the schema is another release's"]


def test_a_database_that_is_away_is_named(look, tmp_path: Path):
    (tmp_path / "resign.db").mkdir()
    assert "the database does not answer" in ill(look())


def test_a_synerise_that_cannot_be_reached_has_a_remedy(look):
    remedy = advice(look())["default: logging in to Synerise"]
    assert "ConnectError" in remedy
    assert "check RESIGN_SYNERISE_URL" in remedy


@pytest.mark.parametrize(
    ("base_url", "verdict", "word"),
    [
        ("https://optout.example.com", "well", ""),
        ("http://optout.example.com", "ill", "in clear"),
        ("https://203.0.113.9", "mind", "numbers"),
        ("https://93.184.216.34", "ill", "numbers"),
        ("https://[2606:2800:220:1::1]", "ill", "numbers"),
        ("http://127.0.0.1:8000", "mind", "numbers"),
        ("http://localhost:8000", "mind", "cannot reach it"),
        ("https://optout.internal", "mind", "cannot reach it"),
    ],
)
def test_whether_synerise_can_reach_the_hook_shows_in_its_address(look, base_url, verdict, word):
    found = look(**PUBLIC, RESIGN_BASE_URL=base_url)
    [hook] = [finding for finding in found if "outgoing integration posts to" in finding.what]
    assert hook.what.endswith(f"{base_url}/hooks/synerise/default")
    assert (hook.verdict, word in hook.remedy) == (verdict, True)


def test_without_a_token_the_hook_is_said_to_be_closed(look):
    remedy = advice(look())["default: what Synerise does without us is not heard of: the hook answers 404"]
    assert "RESIGN_SYNERISE_WEBHOOK_TOKEN" in remedy


def test_what_came_in_on_the_hook_is_the_sign_that_it_works(look, at):
    assert "default: Synerise has never posted to the hook" not in said(look(**PUBLIC))
    database = open_database(at(), connections=1)
    upgrade(database)
    assert "default: Synerise has never posted to the hook" in said(look(**PUBLIC))
    heard = datetime(2026, 5, 4, 10, 11, tzinfo=UTC)
    with database.writing() as session:
        session.add(
            NoticeRow(key="k", workspace="default", action="message.sent", kind="email", digest="d", at=heard, arrived_at=heard, due_at=heard)
        )  # fmt: skip
        session.commit()
    database.close()
    assert "default: Synerise last posted to the hook at 2026-05-04 10:11 UTC" in of("well", look(**PUBLIC))


def test_a_held_lane_is_ill_and_a_paused_one_deserves_a_thought(look, at):
    since = datetime(2026, 5, 4, 10, 11, tzinfo=UTC)
    shut = {"destination": "synerise", "failures": 1, "paused_until": since, "since": since}
    database = open_database(at(), connections=1)
    upgrade(database)
    with database.writing() as session:
        session.add_all(
            [
                Lane(workspace="default", phase="tell", held_for="the log-in was refused (401)", **shut),
                Lane(workspace="default", phase="read-back", **shut),
                Lane(workspace="another", phase="tell", held_for="not ours", **shut),
            ]
        )
        session.commit()
    database.close()
    found = look()
    held = "default: the lane synerise tell is held since 2026-05-04 10:11 UTC"
    paused = "default: the lane synerise read-back is paused since 2026-05-04 10:11 UTC"
    assert held in ill(found)
    assert advice(found)[held] == "the log-in was refused (401)"
    assert paused in of("mind", found)
    assert "not ours" not in said(found)


def test_a_lane_that_is_open_is_not_spoken_of(look, at):
    database = open_database(at(), connections=1)
    upgrade(database)
    with database.writing() as session:
        session.add(Lane(workspace="default", destination="synerise", phase="tell"))
        session.commit()
    database.close()
    assert "the lane" not in said(look())


def test_no_secret_is_in_anything_it_says(look):
    everything = said(look(**PUBLIC, RESIGN_TEMPLATE_KEYS="first-secret-0001:second-secret-0001"))
    rings = [part.partition(":")[2] for part in VARIABLES["RESIGN_KEYS"].split(",")]
    secrets = [
        *PUBLIC.values(),
        *rings,
        "first-secret-0001",
        "second-secret-0001",
        VARIABLES["RESIGN_DIGEST_KEY"],
    ]
    assert not [secret for secret in secrets if secret in everything]


@pytest.mark.parametrize(
    ("changed", "what", "word"),
    [
        ({"RESIGN_SYNERISE_TELL": "event"}, "default: opt-outs wait for an automation", "Data Modeling Hub"),
        ({}, "default: lost links are mailed by an automation", "resign snippets lost-link"),
        ({"RESIGN_TEMPLATE_KEYS": "first-secret-0001:second-secret-0001"}, "default: template-signed links are on", "can read the keys"),
        ({"RESIGN_RECONCILE_AT": "off"}, "nothing is compared with Synerise by itself", "RESIGN_RECONCILE_AT"),
        ({}, "default: Synerise is asked at 127.0.0.1, which is none", "api.azu.synerise.com"),
    ],
)  # fmt: skip
def test_what_deserves_a_thought_says_what_it_means(look, changed, what, word):
    [remedy] = [remedy for said_, remedy in advice(look(**changed)).items() if said_.startswith(what)]
    assert word in remedy


def test_the_daily_comparison_is_said_with_its_hour(look):
    assert [what for what in of("well", look()) if "daily at 03:00 UTC" in what]


def test_template_keys_where_e_mails_are_not_unique_are_ill(look):
    found = look(
        RESIGN_TEMPLATE_KEYS="first-secret-0001:second-secret-0001",
        RESIGN_SYNERISE_EMAILS="non-unique",
        RESIGN_SYNERISE_ATTRIBUTE="mail_ok",
    )
    assert [what for what in ill(found) if "template-signed links are on" in what]


def test_one_of_synerise_s_own_hosts_is_well(at, clock, monkeypatch):
    settings = at(RESIGN_SYNERISE_URL="https://api.geb.synerise.com")
    monkeypatch.setattr("resign.doctor.workspace.check", lambda *_: [])
    database = open_database(settings, connections=1)
    assert "default: Synerise is asked at api.geb.synerise.com" in of(
        "well", examine(settings, database, clock)
    )
    database.close()


@pytest.mark.parametrize(
    ("base_url", "verdict"),
    [("https://a.example.com", "well"), ("http://a.example.com", "ill"), ("http://localhost:8000", "mind")],
)
def test_links_for_http_are_ill_unless_they_are_for_this_machine(look, base_url, verdict):
    assert f"links are minted for {base_url}" in of(verdict, look(RESIGN_BASE_URL=base_url))
