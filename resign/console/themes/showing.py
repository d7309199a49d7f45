"""The preview's frames: a public page of a draft, which may do nothing in the console that it stands in."""

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as Answer

from resign.console.access import anybody, may
from resign.console.desk import desk
from resign.console.spoken import mark, say
from resign.console.themes.asked import brand_of, seen
from resign.console.themes.drafts import standing
from resign.console.themes.editing import BUSY
from resign.console.themes.previews import Busy, Shot
from resign.console.themes.told import told
from resign.themes.fault import Fault

blueprint = Blueprint("showing", "resign.console")
# A frame that cannot be shown its page says why; it must be allowed to stand in ours all the same.
_FRAMED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"


@blueprint.get("/console/themes/<workspace>/preview")
@may("marketer")
def draft(workspace: str) -> Answer:
    """As it was saved."""
    brand = brand_of(workspace)
    with desk().database.reading() as session:
        source = standing(session, workspace).source
    try:
        return _shown(desk().previews.shot(source, workspace, brand, seen(None, workspace).wanted))
    except Busy:
        return _said(503, say(BUSY))


@blueprint.get("/console/themes/<workspace>/preview/<name>")
@may("marketer")
def kept(workspace: str, name: str) -> Answer:
    """As it was typed a moment ago."""
    brand_of(workspace)
    shot = desk().previews.kept(name)
    if shot is None:
        return _said(404, say(mark("This preview is no longer there. Press Show again.")))
    return _shown(shot)


@blueprint.get("/u/<path:anything>")
@blueprint.get("/p/<path:anything>")
@blueprint.get("/u/")
@anybody
def nowhere(anything: str = "") -> Answer:  # noqa: ARG001 - where a link of a sample person seems to lead
    return _said(404, say(mark("Links and buttons do nothing in the preview.")))


def _shown(shot: Shot) -> Answer:
    if shot.body is None:
        return _said(422, say(mark("This page cannot be made as it stands.")), shot.faults)
    policy = shot.csp.replace("frame-ancestors 'none'", "frame-ancestors 'self'").replace(
        "form-action 'self'", "form-action 'none'"
    )
    return Response(shot.body, headers={"Content-Security-Policy": f"{policy}; sandbox"})


def _said(status: int, message: str, faults: tuple[Fault, ...] = ()) -> Answer:
    text = render_template(
        "themes/frame.html", message=message, faults=[(fault, told(fault)) for fault in faults]
    )
    return Response(text, status, headers={"Content-Security-Policy": _FRAMED})
