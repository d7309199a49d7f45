"""What is left of the 48 hours in which an opt-out has to be known everywhere, in words."""

from resign.console import wording
from resign.console.spoken import mark, say


def time_left(hours: float) -> str:
    lasting = wording.lasted(abs(hours) * 3600)
    if hours >= 0:
        return say(mark("%(time)s of the 48 hours are left to have it known everywhere."), time=lasting)
    return say(
        mark("Overdue: the 48 hours ran out %(time)s ago, and it is not known everywhere."), time=lasting
    )
