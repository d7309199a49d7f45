"""One burst as its page shows it: its seconds, whose opt-outs they were, and what was said about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import cast

from sqlalchemy.orm import Session

from resign.console import wording
from resign.console.reports import worded
from resign.console.spoken import mark, say
from resign.profile import Kind, Profile
from resign.reports.chart import NARROW, WIDE, Spoken, svg
from resign.reports.figure import Chart, Series
from resign.reports.judging import Member, members, outcomes_of, progress_of, proposals, seconds, standings
from resign.reports.reversal import Person, same_person
from resign.reports.reversal_tables import BurstProposal
from resign.reports.tables import Burst

MOST_MEMBERS = 100
_MOST_STEPS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Opted:
    """One opt-out of the burst. `digest` leads to the person; `outcome` is what an approval did about it."""

    at: str
    after: str
    masked: str
    digest: str
    method: str
    campaign: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstPage:
    """`waiting` is the proposal that waits for an answer, `own` where it is the reader's. `goes_on` begins the next part.

    `under_way` is how many opt-outs a reversal has gone through, and of how many.
    """

    burst: Burst
    standing: str
    sums: Sequence[tuple[str, str]]
    wide: str
    narrow: str
    opted: Sequence[Opted]
    goes_on: int | None
    waiting: BurstProposal | None
    own: bool
    under_way: tuple[int, int] | None
    earlier: Sequence[BurstProposal]
    outcomes: Sequence[tuple[str, str]]


OUTCOMES = {
    "opted-in": mark("opted in again"),
    "repeated": mark("an earlier press of somebody who was opted in again"),
    "overtaken": mark("left as it was: in already, or out apart from the burst too"),
    "nameless": mark("left as it was: the address is deleted"),
}
STANDINGS: dict[str, str] = {
    "open": mark("to be looked at"),
    "proposed": mark("proposed to be reversed"),
    "running": mark("being reversed"),
    "approved": mark("reversed"),
    "refused": mark("left as it is"),
    "recalled": mark("taken back"),
}


def burst_page(session: Session, burst: Burst, reader: Person, after: int) -> BurstPage:
    found = members(session, burst.id, after, MOST_MEMBERS + 1)
    shown, more = found[:MOST_MEMBERS], found[MOST_MEMBERS:]
    said = proposals(session, burst.id)
    waiting = next((each for each in said if each.state == "proposed"), None)
    running = next((each for each in reversed(said) if each.state == "running"), None)
    moments = seconds(session, burst.id)
    drawn = _by_second(moments, burst)
    spoken = Spoken(
        title=say(mark("Opt-outs, second by second")),
        description=say(mark("%(count)s opt-outs"), count=worded.cell(burst.opt_outs)),
        nothing=say(mark("None of its opt-outs is kept any more.")),
        names=(("opt_outs", worded.column("opt_outs")),),
    )
    return BurstPage(
        burst=burst,
        standing=standings(session, [burst.id])[burst.id],
        sums=_sums(burst),
        wide=svg(drawn, spoken, key="wide", standalone=False, shape=WIDE),
        narrow=svg(drawn, spoken, key="narrow", standalone=False, shape=NARROW),
        opted=[_opted(each, burst) for each in shown],
        goes_on=shown[-1].decision.seq if more else None,
        waiting=waiting,
        own=waiting is not None and same_person(reader, waiting),
        under_way=progress_of(session, running) if running else None,
        earlier=[each for each in said if each is not waiting],
        outcomes=[
            (say(OUTCOMES[name]), worded.cell(count))
            for name, count in outcomes_of(session, burst.id).items()
        ],
    )


def _sums(burst: Burst) -> list[tuple[str, str]]:
    lasted = (burst.last_at - burst.first_at).total_seconds()
    return [
        (worded.column("opt_outs"), worded.cell(burst.opt_outs)),
        (say(mark("Recipient domain")), burst.domain or say(mark("not kept any more"))),
        (say(mark("From (UTC)")), wording.second(burst.first_at).removesuffix(" UTC")),
        (say(mark("Lasted")), wording.lasted(lasted)),
        (say(mark("Campaign")), burst.campaign or say(mark("none, or several"))),
    ]


def _opted(member: Member, burst: Burst) -> Opted:
    decision = member.decision
    masked = (
        Profile(cast("Kind", decision.kind), decision.identifier).masked()
        if decision.identifier
        else say(mark("(address deleted)"))
    )
    return Opted(
        at=f"{decision.at.astimezone(UTC):%H:%M:%S}",
        after=f"+{max(0.0, (decision.at - burst.first_at).total_seconds()):.0f} s",
        masked=masked,
        digest=decision.digest,
        method=wording.method(decision.method),
        campaign=decision.campaign or "",
        outcome=say(OUTCOMES[member.outcome]) if member.outcome else "",
    )


def _by_second(moments: Sequence[datetime], burst: Burst) -> Chart:
    """In steps of a second, or of as many as keep the picture readable."""
    whole = int((burst.last_at - burst.first_at).total_seconds()) + 1
    step = ceil(whole / _MOST_STEPS)
    counts = Counter(int((at - burst.first_at).total_seconds()) // step for at in moments)
    places = range(ceil(whole / step))
    return Chart(
        "bars", [f"+{place * step} s" for place in places], [Series("opt_outs", [counts[p] for p in places])]
    )
