"""The calls that are made to Synerise: what each is named in reasons, what it needs, and what a refusal means."""

from collections.abc import Callable
from dataclasses import dataclass

from resign.outbox.contract import Misconfigured, NoSuchProfile, Outcome, Refused, SendAlone


@dataclass(frozen=True, slots=True)
class Call:
    """`refused` and `missing` make the outcome of a 4xx and of a 404 out of a reason."""

    what: str
    needs: str
    refused: Callable[[str], Outcome] = Refused
    missing: Callable[[str], Outcome] = Misconfigured
    # The incoming integration takes only the token of the log-in, also where all else is Basic
    # (hub.synerise.com, Incoming Integration node).
    by_token: bool = False
    # What a 403 means where it is no reason to hold the lane; without it, no message would be taken.
    denied: Callable[[str], Outcome] | None = None


# The permissions' names for updating and reading one profile are not documented by Synerise, so these two
# are described. The pairing of the other names with their paths follows from the names.
UPDATE = Call(
    "the profile update", needs="the permission to update profiles by e-mail, customId and id",
    missing=NoSuchProfile,
)  # fmt: skip
READ = Call("the profile's reading", needs="the permission to read profiles", missing=NoSuchProfile)
# A batch documents neither 400 nor 404; whatever of its items is at fault, each of them can say so alone. A key that
# may not send batches may well update one by one.
BATCH = Call(
    "the batch of profile updates", needs="the permission API_BATCH_CLIENT_CREATE",
    refused=SendAlone, missing=SendAlone, denied=SendAlone,
)  # fmt: skip
# A batch of one, for somebody whom no update found. That the key may not create anybody is no reason to hold the
# opt-outs of those who are there.
CREATE = Call(
    "the creation of a profile", needs="the permission API_BATCH_CLIENT_CREATE",
    missing=NoSuchProfile, denied=NoSuchProfile,
)  # fmt: skip
# Unlike a batch of opt-outs, which can go one by one by another address, this one has only its own: a 404
# says that the address is wrong, and taking it for a fault of the items would refuse a million of them.
LINKS = Call(
    "the batch of links", needs="the permission API_BATCH_CLIENT_CREATE",
    refused=SendAlone,
)  # fmt: skip
EVENT = Call(
    "the event",
    needs="the permission API_CUSTOM_EVENTS_CREATE, and let its lists of allowed and denied events pass the action",
)
INCOMING = Call("the incoming integration", needs="the permission INCOMING_WEBHOOK_EXECUTE", by_token=True)
LOG_IN = Call("the log-in", needs="a key of the type Workspace", refused=Misconfigured)
PERMISSIONS = Call("the check of permissions", needs="the right to ask for its permissions")
