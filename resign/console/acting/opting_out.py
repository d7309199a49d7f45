"""Opting out somebody who asked for it by phone, by letter or in person. A race with others never refuses it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.acting.basis import Basis
from resign.acting.basis import read as read_basis
from resign.acting.opting_out import opt_out
from resign.acting.person import agreements_of
from resign.acting.seen import Seen, changes_since
from resign.console import wording
from resign.console.access import may
from resign.console.acting import words
from resign.console.acting.edge import Unavailable, act_in, back, done, looked, looked_first, page
from resign.console.acting.typed import seen, typed
from resign.console.acting.whom import Whom, lost, whom_of
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.ledger import ALL
from resign.links import SCOPE

USUAL = {"agreement": SCOPE, "channel": "", "asked_on": "", "basis": ""}


@may("support")
def asks(workspace: str, digest: str) -> Answer:
    return _page(looked_first(lambda session: whom_of(session, workspace, digest)))


@may("support")
def does(workspace: str, digest: str) -> Answer:
    check_mark()
    rests_on, wrong = read(workspace, typed(**USUAL))
    try:
        whom = looked(lambda session: whom_of(session, workspace, digest))
        if rests_on is None or wrong or whom.person is None or whom.person.profile is None:
            return _page(whom, wrong, status=422)
        meanwhile = done(lambda session: _record(session, whom, rests_on))
    except Unavailable:
        return _page(lost(workspace, digest), status=503)
    return back(workspace, digest, "opted-out-too" if meanwhile else "opted-out")


def read(workspace: str, given: Mapping[str, str]) -> tuple[Basis | None, dict[str, str]]:
    """The basis, and by field what is wrong with it and with what it is about."""
    rests_on, found = read_basis(given, desk().clock.now())
    wrong: dict[str, str] = {**found}
    if given["agreement"] not in {name for name, _ in offered(workspace)}:
        wrong["agreement"] = "missing"
    return rests_on, wrong


def offered(workspace: str) -> list[tuple[str, str]]:
    """By name what somebody can be opted out of."""
    names = (*agreements_of(desk().workspaces[workspace]), ALL)
    return [(name, wording.agreement(workspace, name)) for name in names]


def _record(session: Session, whom: Whom, rests_on: Basis) -> bool:
    """Whether somebody decided something since the form was opened: that is said, and changes nothing."""
    if whom.person is None or whom.person.profile is None:
        return False
    meanwhile = seen() != Seen() and bool(changes_since(session, whom.person, seen()))
    opt_out(session, act_in(whom.workspace), whom.person.profile, typed(**USUAL)["agreement"], rests_on)
    return meanwhile


def _page(whom: Whom, wrong: Mapping[str, str] | None = None, status: int = 200) -> Answer:
    return page(
        "opt_out", status, whom=whom, typed=typed(**USUAL), faults=words.faults(wrong or {}),
        offered=offered(whom.workspace),
    )  # fmt: skip
