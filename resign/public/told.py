"""What a person is told: one small function per page, each saying only what is true at that moment."""

from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from flask import Response

from resign.ids import reference
from resign.ledger import may_undo
from resign.outbox.standing import Standing
from resign.public import answer
from resign.public.site import site
from resign.public.visit import Visit
from resign.themes.contexts import (
    CONTEXTS,
    Asking,
    Context,
    Done,
    PageName,
    Paused,
    ReasonGiven,
    ReasonWrong,
    TroublePress,
    TroubleUndo,
    UndoLate,
    Undone,
)


class Decided(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def at(self) -> datetime: ...


def asking(visit: Visit, language: str) -> Response:
    context = Asking(
        link=visit.path,
        query=visit.query,
        masked=visit.masked,
        action=visit.path_to(),
        pause=visit.path_to("pause"),
        centre=visit.preferences,
    )
    return _page("optout", visit, language, context)


def done(visit: Visit, language: str, decision: Decided) -> Response:
    context = Done(
        **recorded(visit, language, decision),
        undo=visit.path_to("undo"),
        reason=visit.path_to("reason"),
        centre=visit.preferences,
    )
    return _page("done", visit, language, context)


def paused(visit: Visit, language: str, decision: Decided, until: datetime) -> Response:
    context = Paused(
        **recorded(visit, language, decision),
        until=site().catalogues.day(until, language),
        action=visit.path_to(),
        undo=visit.path_to("undo"),
    )
    return _page("paused", visit, language, context)


def out(visit: Visit, language: str, stands: Standing) -> Response:
    """Already out: the live truth, with the undo while it is still possible."""
    until = stands.until
    name = cast("PageName", f"rest-{stands.told}" if until else f"out-{stands.told}")
    fields = {
        **recorded(visit, language, stands.newest),
        "action": visit.path_to(),
        "centre": visit.preferences,
    }
    if until is not None:
        fields["until"] = site().catalogues.day(until, language)
    if stands.confirmed_at is not None:
        fields["confirmed_at"] = site().catalogues.moment(stands.confirmed_at, language)
    if may_undo(stands.outs, visit.now()):
        name = cast("PageName", f"{name}-undo")
        fields["undo"] = visit.path_to("undo")
        if until is None:
            fields["reason"] = visit.path_to("reason")
    return _page(name, visit, language, CONTEXTS[name](**fields))


def undone(visit: Visit, language: str, decision: Decided) -> Response:
    context = Undone(**recorded(visit, language, decision), action=visit.path_to())
    return _page("undone", visit, language, context)


def undo_late(visit: Visit, language: str, decision: Decided) -> Response:
    return _page("undo-late", visit, language, UndoLate(**recorded(visit, language, decision)), 409)


def record(visit: Visit, language: str, stands: Standing | None) -> Response:
    """The same truth as a text file to keep."""
    moment = site().catalogues.moment
    confirmed_at = stands.confirmed_at if stands else None
    fields = {
        "choice": stands.newest.choice if stands else None,
        "masked": visit.masked,
        "recorded_at": moment(stands.newest.at, language) if stands else None,
        "reference": reference(stands.newest.id) if stands else None,
        "until": site().catalogues.day(stands.until, language) if stands and stands.until else None,
        "confirmed_at": moment(confirmed_at, language) if confirmed_at else None,
        "made_at": moment(visit.now(), language),
    }
    response = answer.text(site().pages.record(language, visit.link.workspace, fields))
    response.headers["Content-Disposition"] = "attachment; filename=opt-out.txt"
    response.headers["Content-Language"] = language
    return response


def trouble(visit: Visit, language: str, *, undoing: bool) -> Response:
    """Nothing was recorded that we know of: the same button again, and what holds meanwhile."""
    if undoing:
        context: Context = TroubleUndo(link=visit.path, query=visit.query, undo=visit.path_to("undo"))
    else:
        context = TroublePress(link=visit.path, query=visit.query, action=visit.path_to())
    return _page("trouble-undo" if undoing else "trouble-press", visit, language, context, 503)


def unavailable_line() -> Response:
    response = answer.text("Not recorded: please try again in a minute.\n", 503)
    response.headers["Retry-After"] = answer.RETRY_AFTER
    return response


def reason_kept(visit: Visit, language: str) -> Response:
    return _page("reason-kept", visit, language, ReasonGiven(link=visit.path, query=visit.query))


def reason_late(visit: Visit, language: str, status: int = 409) -> Response:
    return _page("reason-late", visit, language, ReasonGiven(link=visit.path, query=visit.query), status)


def reason_wrong(visit: Visit, language: str, typed: str) -> Response:
    """All that was typed comes back, to be shortened."""
    context = ReasonWrong(link=visit.path, query=visit.query, reason=visit.path_to("reason"), typed=typed)
    return _page("reason-wrong", visit, language, context, 422)


def recorded(visit: Visit, language: str, decision: Decided) -> dict[str, str]:
    return {
        "link": visit.path,
        "query": visit.query,
        "masked": visit.masked,
        "recorded_at": site().catalogues.moment(decision.at, language),
        "reference": reference(decision.id),
        "record": visit.path_to("record"),
    }


def _page(name: PageName, visit: Visit, language: str, context: Context, status: int = 200) -> Response:
    return answer.page(name, visit.link.workspace, language, context, status)
