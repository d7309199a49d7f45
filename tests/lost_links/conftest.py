"""A sender of links on both databases, a scripted way to Synerise, and people who ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import select

from resign.links import Links
from resign.lost_links.requests import note
from resign.lost_links.sender import LostLinkSender
from resign.lost_links.tables import LinkRequest
from resign.outbox.contract import Accepted, Outcome
from resign.profile import Profile
from tests.support.decisions import ANNA, DIGEST_KEY

HOME = "https://optout.example"


@dataclass
class ScriptedWriter:
    """Says what the script says, and keeps what it was to send."""

    say: Callable[[Profile], Outcome] = lambda _: Accepted()
    sent: list[tuple[Profile, str, str, datetime]] = field(default_factory=list)

    def send(self, profile: Profile, link_url: str, request_id: str, at: datetime) -> Outcome:
        self.sent.append((profile, link_url, request_id, at))
        return self.say(profile)


@pytest.fixture
def writer() -> ScriptedWriter:
    return ScriptedWriter()


@pytest.fixture
def sender(database, workspace, writer, clock) -> Callable[..., LostLinkSender]:
    def of(one=writer, **changed):
        workspaces = {workspace.name: changed.get("workspace", workspace)}
        links = Links(workspaces.values())
        confirming = {workspace.name: changed.get("confirmer", one)}
        return LostLinkSender(
            database, workspaces, links, {workspace.name: one}, confirming, clock, lambda _: HOME
        )

    return of


@pytest.fixture
def asks(database, clock):
    def ask(profile: Profile = ANNA, workspace: str = "default") -> None:
        with database.writing() as session:
            note(session, profile, {workspace: profile.digest(DIGEST_KEY)}, clock.now())
            session.commit()

    return ask


@pytest.fixture
def requests(database):
    def rows() -> list[LinkRequest]:
        with database.reading() as session:
            return list(session.scalars(select(LinkRequest).order_by(LinkRequest.id)))

    return rows


@pytest.fixture
def verdicts(requests):
    return lambda: [row.verdict for row in requests()]
