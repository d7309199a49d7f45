"""The list of templates that a theme may have one of its own for."""

from flask import Blueprint, render_template

from resign.console.access import may
from resign.console.desk import desk
from resign.console.themes.asked import brand_of
from resign.console.themes.drafts import standing
from resign.themes.source import changeable

blueprint = Blueprint("picking", "resign.console")
_FIRST = ("layout.html", "optout.html", "done.html", "out.html", "preferences.html", "fragments.html")


@blueprint.get("/console/themes/<workspace>/templates")
@may("marketer")
def templates(workspace: str) -> str:
    brand_of(workspace)
    with desk().database.reading() as session:
        now = standing(session, workspace)
    rows = [*_FIRST, *sorted(changeable() - set(_FIRST))]
    return render_template("themes/templates.html", workspace=workspace, now=now, rows=rows)
