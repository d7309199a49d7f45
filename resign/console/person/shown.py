"""The page as the person saw it when they pressed, rendered again, in a frame where nothing can be pressed."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.console.access import may
from resign.console.desk import desk
from resign.console.noting import noted_once
from resign.console.person.opening import ONCE_IN
from resign.console.problems import Problem
from resign.console.spoken import mark, say
from resign.evidence.as_shown import AsShown, CannotShow, as_shown, title_of
from resign.evidence.frame import policy
from resign.ids import reference
from resign.ledger.tables import Decision

blueprint = Blueprint("shown", "resign.console")
# The sentences of resign.evidence.as_shown, for the catalogue.
REASONS = (
    mark("it was made without a page of ours: by a mail program's own button, or not by the person"),
    mark("the page's text is not kept: it was none of ours, or older than the release that took the press"),
    mark("the kept text is not the one that the decision names: it was changed in the database"),
    mark("the address was deleted by retention, so that only the page's text is left"),
    mark("what stood there does not follow from the ledger: %(names)s"),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """The decision and its page; or in words why there is none."""

    decision: Decision
    page: AsShown | None
    why_not: str = ""


@blueprint.get("/console/people/<workspace>/<digest>/shown/<uuid:decision>")
@may("support")
def page(workspace: str, digest: str, decision: UUID) -> str:
    looked = _look(workspace, digest, decision)
    noted_once("opened-person", ONCE_IN, workspace=workspace, subject=digest)
    return render_template(
        "person/shown.html", workspace=workspace, digest=digest, looked=looked, reference=reference
    )


@blueprint.get("/console/people/<workspace>/<digest>/shown/<uuid:decision>/frame")
@may("support")
def frame(workspace: str, digest: str, decision: UUID) -> Response:
    looked = _look(workspace, digest, decision)
    if looked.page is None:
        raise Problem(404, mark("There is no page here."))
    content = looked.page.without_the_link
    kind = "text/html; charset=utf-8"
    return Response(content, content_type=kind, headers={"Content-Security-Policy": policy(content)})


def _look(workspace: str, digest: str, number: UUID) -> Looked:
    """Raises Problem where this person made no such decision."""
    with desk().database.reading() as session:
        decision = _decision(session, workspace, digest, number)
        try:
            title = title_of(desk().workspaces[workspace], decision, desk().catalogues)
            return Looked(decision, as_shown(session, decision, desk().links, desk().catalogues, title))
        except CannotShow as reason:
            return Looked(decision, None, say(reason.reason, **reason.values))


def _decision(session: Session, workspace: str, digest: str, number: UUID) -> Decision:
    theirs = select(Decision).where(
        Decision.id == number, Decision.workspace == workspace, Decision.digest == digest
    )
    found = session.scalar(theirs)
    if found is None:
        raise Problem(404, mark("There is no page here."))
    return found
