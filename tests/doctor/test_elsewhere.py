"""The doctor names the webhooks and feeds that are late, held or paused, and looks where their addresses lead."""

import threading

import pytest

from resign.app import create_feeding, feeds_of, open_database
from resign.clock import SystemClock
from resign.db.migrate import upgrade
from resign.doctor.elsewhere import examine_elsewhere
from resign.doctor.installation import examine
from resign.feeds.switching import stop_feed
from resign.outbox.tables import Lane
from tests.doctor.conftest import advice, ill, of, said
from tests.support.clock import StandingClock
from tests.support.decisions import decision, record
from tests.support.receiver import SECRET

NO_FOLDER = "the folder is not there; make it, or mount it"


def webhook(url, networks="", name="crm"):
    return f"[{name}]\nkind='webhook'\nurl='{url}'\nsecrets='{SECRET}'\n" + (
        f"networks='{networks}'\n" if networks else ""
    )


@pytest.fixture
def look(at):
    def over(clock=None, **changed):
        settings = at(**changed)
        database = open_database(settings, connections=1)
        workspace = settings.workspaces["default"]
        found = list(examine_elsewhere(workspace, database, clock or SystemClock()))
        database.close()
        return found

    return over


@pytest.fixture
def held(at, tmp_path):
    """A feed without its folder, and a webhook that knows nobody."""
    clock = StandingClock()
    named = {
        "RESIGN_DESTINATIONS": f"[nightly]\nkind='folder'\npath='{tmp_path / 'there'}'\n"
        + webhook("https://127.0.0.1:9/secret-hook", "127.0.0.0/8")
    }
    settings = at(**named)
    database = open_database(settings, connections=2)
    upgrade(database)
    record(database, decision(clock))
    [(name, to)] = feeds_of(settings)
    create_feeding(settings, name, to, database, clock).step()
    since = clock.now()
    with database.writing() as session:
        session.add(
            Lane(
                workspace="default", destination="crm", phase="tell", failures=1, paused_until=since, since=since,
                held_for="it does not know us (401); look at the secrets",
            )
        )  # fmt: skip
        session.commit()
    yield clock, database, named
    database.close()


def test_a_webhook_that_is_held_and_a_feed_that_did_not_take_its_file_have_a_remedy(held, look):
    clock, _, named = held
    found = look(clock, **named)
    crm = "the webhook crm is held since 2026-05-04 10:11 UTC"
    assert crm in ill(found)
    assert "look at the secrets" in advice(found)[crm]
    assert "the feed nightly did not take its last file" in of("mind", found)
    assert NO_FOLDER in advice(found)["the feed nightly did not take its last file"]
    clock.advance(minutes=5)
    late = "the feed nightly is late: it should have taken something since 2026-05-04 10:11 UTC"
    assert late in ill(look(clock, **named))
    assert NO_FOLDER in advice(look(clock, **named))[late]


def test_a_feed_that_somebody_has_paused_is_named_with_who_why_and_the_command_that_ends_it(held, look):
    clock, database, named = held
    with database.writing() as session:
        stop_feed(session, "default", "nightly", "ada", "moving \x1b[2J house", clock.now())
        session.commit()
    paused = "the feed nightly is paused by hand since 2026-05-04 10:11 UTC"
    remedy = advice(look(clock, **named))[paused]
    assert remedy.startswith("by ada: moving ")
    assert "\x1b" not in remedy
    assert "`resign feed resume nightly` ends it" in remedy


def test_a_webhook_that_is_paused_is_named_and_goes_on_by_itself(held, look):
    clock, database, named = held
    with database.writing() as session:
        session.query(Lane).update({"held_for": None})
        session.commit()
    assert "the webhook crm is paused since 2026-05-04 10:11 UTC" in of("mind", look(clock, **named))


@pytest.mark.parametrize(
    ("table", "verdict", "what"),
    [
        (webhook("https://127.0.0.1:9/secret-hook"), "ill", "the address of the webhook crm may not be gone to"),
        (webhook("https://127.0.0.1:9/secret-hook", "127.0.0.0/8"), "well", "the address of the webhook crm was looked up and may be gone to"),
        (webhook("http://127.0.0.1:9/secret-hook"), "ill", "the address of the webhook crm may not be gone to"),
        (webhook("https://10.1.2.3/secret-hook", "10.0.0.0/8"), "well", "the address of the webhook crm was looked up"),
        (webhook("https://inside.example/secret-hook"), "ill", "the address of the webhook crm may not be gone to"),
        (webhook("https://outside.example/secret-hook"), "well", "the address of the webhook crm was looked up"),
        (webhook("https://both.example/secret-hook"), "ill", "the address of the webhook crm may not be gone to"),
        (webhook("https://gone.example/secret-hook"), "ill", "the address of the webhook crm cannot be looked up"),
        ("[shop]\nkind='http-file'\nurl='https://inside.example/{file}?secret-hook'", "ill", "the address of the feed shop may not be gone to"),
        ("[shop]\nkind='http-file'\nurl='https://outside.example:8443/{file}'", "well", "the address of the feed shop was looked up"),
        ("[safe]\nkind='sftp'\nhost='inside.example'\nuser='u'\npassword='secret-hook'\nhost_key='SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'\npath='in'", "ill", "the address of the feed safe may not be gone to"),
    ],
)  # fmt: skip
def test_each_address_is_looked_up_and_held_to_the_rule_for_what_may_be_gone_to(
    look, monkeypatch, table, verdict, what
):
    names = {
        "inside.example": ["10.0.0.7"],
        "outside.example": ["93.184.216.34"],
        "both.example": ["93.184.216.34", "169.254.169.254"],
        "127.0.0.1": ["127.0.0.1"],
        "10.1.2.3": ["10.1.2.3"],
    }
    monkeypatch.setattr("resign.outward.addresses.system_resolve", lambda host, _port: names.get(host, []))
    found = look(RESIGN_DESTINATIONS=table)
    assert [each.verdict for each in found if each.what.startswith(what)] == [verdict]
    assert "secret-hook" not in said(found)
    assert "example" not in said(found)
    if verdict == "ill":
        assert all(each.remedy for each in found)


def test_a_folder_has_no_address(look, tmp_path):
    assert look(RESIGN_DESTINATIONS=f"[nightly]\nkind='folder'\npath='{tmp_path}'\n") == []


def test_a_name_server_that_is_silent_holds_nobody_up(look, monkeypatch):
    monkeypatch.setattr("resign.doctor.elsewhere._SECONDS", 0.05)
    silent = threading.Event()
    monkeypatch.setattr("resign.outward.addresses.system_resolve", lambda *_: silent.wait(30) or [])
    found = look(RESIGN_DESTINATIONS=webhook("https://slow.example/hook"))
    silent.set()
    assert ill(found) == ["the address of the webhook crm cannot be looked up"]


def test_the_doctor_looks_at_them_with_their_workspace(at, monkeypatch):
    monkeypatch.setattr("resign.doctor.workspace.check", lambda *_: [])
    settings = at(RESIGN_DESTINATIONS=webhook("https://127.0.0.1:9/hook"))
    database = open_database(settings, connections=1)
    found = list(examine(settings, database, SystemClock()))
    database.close()
    assert "default: the address of the webhook crm may not be gone to" in ill(found)
