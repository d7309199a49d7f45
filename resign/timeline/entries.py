"""The entries of a timeline, each a type of its own: what happened, when, and to which of the person's identities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from resign.ids import reference

Place = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`digest` names the identity. `place` orders entries of one time: it is what a page goes on behind."""

    at: datetime
    digest: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far one destination is with a decision."""

    destination: str
    state: str
    outcome: str | None
    reason: str | None
    accepted_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Entry):
    """`until`: a break begins. `answer` and `words`: why, for the 30 days that they are joined to the decision.

    `hours_left`: of the 48 in which an opt-out has to be known everywhere; negative where they have run out, None
    where it is known, was taken back, or was overtaken. `overtaken`: something newer was decided on the same agreement.
    """

    id: UUID
    choice: str
    agreement: str
    method: str
    actor: str
    prior: str | None
    campaign: str | None
    # The system that brought it, and what that says of how the person agreed.
    origin: str | None
    evidence: str | None
    language: str | None
    page: str | None
    shown: str | None
    until: datetime | None
    answer: str | None
    words: str | None
    deliveries: tuple[Delivery, ...]
    hours_left: float | None
    overtaken: bool

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def is_undo(self) -> bool:
        """Nobody else can opt in on a page without a double opt-in."""
        return self.choice == "opt-in" and self.method == "page" and self.actor == "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted(Entry):
    """One try to tell a destination, or to read back; `outcome` is accepted, confirmed, drifted, busy …"""

    decision: UUID
    destination: str
    phase: str
    outcome: str
    reason: str | None
    request_id: str | None
    milliseconds: int

    @property
    def by_comparison(self) -> bool:
        """It was found by the daily comparison, and is told again."""
        return self.outcome == "drifted" and (self.reason or "").startswith("found when comparing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken(Entry):
    """A newer decision took the place of one that a destination had not heard of yet, or not confirmed."""

    decision: UUID
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEnded(Entry):
    """`outcome`: `resumed`, `overtaken` by another decision, or `nameless`."""

    decision: UUID
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAsked(Entry):
    """Somebody asked for a lost link, or for the mail that completes a double opt-in of `agreement`."""

    agreement: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettled(Entry):
    """What became of it: `sent`, `unknown`, `lately`, `refused`, `gave-up`."""

    agreement: str | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed(Entry):
    """An event at Synerise, at the time when it happened there. `verdict` is None until it is weighed."""

    subject: Literal["off", "on", "profile", "sent"] | None
    action: str
    verdict: str | None
    decision: UUID | None
    campaign: str | None
    variant: str | None
    way: str | None
    evidence: str | None
    arrived_at: datetime
    # For a mail that went out after a confirmed opt-out.
    delay_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Entry):
    """Something that staff did about the person; `detail` is what they noted with it, the basis say."""

    by: str
    action: str
    detail: Mapping[str, object]
