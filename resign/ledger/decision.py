"""A decision before it is written: everything that requirement C1 asks for, gathered in one place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from resign.ids import new_id
from resign.profile import Profile

Choice = Literal["opt-out", "opt-in"]
Method = Literal["page", "one-click", "preferences", "staff", "import", "api", "synerise"]

# Who switches on again when a break is over: nobody decided anything at that moment.
END_OF_A_BREAK = "end of a break"
# Stands for every agreement, those that are thought of later too. What is decided on one of them afterwards holds.
ALL = "all"
_CAMPAIGN_MOST = 64


@dataclass(frozen=True, slots=True)
class NewDecision:
    """One decision, not yet durable. `row` is what the ledger's table takes."""

    id: UUID
    at: datetime
    choice: Choice
    row: dict[str, Any]


def decide(  # noqa: PLR0913 - a decision is its evidence; leaving one out must be a choice
    *,
    workspace: str,
    digest_key: bytes,
    profile: Profile,
    agreement: str,
    choice: Choice,
    method: Method,
    at: datetime,
    actor: str = "person",
    campaign: str | None = None,
    language: str | None = None,
    page: str | None = None,
    shown: str | None = None,
    link_key: str | None = None,
    body: str | None = None,
    until: datetime | None = None,
    seen: str | None = None,
    origin: str | None = None,
    evidence: str | None = None,
    dated: bool | None = None,
    digest: str | None = None,
) -> NewDecision:
    """A decision of `profile` on `agreement`, made at `at` (aware, UTC); with `until`, an opt-out that ends then.

    `dated` is False where another system did not say when it was, and `origin` the system that it came from, which will not be told it back. `digest` is the profile's, where it is
    worked out already.
    """
    decision_id = new_id()
    row = {
        "id": decision_id,
        "workspace": workspace,
        "kind": profile.kind,
        "identifier": profile.value,
        "digest": digest or profile.digest(digest_key),
        "agreement": agreement,
        "choice": choice,
        "method": method,
        "actor": actor,
        "at": at,
        "campaign": _bounded(campaign),
        "language": language,
        "page": page,
        "shown": shown,
        "link_key": link_key,
        "body": body,
        "until": until,
        "seen": seen,
        "origin": origin,
        "evidence": evidence,
        "dated": dated,
    }
    return NewDecision(decision_id, at, choice, row)


def _bounded(campaign: str | None) -> str | None:
    """A campaign comes from the address line: anybody's text, kept for reports only, printable and short."""
    if not campaign:
        return None
    kept = "".join(c for c in campaign if c.isprintable() and not "\ud800" <= c <= "\udfff")
    return kept[:_CAMPAIGN_MOST] or None
