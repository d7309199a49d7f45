"""A workspace between two systems: the pretend Synerise over real HTTP, the ledger on both databases, a worker."""

import logging
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from resign.clock import SystemClock
from resign.ledger.arriving import Statement
from resign.ledger.uploading import upload
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.profile import Profile
from resign.settings import load
from resign.synerise import AttributesDestination, SyneriseDestination
from tests.support.pretend import Sandbox
from tests.support.variables import VARIABLES

WINE = '[wine]\nattribute = "agreeToWine"\ntitle = { en = "Wine" }'
_PATIENCE = 20.0


class Between:
    """resign between another system and Synerise. `changes` are settings of the workspace."""

    def __init__(self, database, sandbox, changes):
        self.database, self.sandbox, self.clock = database, sandbox, SystemClock()
        settings = load({**VARIABLES, "RESIGN_AGREEMENTS": WINE})
        self.workspace = replace(settings.workspaces["default"], **sandbox.as_settings(**changes))
        self.key = self.workspace.digest_key.encode()
        several = [kind(self.workspace, self.clock) for kind in (SyneriseDestination, AttributesDestination)]
        self.destinations = several
        self.worker = Worker(
            database, {"default": self.workspace}, {"default": several}, self.clock, deliveries=8
        )

    def upload(self, *statements, method="import", origin="crm"):
        with self.database.writing() as session:
            found = upload(
                session, "default", self.key, statements,
                method=method, actor=f"import {origin}", origin=origin, now=self.clock.now(),
            )  # fmt: skip
            session.commit()
        return [each.verdict for each in found]

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
