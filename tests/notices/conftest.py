"""Synerise as a script: what the profile says when it is asked, and what was written to it."""

import pytest

from resign.db import Database
from resign.links import Links
from resign.notices.linking import Linking, Seen
from resign.notices.notice import Notice
from resign.notices.taking import Taking
from resign.notices.weigher import Weigher
from resign.outbox.contract import Accepted, Confirmed, Message, Outcome
from resign.profile import Profile
from resign.settings import Settings
from tests.outbox.conftest import make_worker
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, DIGEST_KEY

# A fixture of another folder.
__all__ = ["make_worker"]


class Synerise:
    def __init__(self) -> None:
        self.says: Outcome = Confirmed()
        self.answers: Outcome = Accepted()
        self.asked: list[Message] = []
        self.tokens: dict[Profile, str] = {}
        self.also: list[Profile] = []
        self.written: list[Profile] = []

    def read_back(self, message: Message) -> Outcome:
        self.asked.append(message)
        return self.says

    def look(self, profile: Profile) -> Seen:
        return Seen(self.tokens.get(profile), frozenset({profile, *self.also}))

    def write(self, profile: Profile, token: str) -> Outcome:
        self.written.append(profile)
        if isinstance(self.answers, Accepted):
            self.tokens[profile] = token
        return self.answers


@pytest.fixture
def synerise() -> Synerise:
    return Synerise()


@pytest.fixture
def weigher(database: Database, settings: Settings, clock: StandingClock, synerise: Synerise):
    [workspace] = settings.workspaces.values()
    linking = Linking(workspace, Links([workspace]), synerise.look, synerise.write)
    made = Weigher(
        database, settings.workspaces, {"default": synerise.read_back}, {"default": linking}, clock
    )
    yield made
    made.close()


@pytest.fixture
def tell(database: Database, clock: StandingClock):
    """Synerise tells of one event, now unless it says when."""
    taking = Taking(database)

    def told(action: str, *profiles: Profile, **more) -> None:
        said = {"at": clock.now(), **more}
        taking.keep(Notice("default", action, profiles or (ANNA,), **said), DIGEST_KEY, clock.now())

    return told
