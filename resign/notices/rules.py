"""What an event at Synerise means for us: the rules, each a function with a table of cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from resign.ledger import Newest
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
    "linked",  # a link was written to the profile
    "right",  # its link was right already
    "unknown",  # Synerise does not know the profile any more
    "gave-up",  # Synerise could not be reached for a day
]

DOUBLE_OPT_IN = "double-opt-in"
# So long may Synerise take to do what we told it and to raise the event for it: 202 means queued.
ECHO_WITHIN = timedelta(minutes=15)
_FROM_SYNERISE = "synerise"


def weigh_off(action: str, at: datetime, decisions: Sequence[Newest]) -> Verdict:
    """`decisions` are the person's newest here, newest first; `at` is when Synerise switched off.

    An opt-out is believed unless a newer opt-in of ours overtook it. That somebody pressed our button and took
    it back looks the same as that somebody switched off at Synerise afterwards, where its event comes late:
    then the profile itself is asked, because believing wrongly would undo an undo, and not believing would
    lose an opt-out.
    """
    if not decisions:
        return "decided"
    newest = decisions[0]
    if newest.choice == "opt-out":
        return "known"
    if at < newest.at:
        return "late"
    told = any(
        each.choice == "opt-out" and each.method != _FROM_SYNERISE and at - each.at <= ECHO_WITHIN
        for each in decisions
    )
    return "doubtful" if told and action != BY_THE_PERSON else "decided"


def weigh_on(evidence: str | None, at: datetime, decisions: Sequence[Newest]) -> Verdict:
    """Only an opt-in that came later *and* was confirmed by the person overrules an opt-out."""
    if not decisions:
        return "claimed"
    newest = decisions[0]
    if newest.choice == "opt-in":
        return "known"
    if at <= newest.at:
        return "late"
    return "decided" if evidence == DOUBLE_OPT_IN else "claimed"


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
    return "mailed-after", int((at - since).total_seconds())
