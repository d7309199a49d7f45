"""Where the console begins: with the first of its parts that is for whoever is signed in."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import anybody, signed_in
from resign.console.problems import Problem
from resign.console.sections import mine_to_see
from resign.console.spoken import mark

blueprint = Blueprint("home", "resign.console")


@blueprint.get("/")
@anybody
def root() -> Answer:
    """The cookie does not come here."""
    return redirect(url_for("home.home"))


@blueprint.get("/console/")
@signed_in
def home() -> Answer:
    sections = mine_to_see()
    if not sections:
        raise Problem(403, mark("You have no role here yet. Ask whoever looks after the accounts."))
    return redirect(url_for(sections[0].endpoint))
