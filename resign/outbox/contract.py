"""What the outbox and a destination agree on: a message goes out, an outcome comes back, and its type says "again?".

    Outcome
     ├─ Accepted       the destination took it; where it can be read back, that comes next
     ├─ Confirmed      the profile was read back and says what we told
     ├─ Differs        the profile was read back and says something else (or not yet)
     ├─ NoSuchProfile  the destination does not know the person; kept, and tried again slowly
     ├─ Busy           come back later, and how much later if it said so
     ├─ Unreachable    no usable answer: network, time-out, 5xx; the message may have arrived
     ├─ SendAlone      a batch was refused in part; each of its messages goes out by itself
     ├─ Refused        this message will never be taken; a person must look
     └─ Misconfigured  no message will be taken until somebody mends the settings; the lane is held

No reason ever quotes an address, a token or a body: reasons are stored and logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from resign.profile import Profile

Choice = Literal["opt-out", "opt-in"]
# Methods by which another system says what it holds of many people: nobody waits for the answer.
UPLOADS = frozenset({"import", "api"})


@dataclass(frozen=True, slots=True)
class Message:
    """One decision, as one destination is to be told of it."""

    decision_id: UUID
    profile: Profile
    agreement: str
    choice: Choice
    decided_at: datetime
    campaign: str | None = None
    method: str = "page"
    # How often it was told *anew* because reading back showed something else; a retry does not count.
    tellings: int = 0
    alone: bool = False
    # What speaks for an opt-in that another system brought; None where nothing does, and of what was decided here.
    evidence: str | None = None
    # The system that it came from; None for what was decided here.
    origin: str | None = None

    @property
    def is_uploaded(self) -> bool:
        return self.method in UPLOADS


@dataclass(frozen=True, slots=True)
class Accepted:
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    # The address that the profile carries, where the link named only a customId or clientId.
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Differs:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NoSuchProfile:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Busy:
    after: timedelta | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SendAlone:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """`reason` says what is wrong and what to do about it, for `/readyz`, the log and the operator."""

    reason: str


Outcome = (
    Accepted | Confirmed | Differs | NoSuchProfile | Busy | Unreachable | SendAlone | Refused | Misconfigured
)


class Destination(Protocol):
    """Somewhere that must hear of decisions. Called from several threads at once; never raises."""

    name: str
    # Whose it is: several may be ways to one system, and what came from that system is told to none of them.
    system: str
    # Whether `read_back` can tell if a message took effect, and how long that may take there.
    confirms: bool
    settles_within: timedelta
    # How many calls may be under way there, apart from all others, so that it holds up nobody but itself: only for one
    # that cannot be read back. None: it shares what the worker has.
    at_once: int | None
    # How long a message is tried before it is a dead letter. None: for ever.
    gives_up_after: timedelta | None

    def hears_of(self, agreement: str) -> bool:
        """Whether decisions on this agreement are told there."""
        ...

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        """The messages as they may travel together: each parcel is one call. A message marked `alone` is alone."""
        ...

    def deliver(self, parcel: Sequence[Message]) -> Outcome:
        """Tells the destination; the outcome holds for every message of the parcel."""
        ...

    def read_back(self, message: Message) -> Outcome:
        """Asks whether the message took effect: Confirmed, Differs, or a reason why it cannot be known now."""
        ...

    def close(self) -> None: ...
