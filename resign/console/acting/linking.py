"""Having a new link sent to somebody who has lost theirs, by the way of the public form."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.acting.links import CannotSend, look, send_link
from resign.acting.seen import Change, Changed
from resign.console.access import may
from resign.console.acting import words
from resign.console.acting.edge import Unavailable, act_in, back, done, looked, looked_first, page
from resign.console.acting.typed import seen
from resign.console.acting.whom import Whom, lost, whom_of
from resign.console.guard import check_mark
from resign.console.spoken import mark, moment, say

_WHY_NOT = {
    "no-address": mark("No address of this person is known, so no mail can be sent."),
    "on-its-way": mark("A mail with a link is on its way already: it was asked for %(at)s."),
    "lately": mark("A mail with a link was sent %(at)s. A person gets one an hour."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """`why_not` is empty where a link can be sent now; `masked` the address that it would go to."""

    whom: Whom
    why_not: str = ""
    masked: str = ""


@may("support")
def asks(workspace: str, digest: str) -> Answer:
    return _page(looked_first(lambda session: _sheet(session, workspace, digest)))


@may("support")
def does(workspace: str, digest: str) -> Answer:
    check_mark()
    try:
        return _does(workspace, digest)
    except Unavailable:
        return _page(_Sheet(whom=lost(workspace, digest)), status=503)


def _does(workspace: str, digest: str) -> Answer:
    sheet = looked(lambda session: _sheet(session, workspace, digest))
    changes: Sequence[Change] = ()
    try:
        done(lambda session: _record(session, sheet))
    except CannotSend:
        pass
    except Changed as changed:
        changes = changed.changes
    else:
        return back(workspace, digest, "sent-link")
    return _page(looked(lambda session: _sheet(session, workspace, digest)), changes, status=409)


def _record(session: Session, sheet: _Sheet) -> None:
    if sheet.whom.person is not None:
        send_link(session, act_in(sheet.whom.workspace), sheet.whom.person, seen())


def _sheet(session: Session, workspace: str, digest: str) -> _Sheet:
    whom = whom_of(session, workspace, digest)
    try:
        email = look(session, act_in(workspace), whom.person) if whom.person else None
    except CannotSend as refused:
        at = moment(refused.at) if refused.at else ""
        return _Sheet(whom=whom, why_not=say(_WHY_NOT[refused.why], at=at))
    return _Sheet(whom=whom, masked=email.masked() if email else "")


def _page(sheet: _Sheet, changes: Sequence[Change] = (), status: int = 200) -> Answer:
    return page(
        "send_link", status, whom=sheet.whom, why_not=sheet.why_not, masked=sheet.masked,
        changes=words.changes(sheet.whom.workspace, changes),
    )  # fmt: skip
