"""What an event at Synerise means for us: the rules, each a function with a table of cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from resign.ledger import END_OF_A_BREAK, Newest
from resign.notices.notice import BY_THE_PERSON

Verdict = Literal[
    "decided",  # it became a decision of ours
    "known",  # we hold the same already: an echo of what we told, or a repetition
    "late",  # a newer decision of ours had overtaken it when it arrived
    "claimed",  # Synerise says that somebody is in; nothing that we hold speaks for it
    "doubtful",  # it may be the echo of an opt-out that was taken back: Synerise has to be asked
    "echo",  # it was asked, and it was one
    "mailed-after",  # a mail went out after the opt-out was confirmed
    "fine",  # a mail to somebody who had not opted out yet
    "mail",  # the same, of somebody who never decided anything: remembered for the reports
    "linked",  # a link was written to the profile
    "right",  # its link was right already
    "unknown",  # Synerise does not know the profile any more
    "gave-up",  # Synerise could not be reached for a day
]

DOUBLE_OPT_IN = "double-opt-in"
# An opt-out that was taken back within this time may come back as an event: 202 means queued, and how long the
# queue and an outage before it were, the event does not say. Asking Synerise costs one call.
ECHO_WITHIN = timedelta(hours=24)
# Their clock and ours may be so far apart.
CLOCKS_APART = timedelta(minutes=5)
_FROM_SYNERISE = "synerise"
_LONGEST_DELAY = 2**31 - 1  # what the column holds


def weigh_off(
    action: str, at: datetime, decisions: Sequence[Newest], *, told: datetime | None = None
) -> Verdict:
    """`decisions` are the person's newest here, newest first; `at` is when Synerise switched off.

    `told` is when Synerise was last told of their newest opt-out, where that was a break.

    An opt-out is believed unless a newer opt-in of ours overtook it. That somebody pressed our button and took
    it back looks the same as that somebody switched off at Synerise afterwards, where its event comes late:
    then the profile itself is asked, because believing wrongly would undo an undo, and not believing would
    lose an opt-out. The same where the two clocks cannot say which was first.
    """
    if not decisions:
        return "decided"
    newest = decisions[0]
    if newest.choice == "opt-out":
        # A break is an opt-out that ends; the person's own opt-out does not, whichever of the two came first.
        # And what an import brought may be taken back with it, which must not take back what the person did.
        passes = newest.until is not None or newest.method == "import"
        if passes and action == BY_THE_PERSON:
            return "decided"
        return _during_a_break(action, at, decisions, told) if newest.until is not None else "known"
    if _outranks(at, decisions) and (
        action == BY_THE_PERSON or not _may_be_its_echo(at, decisions[1:], told)
    ):
        return "decided"
    if at < newest.at:
        surely_older = newest.at - at > CLOCKS_APART and not newest.in_doubt
        return "late" if surely_older else "doubtful"
    just_told = any(
        each.choice == "opt-out" and each.method != _FROM_SYNERISE and at - each.at <= ECHO_WITHIN
        for each in decisions
    )
    return "doubtful" if just_told and action != BY_THE_PERSON else "decided"


def _during_a_break(action: str, at: datetime, decisions: Sequence[Newest], told: datetime | None) -> Verdict:
    """The profile is off by our own doing, so it cannot be asked: what comes when no echo does is believed."""
    begun = decisions[0]
    if begun.at - at > CLOCKS_APART:
        before = weigh_off(action, at, decisions[1:])
        return before if before in {"decided", "doubtful"} else "known"
    return "known" if _may_be_its_echo(at, decisions, told) else "decided"


def _may_be_its_echo(at: datetime, decisions: Sequence[Newest], told: datetime | None) -> bool:
    """Whether Synerise may only be telling what it was told of a break, the newest of these; or told anew since."""
    if not decisions or decisions[0].until is None:
        return False
    begun = decisions[0].at
    return begun - at <= CLOCKS_APART and at - max(begun, told or begun) <= ECHO_WITHIN


def _outranks(at: datetime, decisions: Sequence[Newest]) -> bool:
    """The end of a break is nobody's decision: an opt-out since the person's own last opt-in overrules it, also late."""
    if decisions[0].actor != END_OF_A_BREAK:
        return False
    own = next((each for each in decisions if each.choice == "opt-in" and each.actor != END_OF_A_BREAK), None)
    return own is None or at > own.at


def weigh_on(
    evidence: str | None, at: datetime, decisions: Sequence[Newest], last_off: datetime | None = None
) -> Verdict:
    """Only an opt-in that surely came later *and* was confirmed by the person overrules an opt-out.

    `last_off` is when Synerise last told of a switch-off: that may be later than the opt-out that we hold, because
    one who is out already is not recorded again. Of somebody who never decided anything here it overrules nobody, and
    is recorded as what it is: collected by Synerise.
    """
    if not decisions:
        return "late" if last_off is not None and at <= last_off else "decided"
    newest = decisions[0]
    if newest.choice == "opt-in":
        return "known"
    last = max(newest.at, last_off) if last_off else newest.at
    if at <= last:
        return "late"
    return "decided" if evidence == DOUBLE_OPT_IN and at - last > CLOCKS_APART else "claimed"


def weigh_sent(
    at: datetime, newest: Newest | None, confirmed_at: datetime | None
) -> tuple[Verdict, int | None]:
    """Whether a mail went out after Synerise had confirmed the opt-out, and how many seconds after.

    An opt-out that came from Synerise was known there when it was made.
    """
    if newest is None or newest.choice != "opt-out":
        return "fine", None
    since = newest.at if newest.method == _FROM_SYNERISE else confirmed_at
    if since is None or at <= since:
        return "fine", None
    return "mailed-after", min(int((at - since).total_seconds()), _LONGEST_DELAY)
