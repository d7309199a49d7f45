"""Two of the support staff, a person whose decisions are in the ledger, and what was written about them."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.acting.act import Act
from resign.acting.basis import Basis
from resign.acting.person import Person, find
from resign.acting.seen import Seen, seen_now
from resign.ledger.tables import Decision
from resign.lost_links.tables import LinkRequest
from resign.outbox.fanout import fan_out
from resign.outbox.tables import MessageRow
from resign.staff.roles import Staff
from resign.staff.tables import Deed
from tests.support.decisions import ANNA, DIGEST_KEY

ADA = Staff(id=1, name="Ada", grants={"default": frozenset({"support"})})
MIA = Staff(id=2, name="Mia", grants={"default": frozenset({"support"})})
DIGEST = ANNA.digest(DIGEST_KEY)
ASKED = Basis(words="She rang and asked us to.", channel="phone", asked_on=date(2026, 5, 4))
MISTAKE = Basis(words="I took the wrong line of the list.")


class Desk:
    """Somebody at work: what they see, and what they do, each in a transaction of its own."""

    def __init__(self, database, workspace, clock):
        self.database, self.workspace, self.clock = database, workspace, clock

    def act(self, by: Staff = ADA) -> Act:
        return Act(by=by, workspace=self.workspace, at=self.clock.now())

    def does(self, work: Callable[..., Any], *arguments: Any, by: Staff = ADA, **more: Any) -> Any:
        with self.database.writing() as session:
            told = work(session, self.act(by), *arguments, **more)
            session.commit()
        return told

    def reads(self, work: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        with self.database.reading() as session:
            return work(session, *arguments, **more)

    def person(self, digest: str = DIGEST) -> Person:
        found = self.reads(find, "default", digest)
        assert found is not None
        return found

    def seen(self, digest: str = DIGEST) -> Seen:
        return self.reads(seen_now, self.person(digest))

    def fans_out(self, to: tuple[str, ...] = ("synerise",)) -> None:
        with self.database.writing() as session:
            self.spread(session, to)
            session.commit()

    def spread(self, session: Session, to: tuple[str, ...] = ("synerise",)) -> int:
        return fan_out(session, ["default"], lambda *_: to, lambda _: DIGEST_KEY, self.clock.now())

    def decisions(self) -> list[Decision]:
        return self._rows(Decision, Decision.seq)

    def messages(self) -> list[MessageRow]:
        return self._rows(MessageRow, MessageRow.id)

    def requests(self) -> list[LinkRequest]:
        return self._rows(LinkRequest, LinkRequest.id)

    def deeds(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Who did what, and what was written of it."""
        return [
            (deed.name, deed.action, json.loads(deed.detail or "{}")) for deed in self._rows(Deed, Deed.id)
        ]

    def _rows(self, table: Any, order: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table).order_by(order)))


@pytest.fixture
def desk(database, workspace, clock) -> Desk:
    return Desk(database, workspace, clock)


@contextmanager
def uncommitted(database, work: Callable[..., Any]):
    """A session in a thread of its own that has done its work; leaving the block commits it."""
    done, go = threading.Event(), threading.Event()

    def hold() -> Any:
        with database.writing() as session:
            told = work(session)
            done.set()
            go.wait(20)
            session.commit()
        return told

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        try:
            assert done.wait(20)
            yield held
        finally:
            go.set()
        held.result(20)
