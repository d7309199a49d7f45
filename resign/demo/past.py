"""Lets the examples happen before the demo starts: the product itself, in this process, on a clock that is set back.

Nothing is written past the product: each row is what a press, the hook and the worker wrote, so that what the console
shows of the examples is what it will show of anybody.
"""

import json
import logging
import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from werkzeug.test import Client

from resign.app import create_chores, web_application
from resign.clock import SystemClock
from resign.db import Database
from resign.demo.examples import Visit, visits
from resign.demo.system import System
from resign.links import Links
from resign.outbox.contract import Accepted, Confirmed, Message, Outcome, Refused, Unreachable
from resign.outbox.worker import Worker
from resign.profile import Profile
from resign.settings import Settings

_ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}
_EVERY_REFUSED = 97
_OUTAGE = (timedelta(hours=3), timedelta(hours=5))


def make_examples(system: System) -> list[Visit]:
    """Before any process of the demo runs; some seconds of work."""
    made = visits(SystemClock().now())
    database = Database(system.settings.database_url, connections=4)
    # The examples' outage and refusals are nobody's to mend.
    logging.disable(logging.ERROR)
    try:
        Past(system.settings, database, made).happen()
    finally:
        logging.disable(logging.NOTSET)
        database.close()
    return made


def as_profiles(system: System, made: Sequence[Visit]) -> list[dict[str, object]]:
    """The examples as Synerise would hold them now."""
    unique = system.sandbox.emails == "unique"
    return [
        {
            "email": visit.email,
            "customId": visit.custom_id,
            **({"agreements": {"email": visit.undone is not None}} if unique else {}),
            "attributes": {}
            if unique
            else {system.sandbox.attribute: "enabled" if visit.undone else "disabled"},
        }
        for visit in made
    ]


class SetBack:
    """A clock that shows what it was set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class ExampleDestination:
    """Takes what it is told, but for an outage of two hours and a person here and there whom it refuses."""

    name = "synerise"
    system = "synerise"
    confirms = True
    settles_within = timedelta(seconds=30)
    at_once: int | None = None
    gives_up_after: timedelta | None = None

    def __init__(self, clock: SetBack, outage: datetime) -> None:
        self._clock, self._outage, self._calls = clock, outage, 0

    def hears_of(self, agreement: str) -> bool:
        return agreement in {"newsletter", "all"}

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        return [[message] for message in messages]

    def deliver(self, parcel: Sequence[Message]) -> Outcome:  # noqa: ARG002 - it looks at the time alone
        self._calls += 1
        since = self._clock.now() - self._outage
        if _OUTAGE[0] <= since < _OUTAGE[1]:
            return Unreachable("example: the answer was 503")
        if self._calls % _EVERY_REFUSED == 0:
            return Refused("example: 400, the profile holds a character that Synerise refuses")
        return Accepted(f"example-{self._calls:05d}")

    def read_back(self, message: Message) -> Outcome:  # noqa: ARG002 - as above
        return Confirmed()

    def close(self) -> None:
        pass


class Past:
    """One example after the other, each told and confirmed before the next comes."""

    def __init__(self, settings: Settings, database: Database, visits: Sequence[Visit]) -> None:
        [self._workspace] = settings.workspaces.values()
        self._unique = self._workspace.synerise_emails == "unique"
        self._clock = SetBack(visits[0].at)
        self._visits = visits
        self._chance = random.Random("how long it took")  # noqa: S311 - it makes up times, and keeps no secret
        self._client = Client(web_application(settings, self._clock, database), use_cookies=False)
        self._links = Links(settings.workspaces.values())
        outage = visits[len(visits) * 2 // 3].at.replace(hour=6, minute=0)
        destination = ExampleDestination(self._clock, outage)
        self._worker = Worker(
            database, settings.workspaces, {self._workspace.name: [destination]}, self._clock
        )
        self._chores = create_chores(settings, self._clock, database)

    def happen(self) -> None:
        for visit in self._visits:
            self._tells_of_the_mail(visit, visit.mailed)
            self._leaves(visit)
            if visit.undone is not None:
                self._comes_back(visit, visit.undone)
            if visit.mailed_again:
                self._tells_of_the_mail(visit, visit.at + timedelta(hours=30))
        self._clock.at += timedelta(hours=6)
        self._deliver()
        self._worker.finish()
        for chore in self._chores:
            if chore.close is not None:
                chore.close()

    def _leaves(self, visit: Visit) -> None:
        self._clock.at = visit.at
        path = self._path(visit)
        if visit.way == "one-click":
            self._client.post(f"{path}?c={visit.campaign}", **_ONE_CLICK)
        else:
            page = self._client.get(f"{path}?c={visit.campaign}&l={visit.language}").text
            self._press(page, "/pause" if visit.way == "break" else "")
        self._deliver()
        if visit.reason:
            self._clock.at += timedelta(seconds=8)
            self._client.post(f"{path}/reason", data={"l": visit.language, "reason": visit.reason})

    def _comes_back(self, visit: Visit, later: timedelta) -> None:
        self._clock.at = visit.at + later
        page = self._client.get(f"{self._path(visit)}?l={visit.language}").text
        self._press(page, "/undo")
        self._deliver()

    def _press(self, page: str, button: str) -> None:
        """The form of the page that leads there, with all that its browser would send."""
        for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
            action = str(re.findall(r'action="([^"]*)"', form)[0]).replace("&amp;", "&")
            if action.partition("?")[0].endswith(button or self._last_token):
                fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
                named = re.findall(r'<button type="submit" name="([^"]+)" value="([^"]+)"', form)
                self._client.post(action, data={**fields, **dict(named[:1])})
                return

    def _tells_of_the_mail(self, visit: Visit, at: datetime) -> None:
        """What Synerise's outgoing integration says of each mail."""
        now, self._clock.at = self._clock.at, max(self._clock.at, at)
        told = {
            "email": visit.email,
            "customId": visit.custom_id,
            "action": "message.sent",
            "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "campaign": visit.campaign,
        }
        self._client.post(
            f"/hooks/synerise/{self._workspace.name}",
            data=json.dumps(told),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self._workspace.synerise_webhook_token}"},
        )
        self._clock.at = now

    def _deliver(self) -> None:
        for most in (700, 2_500):
            self._clock.at += timedelta(milliseconds=self._chance.randrange(most // 5, most))
            self._worker.drain()

    def _path(self, visit: Visit) -> str:
        self._last_token = self._links.mint(self._workspace.name, self.profile(visit))
        return f"/u/{self._last_token}"

    def profile(self, visit: Visit) -> Profile:
        return Profile("email", visit.email) if self._unique else Profile("customId", visit.custom_id)
