"""`/u/<token>/reason`: what somebody answers who is out already. It changes nothing, and may fail without harm."""

from flask import Blueprint, Response, g
from sqlalchemy.exc import SQLAlchemyError

from resign.ledger import reasons
from resign.public import told
from resign.public.asked import body, language
from resign.public.site import site
from resign.public.visit import Visit
from resign.settings import Workspace
from resign.themes.brand import REASONS

blueprint = Blueprint("reasons", __name__)


@blueprint.post("/u/<token>/reason")
def keep(token: str) -> Response:
    g.visit = visit = Visit.by(token)
    sent = body()
    in_language = language(visit.workspace.language, asked=sent.language)
    offered = _offered(visit.workspace)
    if not offered:
        return told.reason_late(visit, in_language, 404)
    words = _readable(sent.fields.get("words", ""))
    if len(words) > reasons.MOST_CHARACTERS:
        return told.reason_wrong(visit, in_language, words)
    chosen = sent.fields.get("reason", "")
    code = chosen if chosen in offered else None
    if code is None and not words:
        return told.reason_late(visit, in_language, 422)
    now = visit.now()
    try:
        with site().database.writing() as session:
            about = reasons.last_opt_out(session, visit.link.workspace, visit.digest, now)
            if about is not None:
                reasons.keep(session, about, code=code, words=words or None, language=in_language, now=now)
            session.commit()
    except (SQLAlchemyError, OSError):
        return told.reason_late(visit, in_language, 503)
    return told.reason_kept(visit, in_language) if about is not None else told.reason_late(visit, in_language)


def _offered(workspace: Workspace) -> tuple[str, ...]:
    return REASONS if workspace.reasons is None else tuple(workspace.reasons)


def _readable(typed: str) -> str:
    """Lines stay; whatever a terminal or a database could stumble over does not."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join(
        "".join(c for c in line if c.isprintable() and not "\ud800" <= c <= "\udfff") for line in lines
    )
    return kept.strip()
