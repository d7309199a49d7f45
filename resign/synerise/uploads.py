"""Which of the messages travel together in a batch of profile updates, and which of them may create a profile.

The batch creates a profile for an e-mail or customId that nobody has, for instance of a person who was erased; only an
item with nothing but a clientId never does (php-sdk f8b9074 `lib/V4/Clients/Batch/Batch.php`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from resign.outbox.contract import Message

# "Cannot contain more than 1000 items or exceed 1 MB" (php-sdk f8b9074, `BatchRequestBuilder`). Whether that
# is 10^6 or 2^20 bytes is not documented; the smaller is safe.
MOST_ITEMS = 1_000
MOST_BYTES = 1_000_000
_BRACKETS_AND_COMMA = 2

Creates = Literal["opt-ins", "all", "nobody"]


def may_create(message: Message, creates: Creates) -> bool:
    """Only of what another system uploads, and there an opt-out only where the workspace says so.

    Somebody who is opted out and unknown gets no mail anyway; a profile made for it would bring an erased person back.
    """
    if not message.is_uploaded or creates == "nobody" or message.profile.kind == "clientId":
        return False
    return creates == "all" or (message.choice == "opt-in" and message.evidence is not None)


def may_travel(message: Message, creates: Creates) -> bool:
    """An address with capitals goes by itself, to be looked for in both spellings before anybody is created for it."""
    if message.alone:
        return False
    if message.profile.kind == "clientId":
        return True
    return may_create(message, creates) and message.profile.folded == message.profile.value


def batches(messages: Sequence[Message], size_of: Callable[[Message], int]) -> Iterator[list[Message]]:
    """A profile is in a batch once at most: in which order a batch is worked off is not documented.

    Uploads are kept apart from what people pressed: a batch that is refused for one bad row costs each of it a call.
    """
    rounds: dict[tuple[bool, int], list[Message]] = {}
    seen: Counter[tuple[bool, str, str]] = Counter()
    for message in messages:
        who = (message.is_uploaded, message.profile.kind, message.profile.folded)
        rounds.setdefault((message.is_uploaded, seen[who]), []).append(message)
        seen[who] += 1
    for several in rounds.values():
        yield from _bounded(several, size_of)


def _bounded(messages: Sequence[Message], size_of: Callable[[Message], int]) -> Iterator[list[Message]]:
    batch: list[Message] = []
    size = 0
    for message in messages:
        more = size_of(message) + _BRACKETS_AND_COMMA
        if len(batch) == MOST_ITEMS or (batch and size + more > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += more
    yield batch
