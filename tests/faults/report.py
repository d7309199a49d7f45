"""Says how a round went: one line of a table, and whether it is as it must be."""

from tests.faults.kinds import CONTROLS
from tests.faults.round import Result

_COLUMNS = (
    "attempted", "acknowledged", "refused", "unanswered", "recorded", "accepted", "confirmed", "lost",
    "doubled", "unseen", "told_again",
)  # fmt: skip


def title() -> str:
    columns = " ".join(f"{_heading(name):>{_width(name)}}" for name in _COLUMNS)
    return f"{'kind':16} {'engine':10} strikes seconds {columns} {'owed':>5} gave-up fallen"


def line(result: Result) -> str:
    columns = " ".join(f"{getattr(result.tally, name):>{_width(name)}}" for name in _COLUMNS)
    verdict = "" if holds(result) else "  <-- FAILED"
    return (
        f"{result.kind:16} {result.engine:10} {result.strikes:>7} {result.seconds:>7.1f} {columns} "
        f"{result.owed:>5} {result.gave_up:>7} {result.fallen:>6}{verdict}"
    )


def holds(result: Result) -> bool:
    """Nothing lost, doubled or left owed, and no process fell. Of a control: its losses must be seen,
    and come from what was struck rather than from a process that could not run at all."""
    if result.kind in CONTROLS:
        return result.tally.lost_here > 0 and not result.fallen
    tally = result.tally
    return not any((tally.lost, tally.doubled, result.owed, result.gave_up, result.fallen))


def _heading(name: str) -> str:
    return name.replace("_", "-")


def _width(name: str) -> int:
    return max(len(name), 6)
