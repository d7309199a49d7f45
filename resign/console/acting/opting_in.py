"""Taking an opt-out back: at the person's own request, or because staff meant somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.acting.basis import Basis, read
from resign.acting.opting_in import CannotOptIn, are_mistakes, ask_to_confirm, opt_in, out_of
from resign.acting.seen import Change, Changed
from resign.console import wording
from resign.console.access import may
from resign.console.acting import words
from resign.console.acting.edge import Unavailable, act_in, back, done, looked, looked_first, page
from resign.console.acting.typed import chosen, seen, typed
from resign.console.acting.whom import Whom, lost, whom_of
from resign.console.desk import desk
from resign.console.guard import check_mark

_USUAL = {"why": "", "channel": "", "asked_on": "", "basis": ""}
_ASKED, _MISTAKE = "asked", "mistake"
# At which field it is said why it cannot be.
_REFUSED = {"not-ours": {"why": "not-ours"}, "is-in": {"agreement": "is-in"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """`out`: the agreements that can be taken back. `mistakes`: some of them only staff decided, and lately."""

    whom: Whom
    out: tuple[str, ...]
    mistakes: bool


@may("support")
def asks(workspace: str, digest: str) -> Answer:
    return _page(looked_first(lambda session: _sheet(session, workspace, digest)))


@may("support")
def does(workspace: str, digest: str) -> Answer:
    check_mark()
    try:
        return _does(workspace, digest)
    except Unavailable:
        whom = lost(workspace, digest)
        return _page(_Sheet(whom=whom, out=chosen("agreement"), mistakes=True), status=503)


def _does(workspace: str, digest: str) -> Answer:
    sheet = looked(lambda session: _sheet(session, workspace, digest))
    rests_on, wrong = _read()
    if rests_on is None or wrong:
        return _page(sheet, wrong, status=422)
    mails = _confirms(workspace) and request.form.get("do") != "in"
    try:
        done(lambda session: _record(session, sheet, rests_on, mails=mails))
    except Changed as changed:
        anew = looked(lambda session: _sheet(session, workspace, digest))
        return _page(anew, changes=changed.changes, status=409)
    except CannotOptIn as refused:
        anew = looked(lambda session: _sheet(session, workspace, digest))
        return _page(anew, _REFUSED.get(refused.why), status=409)
    return back(workspace, digest, "asked-to-confirm" if mails else "opted-in")


def _record(session: Session, sheet: _Sheet, rests_on: Basis, *, mails: bool) -> None:
    if sheet.whom.person is not None:
        work = ask_to_confirm if mails else opt_in
        work(session, act_in(sheet.whom.workspace), sheet.whom.person, chosen("agreement"), rests_on, seen())


def _read() -> tuple[Basis | None, dict[str, str]]:
    given = typed(**_USUAL)
    why = given["why"]
    rests_on, found = read(given, desk().clock.now(), asked=why != _MISTAKE)
    wrong: dict[str, str] = {**found}
    if why not in {_ASKED, _MISTAKE}:
        wrong["why"] = "missing"
    if not chosen("agreement"):
        wrong["agreement"] = "missing"
    return rests_on, wrong


def _sheet(session: Session, workspace: str, digest: str) -> _Sheet:
    whom = whom_of(session, workspace, digest)
    if whom.person is None or whom.person.profile is None:
        return _Sheet(whom=whom, out=(), mistakes=False)
    out, now = out_of(session, whom.person, desk().workspaces[workspace]), desk().clock.now()
    mistakes = any(are_mistakes(session, whom.person, [each], now) for each in out)
    return _Sheet(whom=whom, out=out, mistakes=mistakes)


def _confirms(workspace: str) -> bool:
    """Whether who switches something on in this workspace confirms that by a mail."""
    return desk().workspaces[workspace].double_opt_in == "on"


def _page(
    sheet: _Sheet,
    wrong: Mapping[str, str] | None = None,
    changes: Sequence[Change] = (),
    status: int = 200,
) -> Answer:
    workspace = sheet.whom.workspace
    marked = chosen("agreement") if request.method == "POST" else sheet.out[:1]
    # Where there is one reason only, nobody has to choose it.
    usual = _USUAL if sheet.mistakes else {**_USUAL, "why": _ASKED}
    return page(
        "undo", status, whom=sheet.whom, mistakes=sheet.mistakes, typed=typed(**usual),
        faults=words.faults(wrong or {}), changes=words.changes(workspace, changes), confirms=_confirms(workspace),
        out=[(name, wording.agreement(workspace, name), name in marked) for name in sheet.out],
    )  # fmt: skip
