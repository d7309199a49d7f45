"""Reports: the overview of a workspace, a page for each report, and the same as CSV."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine
from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.reports.asked import PRESETS, Asked, asked_of
from resign.console.reports.file import file_of
from resign.console.reports.frame import Frame
from resign.console.reports.kinds import Kind, kind_of
from resign.console.reports.overview import overview
from resign.console.reports.searched import search_for
from resign.console.reports.shown import shown
from resign.console.spoken import mark, say
from resign.ledger import ALL
from resign.themes.brand import NEWSLETTER

blueprint = Blueprint("reports", "resign.console")


@blueprint.get("/console/reports")
@may("marketer", "operator", "support")
def reports() -> Answer:
    """The first workspace's; whoever only supports sees of the reports the bursts, which are theirs to judge."""
    for endpoint, workspaces in (
        ("reports.summary", mine("marketer", "operator")),
        ("bursts.bursts", mine("support")),
    ):
        if workspaces:
            return redirect(url_for(endpoint, workspace=workspaces[0]))
    raise Problem(404, mark("None of your workspaces is in the settings any more."))


@blueprint.get("/console/reports/<workspace>")
@may("marketer", "operator")
def summary(workspace: str) -> str:
    with desk().database.reading() as session:
        frame = Frame(session, workspace)
        found = overview(session, workspace, frame.today, desk().clock.now())
    return frame.around("overview", "marketer", "operator", overview=found)


@blueprint.get("/console/reports/<workspace>/<report>")
@may("marketer", "operator")
def page(workspace: str, report: str) -> str | tuple[str, int]:
    kind = kind_of(report)
    with desk().database.reading() as session:
        frame = Frame(session, workspace)
        asked = _asked(workspace, kind, frame)
        by, view = asked.by or kind.always_by, None
        if asked.span:
            figure = kind.ask(session, workspace, asked.span, asked, desk().clock.now())
            view = shown(figure, workspace, asked.span, say(kind.title), by)
    shown_page = frame.around(
        "report", "marketer", "operator",
        kind=kind, asked=asked, by=by, shown=view, agreements=_agreements(workspace), presets=PRESETS,
        search=search_for(workspace, by, asked.span),
    )  # fmt: skip
    return (shown_page, 422) if asked.faults else shown_page


@blueprint.get("/console/reports/<workspace>/<report>/csv")
@may("marketer", "operator")
def csv(workspace: str, report: str) -> Response:
    """All rows, also of those names that the page sums up as others."""
    kind = kind_of(report)
    with desk().database.reading() as session:
        asked = _asked(workspace, kind, Frame(session, workspace))
        if asked.span is None:
            raise Problem(422, mark("These days make no report. Go back and choose others."))
        figure = kind.ask(session, workspace, asked.span, asked, desk().clock.now())
    return file_of(figure, report, workspace, asked.span, asked)


def _asked(workspace: str, kind: Kind, frame: Frame) -> Asked:
    return asked_of(request.args, frame.today, kind.by, _agreements(workspace) if kind.agreement else ())


def _agreements(workspace: str) -> tuple[str, ...]:
    """Those that a report can be of alone. With one agreement there is no choice."""
    own = desk().workspaces[workspace].agreements
    return (NEWSLETTER, *(each.name for each in own), ALL) if own else ()
