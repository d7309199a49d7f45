"""Every address that resign answers is in this table, with its methods; and what only looks, writes nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, select, text
from werkzeug.test import Client

from resign.app import web_application
from resign.db import Database, Table
from resign.links import Links, confirming
from resign.outbox.worker import Worker
from tests.support.decisions import ANNA
from tests.support.destination import ScriptedDestination
from tests.support.person import FORM, ONE_CLICK

# Each address and method, and what it is for. A route that is not here is one that nobody decided on.
ROUTES = {
    ("GET", "/u/<token>"): "where you stand, one button",
    ("POST", "/u/<token>"): "opts out, from the page or from a mail client",
    ("GET", "/u/<token>/undo"): "the undone page's address, reloaded: where you stand",
    ("POST", "/u/<token>/undo"): "this was a mistake",
    ("GET", "/u/<token>/pause"): "the break's address, reloaded: where you stand",
    ("POST", "/u/<token>/pause"): "an opt-out with an end",
    ("GET", "/u/<token>/reason"): "the answer's address, reloaded: where you stand",
    ("POST", "/u/<token>/reason"): "what it was, from somebody who is out",
    ("GET", "/p/<token>"): "the preference centre",
    ("POST", "/p/<token>"): "what somebody wants to get, or nothing at all",
    ("GET", "/p/<token>/undo"): "the same centre, for whoever reloads an undo",
    ("POST", "/p/<token>/undo"): "what a stop of everything switched off is on again",
    ("GET", "/c/<token>"): "one button that completes a double opt-in",
    ("POST", "/c/<token>"): "completes it",
    ("GET", "/u/<token>/record"): "the same truth as a text file to keep",
    ("GET", "/u/"): "the form for a lost link, or where a template-signed link stands",
    ("POST", "/u/"): "asks for a link, or opts out by a template-signed one",
    ("GET", "/healthz"): "the process answers",
    ("GET", "/readyz"): "opt-outs can be taken, and what else is wrong",
    ("GET", "/metrics"): "Prometheus",
}
LOOKS = sorted(path for method, path in ROUTES if method == "GET")


@pytest.fixture
def pages(application) -> Client:
    return Client(application, use_cookies=False)


@pytest.fixture
def token(settings) -> str:
    return Links(settings.workspaces.values()).mint("default", ANNA)


@pytest.fixture
def address(settings):
    """A route's address with a link in it that opens there."""
    links = Links(settings.workspaces.values())
    usual = links.mint("default", ANNA)
    confirms = links.mint("default", ANNA, confirming("newsletter", 1))
    return lambda path: path.replace("<token>", confirms if path.startswith("/c/") else usual)


@pytest.fixture
def told(pages, token, database, settings, clock) -> None:
    """Anna has opted out and Synerise has confirmed it, and she has asked to be in again: every page has all to say
    that it ever has.
    """
    assert pages.post(f"/u/{token}", data=ONE_CLICK, content_type=FORM).status_code == 200
    clock.advance(seconds=1)
    assert pages.post(f"/p/{token}", data={"to.newsletter": "on"}).status_code == 200
    worker = Worker(database, settings.workspaces, {"default": [ScriptedDestination()]}, clock)
    worker.drain()
    clock.advance(minutes=1)
    worker.drain()
    worker.finish()


@pytest.fixture
def read_only(told, settings, clock, database_url) -> Iterator[Client]:
    """The same application on connections that refuse every write."""
    database = Database(database_url, connections=2)
    refuse = "PRAGMA query_only = ON" if database.is_sqlite else "SET default_transaction_read_only = on"

    def refuse_writes(connection, _record) -> None:
        connection.cursor().execute(refuse)
        if not database.is_sqlite:
            connection.commit()

    event.listen(Engine, "connect", refuse_writes)
    yield Client(web_application(settings, clock, database), use_cookies=False)
    event.remove(Engine, "connect", refuse_writes)
    database.close()


def rows(database: Database) -> dict[str, list[tuple]]:
    with database.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Table.metadata.sorted_tables
        }


def test_every_route_is_in_the_table_and_no_other(flask_app):
    found = {
        (method, rule.rule)
        for rule in flask_app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert found == set(ROUTES)


def test_no_view_looks_and_acts_at_once(flask_app):
    for rule in flask_app.url_map.iter_rules():
        assert rule.methods in ({"GET", "HEAD", "OPTIONS"}, {"POST", "OPTIONS"}), rule


def test_looking_changes_no_row(pages, told, address, database):
    before = rows(database)
    for path in LOOKS:
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = pages.open(address(path), method=method, query_string="c=spring&l=pl")
            assert answer.status_code == 200, (method, path)
    assert rows(database) == before


def test_looking_needs_no_right_to_write_and_pressing_does(read_only, told, token, address):
    for path in LOOKS:
        assert read_only.get(address(path)).status_code == 200, path
    assert read_only.post(f"/u/{token}", data=ONE_CLICK, content_type=FORM).status_code == 503


def test_looking_waits_for_no_writer(told, address, settings, clock, database, database_url, monkeypatch):
    """A page must not stand in the writers' queue: on SQLite one that takes its lock waits behind all of them."""
    monkeypatch.setattr("resign.db.engine._BUSY_MILLISECONDS", 50)
    own = Database(database_url, connections=2)
    pages = Client(web_application(settings, clock, own), use_cookies=False)
    with database.writing() as session:
        session.execute(text("UPDATE decisions SET owed = owed"))
        answers = {path: pages.get(address(path)).status_code for path in LOOKS}
    own.close()
    assert answers == dict.fromkeys(LOOKS, 200)
