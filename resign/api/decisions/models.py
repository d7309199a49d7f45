"""The shapes of decisions: as somebody sends them, and as they are answered."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from resign.api.cursor import Order
from resign.api.model import PRINTABLE, Answered, Asked, Instant, Short, optional
from resign.api.who import DIGEST, Who
from resign.ledger import Method
from resign.ledger.arriving import Verdict
from resign.ledger.requested import ChoiceShown

MOST_ON_A_PAGE = 200

Agreement = Annotated[
    str,
    Field(min_length=1, max_length=64, pattern=PRINTABLE,
          description="`newsletter`, one of the workspace's own, or for an opt-out `all`."),
]  # fmt: skip


class NewDecision(Asked):
    """What a person decided, as another system holds it."""

    profile: Who = Field(description="Whose decision it is.")
    agreement: Agreement = "newsletter"
    choice: Literal["opt-out", "opt-in", "request"] = Field(
        description="`opt-out` or `opt-in`; or `request` for an opt-in to the newsletter that is still to be confirmed: it "
        "is no consent. Synerise's sign-up workflow mails the person, and their confirmation comes by the hook."
    )
    at: Instant = optional(
        "When the person decided it, with a time zone. Without it an opt-out counts as decided now, and an opt-in "
        "overrules no opt-out. A request without it starts nothing for anybody who is out, or has been asked before."
    )
    evidence: Annotated[str, Field(min_length=1, max_length=500, pattern=PRINTABLE)] = optional(
        "What speaks for an opt-in, such as the form and when it was confirmed. Without it an opt-in overrules no opt-out."
    )
    campaign: Short = optional("The campaign that led to it.")
    language: Annotated[str, Field(pattern="^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$", max_length=8)] = optional(
        "The language in which the person decided, such as `pl`."
    )


class Held(Answered):
    """What holds for the person on the agreement."""

    choice: str = Field(description="`opt-out` or `opt-in`.")
    at: datetime = Field(description="Since when.")
    decision: UUID = Field(description="The decision that it follows from.")


class Written(Answered):
    """What became of a decision that was sent."""

    verdict: Verdict = Field(
        description="`recorded`: it is a decision here now, on durable storage. `known`: we hold the same already. "
        "`newer-opt-in`: the person opted in after that opt-out."
    )
    id: UUID | None = Field(description="The decision's id; null where nothing was recorded.")
    reference: str | None = Field(description="The same as people read it out to one another.")
    held: Held | None = Field(description="What stood before; null where nothing was known.")


class Named(Answered):
    """Whom a decision is about."""

    kind: Literal["email", "customId", "clientId"] = Field(description="Which identifier it is.")
    value: str | None = Field(description="The identifier; null where retention has emptied it.")
    digest: str = Field(description="Its keyed digest, which stays. To be given as `digest`.")


class DecisionShown(Answered):
    """One decision."""

    id: UUID = Field(description="Its id, a UUIDv7.")
    reference: str = Field(description="The same as people read it out to one another.")
    profile: Named = Field(description="Whose decision it is.")
    agreement: str = Field(description="What it is about; `all` is every agreement.")
    choice: ChoiceShown = Field(
        description="`opt-out` or `opt-in`; `request` for an opt-in that was only asked for, `withdrawn` where that was taken back."
    )
    method: Method = Field(description="How it came.")
    at: datetime = Field(description="When it was decided.")
    until: datetime | None = Field(description="When an opt-out ends by itself; null for one that does not.")
    campaign: str | None = Field(description="The campaign that led to it.")
    language: str | None = Field(description="The language in which it was decided.")
    origin: str | None = Field(description="The system that it came from; null for what was decided here.")
    evidence: str | None = Field(description="What speaks for it, as whoever brought it says.")


class Try(Answered):
    """One try to tell a destination, or to read back what it holds."""

    at: datetime = Field(description="When.")
    phase: str = Field(description="`tell` or `read-back`.")
    outcome: str = Field(description="How it went.")


class Told(Answered):
    """What one destination has heard of a decision."""

    destination: str = Field(description="Its name.")
    state: str = Field(
        description="`owed`, `accepted` (told; still to be read back), `confirmed`, `delivered` (told, and not to be read "
        "back), `superseded` by a newer decision, or `dead`: somebody must look."
    )
    accepted_at: datetime | None = Field(description="When the destination took it.")
    confirmed_at: datetime | None = Field(description="When reading back said that it holds it.")
    tries: list[Try] = Field(description="The newest fifty tries, the newest first.")


class WholeDecision(DecisionShown):
    """One decision, and what every destination has heard of it."""

    told: list[Told] = Field(description="By destination; empty until the worker has got to it.")


class DecisionsAsked(Asked):
    """Which decisions, and from where on."""

    order: Order = Field(
        default="newest",
        description="`newest` first, or `oldest` first, which can be followed: ask again with the last `next`.",
    )
    limit: int = Field(default=50, ge=1, le=MOST_ON_A_PAGE, description="How many at most on a page.")
    cursor: Annotated[str, Field(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$")] = optional(
        "Where the last page ended: its `next`, unchanged. The filters must be the same."
    )
    digest: Annotated[str, Field(pattern=DIGEST)] = optional(
        "Only of the profile with this keyed digest. Addresses do not belong into an address line; every "
        "decision carries its profile's digest."
    )
    agreement: Agreement = optional("Only on this agreement.")
    choice: Literal["opt-out", "opt-in", "request"] = optional(
        "Only opt-outs, only opt-ins, or only those that were asked for."
    )
    method: Method = optional("Only those that came in this way.")
    origin: Annotated[str, Field(pattern="^[a-z0-9-]{1,31}$")] = optional(
        "Only those that came from this system."
    )
    campaign: Short = optional("Only those that this campaign led to.")
    since: Instant = optional("Only those that were decided at this time or later; with a time zone.")
    before: Instant = optional("Only those that were decided before this time; with a time zone.")


class DecisionsPage(Answered):
    """A page of decisions."""

    decisions: list[DecisionShown] = Field(
        description="In the order that was asked for. There may be fewer than `limit`, also none, where the filters "
        "let few through: `more` says whether to go on."
    )
    more: bool = Field(description="Whether there is more behind `next` now.")
    next: str | None = Field(
        description="The cursor of what comes behind. With `oldest` it is always there, for whoever follows."
    )
