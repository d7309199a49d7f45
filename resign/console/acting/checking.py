"""Asking Synerise at this moment what a profile says, beside what was decided here."""

from werkzeug.wrappers import Response as Answer

from resign.acting.checking import Check, Row, compare, note_check
from resign.acting.person import Person
from resign.console import wording
from resign.console.access import may
from resign.console.acting.edge import Unavailable, act_in, done, looked, looked_first, page
from resign.console.acting.whom import Whom, lost, whom_of
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.spoken import mark, moment, say

_WORDS = {
    "agrees": mark("Both sides say the same."),
    "differs": mark("Synerise says something else than what was decided here."),
    "on-its-way": mark("Synerise does not say so yet: it is still being told. Look again in a minute."),
    "no-such-profile": mark("Synerise knows no such profile. Nothing can be mailed to it from there."),
    "busy": mark("Synerise asks to come back later. Nothing was changed. Try again in a minute."),
    "refused": mark("A profile cannot be asked for by this identifier. Nothing was changed."),
    "misconfigured": mark("The key may not read profiles, or the settings are wrong. Nothing was changed. Tell whoever runs resign."),
    "unreachable": mark("Synerise gave no answer that could be read within a few seconds. Nothing was changed. Try again later."),
}  # fmt: skip
_HELD = {
    "opt-out": mark("out, decided %(at)s"),
    "opt-in": mark("in, decided %(at)s"),
}

_LEADS = {"opt-out": "tell", "opt-in": "out"}


@may("support")
def asks(workspace: str, digest: str) -> Answer:
    return _page(looked_first(lambda session: whom_of(session, workspace, digest)))


@may("support")
def does(workspace: str, digest: str) -> Answer:
    """It is answered with the result itself: what a profile says is true at that moment, and belongs in no address."""
    check_mark()
    try:
        whom = looked(lambda session: whom_of(session, workspace, digest))
        if whom.person is None or whom.person.profile is None:
            return _page(whom, status=422)
        return _page(whom, _check(whom.person))
    except Unavailable:
        return _page(lost(workspace, digest), status=503)


def _check(person: Person) -> Check | None:
    """While Synerise is asked no transaction is open: it may take its time."""
    if person.profile is None:
        return None
    shown = desk().looks[person.workspace](person.profile)
    act = act_in(person.workspace)
    check = looked(lambda session: compare(session, act, person, shown))
    done(lambda session: note_check(session, act, person, check))
    return check


def _page(whom: Whom, check: Check | None = None, status: int = 200) -> Answer:
    return page(
        "check_now", status, whom=whom, check=check, told=say(_WORDS[check.word]) if check else "",
        rows=[_row(whom.workspace, each) for each in check.rows] if check else [],
        leads=_leads(check) if check else set(),
    )  # fmt: skip


def _leads(check: Check) -> set[str]:
    """What there is to do: an opt-out is told again; somebody who is in here and out there may have left there."""
    held = (
        {row.held.choice for row in check.rows if row.differs and row.held}
        if check.word == "differs"
        else set()
    )
    return {_LEADS[choice] for choice in held}


def _row(workspace: str, row: Row) -> tuple[str, str, str, bool]:
    """The agreement, what was decided here, what Synerise says, and whether the two differ."""
    held = (
        say(_HELD[row.held.choice], at=moment(row.held.at)) if row.held else say(mark("nothing was decided"))
    )
    shown = wording.choice(row.shown) if row.shown else say(mark("neither in nor out"))
    return wording.agreement(workspace, row.agreement), held, shown, row.differs
