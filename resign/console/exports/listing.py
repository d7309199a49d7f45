"""Somebody's own exports: how far each has got, the file, and throwing it away."""

from typing import cast

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.desk import desk
from resign.console.exports.file import file_of
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.exports import shelf
from resign.exports.formats import Format

blueprint = Blueprint("exports", "resign.console")

STATES = {
    "waiting": mark("Waiting"),
    "running": mark("Being written"),
    "ready": mark("Ready"),
    "failed": mark("Failed: something is wrong here. Ask whoever runs this."),
    "expired": mark("Expired"),
}
FORMATS = {"csv": mark("CSV"), "excel": mark("CSV for Excel"), "jsonl": mark("JSON Lines")}


@blueprint.get("/console/exports")
@may("support", "marketer")
def exports() -> str:
    with desk().database.reading() as session:
        listed = shelf.theirs(session, who())
    return render_template("exports/exports.html", listed=listed, states=STATES, formats=FORMATS)


@blueprint.get("/console/exports/<int:number>")
@may("support", "marketer")
def download(number: int) -> Answer:
    with desk().database.writing() as session:
        try:
            export = shelf.take(session, who(), number, desk().clock.now())
        except shelf.NotAllowed:
            raise Problem(403, mark("Your roles do not cover all that is in this export any more.")) from None
        session.commit()
    if export is None:
        raise Problem(404, mark("There is no such export, or no more. Exports are kept for 24 hours."))
    parts = shelf.content(desk().database, export)
    return file_of("decisions", export.asked_at, cast("Format", export.format), parts, export.bytes)


@blueprint.post("/console/exports/<int:number>/delete")
@may("support", "marketer")
def delete(number: int) -> Answer:
    check_mark()
    with desk().database.writing() as session:
        gone = shelf.throw_away(session, who(), number, desk().clock.now())
        session.commit()
    if not gone:
        raise Problem(404, mark("There is no such export, or no more. Exports are kept for 24 hours."))
    return redirect(url_for("exports.exports"), 303)
