"""A workspace between two systems: the pretend Synerise over real HTTP, the ledger on both databases, a worker."""

import logging
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from resign.app import create_chores, web_application
from resign.clock import SystemClock
from resign.ledger.arriving import Statement
from resign.ledger.tables import Decision
from resign.ledger.uploading import upload
from resign.notices.tables import NoticeRow
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.profile import Profile
from resign.settings import load
from resign.synerise import AttributesDestination, SyneriseDestination
from tests.support.pretend import Sandbox
from tests.support.serving import start as start_serving
from tests.support.variables import VARIABLES

WINE = '[wine]\nattribute = "agreeToWine"\ntitle = { en = "Wine" }'
TOKEN = "token-of-the-outgoing-integration"
INSERTS = {
    "action": "{{ event.action }}",
    "email": "{{ customer.email }}",
    "customId": "{{ customer.custom_identify }}",
    "time": "{{ event.time }}",
}
_PATIENCE = 20.0


class Between:
    """resign between another system and Synerise. `changes` are settings of the workspace."""

    def __init__(self, database, sandbox, changes):
        self.database, self.sandbox, self.clock = database, sandbox, SystemClock()
        self._server, self._chores = None, {}
        settings = load({**VARIABLES, "RESIGN_AGREEMENTS": WINE, "RESIGN_SYNERISE_WEBHOOK_TOKEN": TOKEN})
        self.workspace = replace(settings.workspaces["default"], **sandbox.as_settings(**changes))
        self.settings = replace(settings, workspaces={"default": self.workspace})
        self.key = self.workspace.digest_key.encode()
        several = [kind(self.workspace, self.clock) for kind in (SyneriseDestination, AttributesDestination)]
        self.destinations = several
        self.worker = self._made()

    def _made(self):
        several = {"default": self.destinations}
        return Worker(self.database, {"default": self.workspace}, several, self.clock, deliveries=8)

    def starts_again(self, *more):
        """The worker ends, and another takes its place; `more` are told from now on, too."""
        self.worker.finish()
        self.destinations += more
        self.worker = self._made()

    def upload(self, *statements, method="import", origin="crm"):
        with self.database.writing() as session:
            found = upload(
                session, "default", self.key, statements,
                method=method, actor=f"import {origin}", origin=origin, now=self.clock.now(),
            )  # fmt: skip
            session.commit()
        return [each.verdict for each in found]

    def listens(self, *events, **body):
        """The pretend Synerise's outgoing integration leads to our hook, with these fields beside the usual."""
        self.serves()
        said = {**INSERTS, **body}
        hook = {
            "url": f"{self.url}/hooks/synerise/default",
            "token": TOKEN,
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            "events": list(events),
            "body": "&".join(f"{name}={value}" for name, value in said.items()),
        }
        self.sandbox.do("webhooks", hook)

    def serves(self):
        if self._server is None:
            app = web_application(self.settings, self.clock, self.database)
            self._server = make_server("127.0.0.1", 0, app, threaded=True)
            start_serving(self._server)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def weighs(self):
        """What has arrived at the hook becomes decisions, or does not."""
        if not self._chores:
            self._chores = {
                each.name: each for each in create_chores(self.settings, self.clock, self.database)
            }
        while self._chores["weigh"].step():
            pass

    def hears(self, decisions, within=_PATIENCE):
        """Until so many decisions are in the ledger: agreement, choice, method, origin and evidence of each."""
        ends = time.monotonic() + within
        while len(self.decisions()) < decisions:
            assert time.monotonic() < ends, self.decisions()
            self.weighs()
            time.sleep(0.05)
        return self.decisions()

    def decisions(self):
        columns = (Decision.agreement, Decision.choice, Decision.method, Decision.origin, Decision.evidence)
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(select(*columns).order_by(Decision.seq))]

    def verdicts(self):
        with self.database.reading() as session:
            rows = session.execute(select(NoticeRow.action, NoticeRow.verdict).order_by(NoticeRow.id))
            return [tuple(row) for row in rows]

    def is_told(self, within=_PATIENCE):
        """Works until nothing is on its way any more."""
        ends = time.monotonic() + within
        while self.worker.step() or self.worker._under_way or self._live():
            assert time.monotonic() < ends, self.messages()
            time.sleep(0.02)

    def messages(self):
        """State and outcome of each, in order."""
        with self.database.reading() as session:
            query = select(MessageRow.state, MessageRow.outcome).order_by(MessageRow.id)
            return [tuple(row) for row in session.execute(query)]

    def _live(self):
        soon = self.clock.now() + timedelta(minutes=5)
        with self.database.reading() as session:
            live = MessageRow.state.in_(["owed", "accepted"]) & (MessageRow.due_at < soon)
            return session.scalar(select(MessageRow.id).where(live).limit(1)) is not None

    def close(self):
        self.worker.finish()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._chores:
            self._chores["weigh"].close()
            self._chores["link"].close()
        for each in self.destinations:
            each.close()


@pytest.fixture
def between(database, caplog):
    caplog.set_level(logging.ERROR, logger="werkzeug")
    with ExitStack() as ends:

        def of(*, pretend=None, **changes):
            sandbox = Sandbox(**(pretend or {}))
            ends.callback(sandbox.close)
            made = Between(database, sandbox, changes)
            ends.callback(made.close)
            return made

        yield of


@pytest.fixture
def states():
    """Somebody's statement, as another system uploads it."""

    def of(value, choice="opt-in", *, kind="email", agreement="newsletter", **more):
        wanted = {"evidence": "signed at the fair" if choice == "opt-in" else None, **more}
        return Statement(profile=Profile.of(kind, value), agreement=agreement, choice=choice, **wanted)

    return of
