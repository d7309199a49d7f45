"""Works off the requests for a link, lost or to confirm by: each is claimed, sent by Synerise to whoever it knows, and settled."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast

from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.links import Links, confirming
from resign.lost_links import queue
from resign.lost_links.found import profiles_of
from resign.lost_links.queue import InHand
from resign.outbox.contract import (
    Accepted,
    Busy,
    Misconfigured,
    NoSuchProfile,
    Outcome,
    Refused,
    Unreachable,
)
from resign.profile import Kind, Profile
from resign.settings import Workspace

log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=30)
# While a workspace's Synerise is away or refuses everybody, its other requests are not tried either.
_REST = timedelta(seconds=15)
_REST_UNTIL_MENDED = timedelta(minutes=5)


class Writer(Protocol):
    """One workspace's way to have a link sent; `resign.synerise.link_event.LinkEvent` is one. Never raises."""

    def send(self, profile: Profile, link_url: str, request_id: str, at: datetime) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class _Again:
    after: timedelta


class LostLinkSender:
    """`writers` and `confirmers` by workspace name; `url_of` says where a workspace's links lead. Several processes may run one each: a request is in one's hands at a time."""

    def __init__(
        self,
        database: Database,
        workspaces: Mapping[str, Workspace],
        links: Links,
        writers: Mapping[str, Writer],
        confirmers: Mapping[str, Writer],
        clock: Clock,
        url_of: Callable[[str], str],
    ) -> None:
        self._database = database
        self._workspaces = workspaces
        self._links = links
        self._writers = writers
        self._confirmers = confirmers
        self._clock = clock
        self._url_of = url_of
        self._rests_until: dict[str, datetime] = {}

    def step(self) -> bool:
        """One request; False where none is due. Raises as the database does, and loses nothing by it."""
        now = self._clock.now()
        awake = [name for name in self._workspaces if self._rests_until.get(name, now) <= now]
        with self._database.reading() as session:
            if not queue.any_due(session, now, awake):
                return False
        with self._database.writing() as session:
            request = queue.claim(session, now, awake)
            session.commit()
        if request is not None:
            self._work_off(request)
        return True

    def _work_off(self, request: InHand) -> None:
        workspace = self._workspaces[request.workspace]
        if request.kind:
            profiles = [Profile(cast("Kind", request.kind), request.email)]
        else:
            with self._database.reading() as session:
                profiles = profiles_of(session, workspace, request.email, request.digest)
        verdict = self._verdict(request, [self._send(request, profile) for profile in profiles])
        with self._database.writing() as session:
            self._settle(session, request, verdict)
            session.commit()

    def _send(self, request: InHand, profile: Profile) -> Outcome:
        if request.agreement:
            token = self._links.mint(request.workspace, profile, confirming(request.agreement, request.id))
            path, writers = f"/c/{token}", self._confirmers
        else:
            path, writers = f"/u/{self._links.mint(request.workspace, profile)}", self._writers
        url = self._url_of(request.workspace) + path
        key = self._workspaces[request.workspace].digest_key.encode()
        # The same for every try, and another for each profile; the digest also tells apart what two databases count.
        name = f"{request.workspace}-{request.id}-{profile.digest(key)[:8]}"
        return writers[request.workspace].send(profile, url, name, request.at)

    def _verdict(self, request: InHand, outcomes: list[Outcome]) -> str | _Again:
        """What settles the request, or when it is tried again. Who was sent theirs is not sent it twice by that."""
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                self._say(request, outcome.reason)
            elif not isinstance(outcome, Accepted | NoSuchProfile):
                return self._again(request, outcome)
        for kind, verdict in ((Accepted, "sent"), (Refused, "refused")):
            if any(isinstance(outcome, kind) for outcome in outcomes):
                return verdict
        return "unknown"

    def _again(self, request: InHand, outcome: Outcome) -> _Again:
        pause = min(_FIRST_PAUSE * 2 ** min(request.tries - 1, 16), _LONGEST_PAUSE)
        asked = outcome.after if isinstance(outcome, Busy) and outcome.after else _REST
        if isinstance(outcome, Misconfigured):
            self._say(request, outcome.reason)
            asked = _REST_UNTIL_MENDED
        if isinstance(outcome, Misconfigured | Busy | Unreachable):
            self._rests_until[request.workspace] = self._clock.now() + min(asked, _LONGEST_PAUSE)
        return _Again(max(pause, min(asked, _LONGEST_PAUSE)))

    def _settle(self, session: Session, request: InHand, verdict: str | _Again) -> None:
        now = self._clock.now()
        if isinstance(verdict, _Again):
            queue.put_back(session, request, now + verdict.after)
        else:
            queue.settle(session, request, verdict, now)

    def _say(self, request: InHand, reason: str) -> None:
        log.warning(
            "A link that was asked for could not be sent: %s", reason,
            extra={"workspace": request.workspace, "request": request.id},
        )  # fmt: skip
