"""One thing that somebody should look at, how urgent it is, and in words what it means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

# critical: the promise is at risk. warning: somebody must do something. notice: it is worth knowing.
Level = Literal["notice", "warning", "critical"]
LEVELS: tuple[Level, ...] = get_args(Level)

MEANINGS = {
    "late": "Opt-outs are recorded, and Synerise has not taken them yet. They are kept and tried again.",
    "elsewhere": "Another system than Synerise has not taken what it is owed. It is kept and tried again.",
    "waiting": "Opt-outs are recorded, and no worker has taken them up. Look whether a worker runs.",
    "silent": "No worker has given a sign of life for two minutes. Look whether one runs.",
    "held": "A destination refuses our key or our settings. Somebody must mend them; then it goes on by itself.",
    "stopped": "Somebody has paused a lane by hand, more than an hour ago. It stays so until it is resumed.",
    "dead": "A destination refused single messages for good. Mend the cause, then send them again.",
    "unweighed": "What Synerise told us has not been weighed for an hour. Look at the worker's log.",
    "theme": "Shipped pages stand in for a published theme's. Opt-outs work. The web's log says why.",
    "unread": "The comparison with Synerise cannot read profiles there. Look at the key, and whether Synerise answers.",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """`workspace` is empty where it is about the whole installation. Two with one name and workspace are one alarm."""

    name: str
    workspace: str
    level: Level
    since: datetime

    @property
    def meaning(self) -> str:
        return MEANINGS[self.name]

    @property
    def urgency(self) -> int:
        return LEVELS.index(self.level)
