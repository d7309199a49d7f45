"""What another system says of a person: whether the ledger believes it. A function with a table of cases.

The opt-out wins. What was decided earlier never overrules what was decided later, and an opt-in overrules an opt-out
only where it surely came later and something speaks for it: an import that wiped opt-outs is what people complain of
most in programs of this kind.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from resign.ledger.decision import END_OF_A_BREAK, Choice
from resign.ledger.newest import Newest
from resign.profile import Profile

# The other system's clock and ours may be so far apart.
CLOCKS_APART = timedelta(minutes=5)

# What became of a statement:
#   recorded       it is a decision of ours now
#   known          we hold the same already
#   newer-opt-in   the person opted in after that opt-out
#   opted-out      the person is out, and the opt-in is older, or nobody says how old it is
#   no-evidence    the person is out, and nothing speaks for the opt-in
#   suppressed     somebody with this address is on a list of hashes of people who opted out
#   future         it was decided later than now
Verdict = Literal["recorded", "known", "newer-opt-in", "opted-out", "no-evidence", "suppressed", "future"]
# Of these nothing changes because nothing needs to; of the others because it must not.
KEPT: frozenset[Verdict] = frozenset({"known", "newer-opt-in"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`at` is when the person decided it, aware; None where nobody knows. `evidence` is what speaks for an opt-in."""

    profile: Profile
    agreement: str
    choice: Choice
    at: datetime | None = None
    evidence: str | None = None
    campaign: str | None = None
    language: str | None = None


def weigh(
    statement: Statement, newest: Newest | None, now: datetime, *, listed: datetime | None = None
) -> Verdict:
    """`newest` is what holds for the person on the agreement; `listed` where a hash says that they are out, since when."""
    if statement.at is not None and statement.at > now + CLOCKS_APART:
        return "future"
    if statement.choice == "opt-out":
        return _opt_out(statement, newest)
    return _opt_in(statement, newest, listed)


def weigh_request(
    statement: Statement,
    newest: Newest | None,
    asked: Newest | None,
    now: datetime,
    *,
    is_suppressed: bool = False,
) -> Verdict:
    """Of an opt-in that is only asked for. `newest` is what holds on what is asked for, `asked` the newest request.

    Nothing needs to speak for it, because the person confirms it. But it sends them a mail: a file that is brought
    again must not send another, and one of before their opt-out none at all.
    """
    if statement.at is not None and statement.at > now + CLOCKS_APART:
        return "future"
    if newest is not None and newest.choice == "opt-in":
        return "known"
    if is_suppressed:
        return "suppressed"
    if asked is not None and asked.choice == "opt-in" and not _surely_after(statement, asked):
        return "known"
    if newest is not None and not _surely_after(statement, newest):
        return "opted-out"
    return "recorded"


def _opt_out(statement: Statement, newest: Newest | None) -> Verdict:
    if newest is None:
        return "recorded"
    if newest.choice == "opt-out":
        # A break ends by itself; an opt-out that another system holds does not.
        return "recorded" if newest.until is not None else "known"
    if newest.actor == END_OF_A_BREAK:
        # Nobody decided anything when it ended, so an older opt-out is not overtaken by it.
        return "recorded"
    # In doubt, which is where one of the two has no time or the clocks cannot say, the opt-out wins. And whichever of
    # the two came here first: an opt-in that would not have overruled it does not outlast it either.
    surely_older = (
        not newest.in_doubt and statement.at is not None and newest.at - statement.at > CLOCKS_APART
    )
    return "newer-opt-in" if surely_older else "recorded"


def _opt_in(statement: Statement, newest: Newest | None, listed: datetime | None) -> Verdict:
    if newest is not None and newest.choice == "opt-in":
        return "known"
    if newest is None:
        # The list says nothing of when they opted out, so nothing is surely newer.
        return "suppressed" if listed is not None else "recorded"
    if not _surely_after(statement, newest):
        return "opted-out"
    if listed is not None and statement.at is not None and statement.at - listed <= CLOCKS_APART:
        # They may have left once more since, as the list has it.
        return "suppressed"
    return "recorded" if statement.evidence else "no-evidence"


def _surely_after(statement: Statement, newest: Newest) -> bool:
    return statement.at is not None and statement.at - newest.at > CLOCKS_APART
