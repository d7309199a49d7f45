"""Where one picks what to work on: a template of the list of them, a language."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may
from resign.console.desk import desk
from resign.console.themes.asked import brand_of
from resign.console.themes.drafts import standing
from resign.themes.source import changeable

blueprint = Blueprint("picking", "resign.console")
_FIRST = ("layout.html", "optout.html", "done.html", "out.html", "preferences.html", "fragments.html")


@blueprint.get("/console/themes/<workspace>/texts")
@may("marketer")
def texts(workspace: str) -> Answer:
    """In the language that the workspace's pages fall back on."""
    brand_of(workspace)
    return redirect(url_for("editing.texts", workspace=workspace, tongue=desk().languages[workspace]), 303)


@blueprint.get("/console/themes/<workspace>/templates")
@may("marketer")
def templates(workspace: str) -> str:
    brand_of(workspace)
    with desk().database.reading() as session:
        now = standing(session, workspace)
    rows = [*_FIRST, *sorted(changeable() - set(_FIRST))]
    return render_template("themes/templates.html", workspace=workspace, now=now, rows=rows)
