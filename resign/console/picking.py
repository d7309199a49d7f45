"""The list of templates that a theme may have one of its own for."""

from flask import Blueprint, render_template

from resign.console.asked import brand_of
from resign.console.desk import desk
from resign.console.drafts import standing
from resign.themes.source import changeable

blueprint = Blueprint("picking", "resign.console")
_FIRST = ("layout.html", "optout.html", "done.html", "out.html", "preferences.html", "fragments.html")


@blueprint.get("/console/themes/<workspace>/templates")
def templates(workspace: str) -> str:
    brand_of(workspace)
    with desk().database.reading() as session:
        now = standing(session, workspace)
    rows = [*_FIRST, *sorted(changeable() - set(_FIRST))]
    return render_template("templates.html", workspace=workspace, now=now, rows=rows)
