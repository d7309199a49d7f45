"""A destination with a script: the network may be faked, the database never."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from resign.outbox.contract import Accepted, Confirmed, Message, Outcome

Say = Callable[[Message], Outcome]


class ScriptedDestination:
    """Says what the script says, and keeps what it was told, in order."""

    def __init__(self, tell: Say | None = None, look: Say | None = None, *, name: str = "synerise") -> None:
        self.name = name
        self.system = name
        self.confirms = True
        self.settles_within = timedelta(seconds=30)
        self.at_once: int | None = None
        self.gives_up_after: timedelta | None = None
        self.tell: Say = tell or (lambda _: Accepted())
        self.look: Say = look or (lambda _: Confirmed())
        self.told: list[Message] = []
        self.parcel_sizes: list[int] = []
        self.batches = False
        self._mutex = threading.Lock()

    def hears_of(self, agreement: str) -> bool:  # noqa: ARG002 - of every one
        return True

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        alone = [[m] for m in messages if m.alone or not self.batches]
        together = [m for m in messages if self.batches and not m.alone]
        return [*alone, *([together] if together else [])]

    def deliver(self, parcel: Sequence[Message]) -> Outcome:
        with self._mutex:
            self.told.extend(parcel)
            self.parcel_sizes.append(len(parcel))
        return self.tell(parcel[0])

    def read_back(self, message: Message) -> Outcome:
        return self.look(message)

    def close(self) -> None:
        pass
