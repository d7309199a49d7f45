"""What `/readyz` says of the destinations beside Synerise: plain words and a remedy, and nothing that somebody wrote.

Whoever can reach it learns the name that the settings give a destination, and neither its address, nor what it
answered, nor who paused it and why.
"""

from typing import Any

from resign.alarms.troubled import Stands, Takes, Trouble
from resign.ops.probe import Probe

_KEPT = "What is owed is kept and tried again by itself"
_WORDS: dict[tuple[Takes, Stands], str] = {
    ("messages", "stopped"): "Somebody has paused it by hand; `resign outbox resume` ends it.",
    ("files", "stopped"): "Somebody has paused it by hand; `resign feed resume` ends it.",
    ("messages", "held"): "It refuses our key or our settings. Mend what `resign doctor` says of it; then it goes on by itself.",
    ("messages", "late"): f"It has not taken what it is owed. {_KEPT}; see the console's page of deliveries why.",
    ("files", "late"): f"A file that should have arrived by now has not. {_KEPT}; `resign doctor` says why.",
    ("messages", "paused"): f"It does not answer. {_KEPT}.",
    ("files", "paused"): f"It did not take its last file. {_KEPT}; `resign doctor` says why.",
}  # fmt: skip


def troubled(probe: Probe) -> list[dict[str, Any]]:
    """Those in trouble alone, by workspace and name."""
    return [_shown(each) for each in probe.sight().troubles]


def _shown(each: Trouble) -> dict[str, Any]:
    return {
        "name": each.destination, "workspace": each.workspace, "state": each.stands,
        "since": each.since.isoformat() if each.since else None, "why": _WORDS[each.takes, each.stands],
    }  # fmt: skip
