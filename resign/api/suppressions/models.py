"""The shapes of the question whether somebody must not be mailed."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from resign.api.decisions.models import Agreement
from resign.api.model import Answered, Asked
from resign.api.who import WhoOrDigest

MOST = 1_000


class SuppressionsAsked(Asked):
    """Whom you are about to mail."""

    agreement: Agreement = Field(
        default="newsletter", description="On which agreement: `newsletter`, or one of the workspace's own."
    )
    profiles: Annotated[list[WhoOrDigest], Field(min_length=1, max_length=MOST)] = Field(
        description="Up to a thousand. Whom you know by several identifiers, ask about by each."
    )


class SuppressionAsked(Asked):
    """On which agreement."""

    agreement: Agreement = Field(
        default="newsletter", description="On which agreement: `newsletter`, or one of the workspace's own."
    )


class Suppression(Answered):
    """Whether somebody must not be mailed, and why."""

    suppressed: bool = Field(description="True: do not mail them.")
    why: Literal["opted-out", "stopped-everything", "out-as-somebody-else", "on-a-list", "nobody"] | None = (
        Field(
            description="`opted-out` of this agreement; `stopped-everything`; `out-as-somebody-else`: under another identifier "
            "of a profile with this address; `on-a-list` of hashes; `nobody`: this can be no identifier. Null for whoever "
            "may be mailed."
        )
    )
    since: datetime | None = Field(description="Since when; for a list, when it came here.")
    digest: str | None = Field(description="The keyed digest of the identifier, to ask by the next time.")


class Suppressions(Answered):
    """One answer for each, in the order in which they were asked."""

    results: list[Suppression] = Field(description="One for each profile, in their order.")
