"""One event at Synerise as the hook understood it, and the key by which the same event told twice is one."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from resign.profile import Profile

Subject = Literal["off", "on", "profile", "sent"]

TURNED_OFF, TURNED_ON = "agreement.turnoff", "agreement.turnon"
NATIVE = "newsletter"

# The actions that are understood (hub.synerise.com, event reference: email, profiles). One of Synerise's pages
# spells the agreement with two g, so both spellings are. Names of profile events are not all documented.
SUBJECTS: dict[str, Subject] = {
    "marketingagreement.turnoff": "off",
    "marketingaggreement.turnoff": "off",
    "newsletter.unsubscribe": "off",
    "marketingagreement.turnon": "on",
    "marketingaggreement.turnon": "on",
    "profile.created": "profile",
    "client.created": "profile",
    "profile.updated": "profile",
    "client.updatedata": "profile",
    "message.sent": "sent",
    # Whatever the event is called there: its body says which agreement it is about, and what holds of it now.
    TURNED_OFF: "off",
    TURNED_ON: "on",
}
# The verdict of a mail that is remembered for the reports alone: there is nothing to weigh.
MAIL = "mail"
# Nothing but the person's own act raises it; a write through the API does not.
BY_THE_PERSON = "newsletter.unsubscribe"
_AHEAD = timedelta(minutes=5)
# Synerise is not older.
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Notice:
    """`at` is when it happened, None where the body does not say. `profiles` are all that it names, best first."""

    workspace: str
    action: str
    profiles: tuple[Profile, ...]
    at: datetime | None = None
    campaign: str | None = None
    variant: str | None = None
    way: str | None = None
    evidence: str | None = None
    # For profile events: what the link attribute holds now.
    token: str | None = None
    agreement: str = NATIVE

    @property
    def subject(self) -> Subject | None:
        return SUBJECTS.get(self.action.lower())


def row(notice: Notice, digest_key: bytes, now: datetime) -> dict[str, Any]:
    """What the notices' table takes. A time that lies ahead or far back is a wrong clock's: the arrival counts then.

    Evidence without a good time of its own is none: an opt-in that was repeated, or stamped by a clock that is
    fast, would otherwise overrule the opt-out that came in between.
    """
    profile = notice.profiles[0]
    at = notice.at if notice.at is not None and _EARLIEST <= notice.at <= now + _AHEAD else None
    return {
        "key": _key(notice, profile, at),
        "workspace": notice.workspace,
        "action": notice.action.lower(),
        "agreement": notice.agreement,
        "kind": profile.kind,
        "identifier": profile.value,
        "digest": profile.digest(digest_key),
        "others": " ".join(f"{other.kind}:{other.digest(digest_key)}" for other in notice.profiles[1:3])
        or None,
        "at": min(at, now) if at else now,
        "arrived_at": now,
        "due_at": now,
        "campaign": notice.campaign,
        "variant": notice.variant,
        "way": notice.way,
        "evidence": notice.evidence if at is not None and at <= now else None,
    }


def as_a_mail(row: dict[str, Any]) -> dict[str, Any]:
    """A mail to somebody who has not decided anything yet: by its digest only, and nothing is to follow from it."""
    return {**row, "identifier": None, "verdict": MAIL, "weighed_at": row["arrived_at"]}


def _key(notice: Notice, profile: Profile, at: datetime | None) -> str:
    """Without a time two events cannot be told apart, so each is kept, and weighed for what it adds."""
    if at is None:
        return secrets.token_hex(16)
    said = (
        notice.workspace, notice.action.lower(), profile.kind, profile.folded, at.isoformat(),
        notice.campaign or "", notice.variant or "", notice.way or "", notice.evidence or "",
        *(() if notice.agreement == NATIVE else (notice.agreement,)),
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]
