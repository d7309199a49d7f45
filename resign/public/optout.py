"""`/u/<token>`: GET says where you stand and shows one button; POST opts out, from a page or from a mail client.

`/u/` itself is a link that a template signed, or the form for those who have none.
"""

from collections.abc import Callable

from flask import Blueprint, Response, g, request

from resign.ids import reference
from resign.ledger import LedgerUnavailable, may_undo
from resign.ledger.newest import newest_seq
from resign.ledger.pauses import end_of
from resign.links import SCOPE, BadLink
from resign.outbox.standing import Standing
from resign.public import answer, lost_link, told
from resign.public.asked import UNHEARD, Body, body, language
from resign.public.stands import is_off_there
from resign.public.visit import Visit
from resign.telemetry.metrics import REFUSED

blueprint = Blueprint("optout", __name__)


# By these a link that a template signed is told from the address without anything, with or without its slash.
_SIGNED = {"e", "sig"}
_PRESSES = {"optout.press", "optout.press_without_token"}


@blueprint.get("/u/")
def ask_without_token() -> Response:
    if _SIGNED & request.args.keys():
        return _ask(_open(Visit.by_template))
    return lost_link.form()


@blueprint.post("/u/")
def press_without_token() -> Response:
    if _SIGNED & request.args.keys():
        return _press(_open(Visit.by_template))
    return lost_link.ask()


@blueprint.get("/u/<token>")
def ask(token: str) -> Response:
    return _ask(_open(lambda: Visit.by(token)))


def _ask(visit: Visit) -> Response:
    stands = visit.standing()
    remembered = stands.newest.language if stands else None
    in_language = language(visit.workspace.language, remembered)
    if stands is None or stands.newest.choice == "opt-in":
        return told.asking(visit, in_language)
    return told.out(visit, in_language, stands)


@blueprint.post("/u/<token>")
def press(token: str) -> Response:
    return _press(_open(lambda: Visit.by(token)))


def _press(visit: Visit) -> Response:
    g.sent = sent = body()
    in_language = language(visit.workspace.language, asked=sent.language)
    decision = visit.decide("opt-out", sent, in_language)
    if sent.page is None:
        return answer.text(f"You are opted out. Reference: {reference(decision.id)}\n")
    return told.done(visit, in_language, decision)


@blueprint.post("/u/<token>/undo")
def undo(token: str) -> Response:
    visit = _open(lambda: Visit.by(token))
    g.sent = sent = body()
    stands = visit.standing()
    in_language = language(
        visit.workspace.language, stands.newest.language if stands else None, sent.language
    )
    if stands is None:
        return told.asking(visit, in_language)
    if stands.newest.choice == "opt-in":
        return told.undone(visit, in_language, stands.newest)
    if not may_undo(stands.outs, visit.now()):
        return told.undo_late(visit, in_language, stands.newest)
    return _undo(visit, sent, in_language, stands)


def _undo(visit: Visit, sent: Body, in_language: str, stands: Standing) -> Response:
    if sent.kind in UNHEARD:
        return told.trouble(visit, in_language, undoing=True)
    if not sent.is_from_a_page:
        return told.out(visit, in_language, stands)
    decision = visit.decision("opt-in", sent, in_language, method="page")
    who, seen = (visit.link.workspace, visit.digest, SCOPE), stands.newest.seq
    if not visit.append_if([decision], lambda session: newest_seq(session, *who) == seen):
        return _ask(visit)
    return told.undone(visit, in_language, decision)


@blueprint.post("/u/<token>/pause")
def pause(token: str) -> Response:
    """An opt-out with an end, for somebody who is in, or is on a break already."""
    visit = _open(lambda: Visit.by(token))
    g.sent = sent = body()
    stands = visit.standing()
    in_language = language(
        visit.workspace.language, stands.newest.language if stands else None, sent.language
    )
    if stands is not None and stands.newest.choice == "opt-out" and stands.until is None:
        return told.out(visit, in_language, stands)
    if sent.kind in UNHEARD:
        return told.trouble(visit, in_language, undoing=False)
    months = sent.fields.get("months", "")
    if months not in map(str, visit.workspace.pauses):
        return told.asking(visit, in_language)
    if is_off_there(visit):
        # Nobody who is out at Synerise is switched on by the end of a break: what they ask for is to stay out.
        return told.done(visit, in_language, visit.decide("opt-out", sent, in_language))
    until = end_of(int(months), visit.now(), visit.workspace.time_zone)
    return told.paused(visit, in_language, visit.decide("opt-out", sent, in_language, until=until), until)


@blueprint.get("/u/<token>/reason")
@blueprint.get("/u/<token>/pause")
@blueprint.get("/u/<token>/undo")
def undo_again(token: str) -> Response:
    """Whoever reloads such a page, or follows its address, sees where they stand. Never writes."""
    return ask(token)


@blueprint.get("/u/<token>/record")
def record(token: str) -> Response:
    visit = _open(lambda: Visit.by(token))
    stands = visit.standing()
    in_language = language(visit.workspace.language, stands.newest.language if stands else None)
    return told.record(visit, in_language, stands)


@blueprint.errorhandler(LedgerUnavailable)
def unavailable(_error: LedgerUnavailable) -> Response:
    """Nothing is called done that is not: 503, honest words, and the same button again."""
    REFUSED.labels("unavailable").inc()
    visit: Visit = g.visit
    sent = g.get("sent")
    if sent is not None and sent.page is None and request.endpoint in _PRESSES:
        return told.unavailable_line()
    in_language = language(visit.workspace.language, asked=sent.language if sent else None)
    return told.trouble(visit, in_language, undoing=request.endpoint == "optout.undo")


def _open(opened: Callable[[], Visit]) -> Visit:
    """The visit, also for the error handler; BadLink goes on to the page for it."""
    try:
        g.visit = visit = opened()
    except BadLink:
        REFUSED.labels("bad-link").inc()
        raise
    return visit
