"""What is posted: as little as whoever receives it needs to switch somebody off, and nothing that was shown to them.

Standard Webhooks prefers payloads so thin that the receiver asks for the rest. Whom it is about cannot be left out:
most receivers have no access to the ledger, and an opt-out that needs a second call is one that may fail by it.
"""

import json
from datetime import UTC, datetime
from uuid import UUID

from resign.ids import reference
from resign.ledger.requested import asked_for, choice_shown
from resign.outbox.contract import Message

_TYPES = {
    "opt-out": "consent.opted-out",
    "opt-in": "consent.opted-in",
    "request": "consent.requested",
    "withdrawn": "consent.request-withdrawn",
}
TEST = "test"


def number_of(message: Message) -> str:
    """The same over all tries, and when it is sent once more: by it a receiver knows what it has."""
    return f"msg_{message.decision_id.hex}"


def payload(message: Message, workspace: str) -> bytes:
    choice = choice_shown(message.agreement, message.choice)
    return _written({
        "type": _TYPES[choice],
        "timestamp": _moment(message.decided_at),
        "data": {
            "decision": str(message.decision_id),
            "reference": reference(message.decision_id),
            "workspace": workspace,
            "agreement": asked_for(message.agreement),
            "choice": choice,
            "profile": {message.profile.kind: message.profile.value},
            "method": message.method,
            "origin": message.origin,
            "campaign": message.campaign,
            "evidence": message.evidence,
        },
    })  # fmt: skip


def test_number(number: UUID) -> str:
    return f"test_{number.hex}"


def test_payload(workspace: str, now: datetime) -> bytes:
    """Signed like all others, and about nobody."""
    return _written({
        "type": TEST,
        "timestamp": _moment(now),
        "data": {"workspace": workspace, "says": "This is a test by resign. Nobody decided anything."},
    })  # fmt: skip


def _moment(at: datetime) -> str:
    """Microseconds are kept: two decisions of one second have an order."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _written(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
