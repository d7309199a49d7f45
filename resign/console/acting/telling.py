"""Having the newest decisions told again: also those that were refused, and those that long took effect."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.acting.seen import Change, Changed
from resign.acting.telling import CannotTell, state_of, tell_again
from resign.console import wording
from resign.console.access import may
from resign.console.acting import words
from resign.console.acting.edge import Unavailable, act_in, back, done, looked, looked_first, page
from resign.console.acting.typed import seen
from resign.console.acting.whom import Whom, lost, whom_of
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.spoken import mark, moment, say
from resign.outbox.repeating import Telling, tellings

_STATES = {
    "waiting": mark("It was recorded a moment ago, and is about to be told by itself."),
    "in-hand": mark("It is being told at this very moment."),
    "owed": mark("It is still to be told, and is tried again by itself; telling it again tries at once."),
    "accepted": mark("It was told and accepted, and is being read back."),
    "confirmed": mark("It was told, and the profile was read back and said so."),
    "delivered": mark("It was told."),
    "dead": mark("It was refused: nothing more happens by itself."),
    "superseded": mark("Something newer took its place."),
    "untold": mark("It came from there, so nothing was told. Telling it helps where the profile says otherwise by now."),
}  # fmt: skip
_DECISIONS = {
    "opt-out": mark("Out of %(what)s, decided %(at)s"),
    "opt-in": mark("In for %(what)s, decided %(at)s"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    whom: Whom
    told: list[Telling]


@may("support")
def asks(workspace: str, digest: str) -> Answer:
    return _page(looked_first(lambda session: _sheet(session, workspace, digest)))


@may("support")
def does(workspace: str, digest: str) -> Answer:
    check_mark()
    try:
        return _does(workspace, digest)
    except Unavailable:
        return _page(_Sheet(whom=lost(workspace, digest), told=[]), status=503)


def _does(workspace: str, digest: str) -> Answer:
    sheet = looked(lambda session: _sheet(session, workspace, digest))
    changes: Sequence[Change] = ()
    try:
        done(lambda session: _record(session, sheet))
    except CannotTell:
        pass
    except Changed as changed:
        changes = changed.changes
    else:
        return back(workspace, digest, "told-again")
    return _page(looked(lambda session: _sheet(session, workspace, digest)), changes, status=409)


def _record(session: Session, sheet: _Sheet) -> None:
    if sheet.whom.person is not None:
        state = request.form.get("state", "")
        tell_again(session, act_in(sheet.whom.workspace), sheet.whom.person, seen(), state)


def _sheet(session: Session, workspace: str, digest: str) -> _Sheet:
    whom = whom_of(session, workspace, digest)
    if whom.person is None or whom.person.profile is None:
        return _Sheet(whom=whom, told=[])
    return _Sheet(whom=whom, told=tellings(session, workspace, digest, desk().clock.now()))


def _page(sheet: _Sheet, changes: Sequence[Change] = (), status: int = 200) -> Answer:
    workspace = sheet.whom.workspace
    again = [each for each in sheet.told if each.may_be_repeated]
    return page(
        "tell_again", status, whom=sheet.whom, rows=[_row(workspace, each) for each in sheet.told],
        state=state_of(sheet.told) if sheet.whom.person else request.form.get("state", ""),
        again=bool(again) or sheet.whom.person is None, switches_on=any(each.choice == "opt-in" for each in again),
        changes=words.changes(workspace, changes),
    )  # fmt: skip


def _row(workspace: str, told: Telling) -> tuple[str, str, str]:
    """What was decided, how far that has got, and what was answered."""
    what = wording.agreement(workspace, told.agreement)
    decision = say(_DECISIONS[told.choice], what=what, at=moment(told.at))
    where = f"{wording.destination(told.destination)}: " if told.destination else ""
    return decision, where + say(_STATES[told.state]), told.reason or ""
