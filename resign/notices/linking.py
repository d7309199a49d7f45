"""Writes a profile's link where it is missing or wrong; never more than it must, or each write would cause the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from resign.links import BadLink, Links
from resign.notices.rules import Verdict
from resign.notices.tables import NoticeRow
from resign.outbox.contract import Accepted, Outcome, Refused
from resign.profile import Profile
from resign.settings import Workspace

# A write raises `profile.updated`, which comes back here. The link is right then; where Synerise ignored the
# write, or its queue is slow, this keeps us from writing again and again.
_NOT_AGAIN_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile as it is at Synerise: what its link attribute holds, and everything it is named by."""

    token: str | None = field(repr=False)
    profiles: frozenset[Profile]


class Linking:
    """`look` reads the profile or says why it cannot; `write` writes a token into it."""

    def __init__(
        self,
        workspace: Workspace,
        links: Links,
        look: Callable[[Profile], Seen | Outcome],
        write: Callable[[Profile, str], Outcome],
    ) -> None:
        self._workspace = workspace
        self._links = links
        self._look = look
        self._write = write

    def link(self, profile: Profile) -> Outcome | Verdict:
        seen = self._look(profile)
        if not isinstance(seen, Seen):
            return seen
        if seen.token and self._is_right(seen.token, seen.profiles | {profile}):
            return "right"
        outcome = self._write(profile, self._links.mint(self._workspace.name, profile))
        if isinstance(outcome, Accepted):
            return "linked"
        return "gave-up" if isinstance(outcome, Refused) else outcome

    def was_lately(self, session: Session, digest: str, now: datetime) -> bool:
        return bool(
            session.scalar(
                select(
                    exists().where(
                        NoticeRow.digest == digest,
                        NoticeRow.workspace == self._workspace.name,
                        NoticeRow.verdict == "linked",
                        NoticeRow.weighed_at > now - _NOT_AGAIN_WITHIN,
                    )
                )
            )
        )

    def _is_right(self, token: str, profiles: frozenset[Profile]) -> bool:
        """By any of its identifiers: a file that was pushed may have named another than the event does."""
        try:
            link = self._links.open(token)
        except BadLink:
            return False
        newest = self._workspace.keys[-1][0]
        return link.workspace == self._workspace.name and link.key_id == newest and link.profile in profiles
