"""The ledger's rules, each a function with a table of cases."""

from datetime import datetime, timedelta

from resign.ledger.newest import Newest

# "This was a mistake" is said in the same hour, or the next morning. Later, a link in an old or forwarded mail
# must not be able to sign anybody up: opting in again then goes through the sender's double opt-in (B9).
UNDO_WITHIN = timedelta(hours=24)


def may_undo(newest: Newest | None, now: datetime) -> bool:
    """Whether an undo restores what was: only the newest decision, only one made here by the person, only lately."""
    return (
        newest is not None
        and newest.choice == "opt-out"
        and newest.method in {"page", "one-click"}
        and now - newest.at <= UNDO_WITHIN
    )
