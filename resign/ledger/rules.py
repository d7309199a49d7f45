"""The ledger's rules, each a function with a table of cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from resign.ledger.newest import Newest

# "This was a mistake" is said in the same hour, or the next morning. Later, a link in an old or forwarded mail
# must not be able to sign anybody up: opting in again then goes through the sender's double opt-in (B9).
UNDO_WITHIN = timedelta(hours=24)
_BY_THE_PERSON = {"page", "one-click", "preferences"}


def may_undo(outs: Sequence[Newest], now: datetime) -> bool:
    """Whether an undo restores what was. `outs` are the opt-outs since the last opt-in, newest first.

    Each must have been made here by the person, and the *first* of them lately: or pressing once more would
    make an undo of last year's opt-out possible.
    """
    return (
        bool(outs) and all(out.method in _BY_THE_PERSON for out in outs) and now - outs[-1].at <= UNDO_WITHIN
    )
