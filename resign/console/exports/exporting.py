"""Asking for a file: of a search, at once or in the background; of a report, at once."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.desk import desk
from resign.console.exports.file import file_of
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.db import Database
from resign.exports.asking import Asked, NoReason, TooMany, few, note_taken, put_down
from resign.exports.columns import COLUMNS, lines
from resign.exports.figures import AskedFigure, NoSuchReport
from resign.exports.formats import format_of, written
from resign.reports.zones import Zones, stored_zones, zones_of
from resign.staff.audit import note

blueprint = Blueprint("exporting", "resign.console")
_ROWS_AT_ONCE = 500


@blueprint.post("/console/exports/search")
@may("support")
def of_search() -> Answer | tuple[str, int]:
    check_mark()
    try:
        asked = Asked.of(request.form)
    except NoReason:
        return render_template("exports/again.html", asked=request.form), 422
    covers, now = asked.covers(mine("support")), desk().clock.now()
    with desk().database.reading() as session:
        seqs = few(session, asked, covers, _digest_key, zones=zones_of(desk().workspaces))
    with desk().database.writing() as session:
        if seqs is None:
            _leave_to_the_worker(session, asked, covers, now)
        else:
            note_taken(session, who(), asked, covers, len(seqs), now)
        session.commit()
    if seqs is None:
        return redirect(url_for("exports.exports"), 303)
    return file_of("decisions", now, asked.form, _parts(desk().database, seqs, asked))


@blueprint.post("/console/exports/report")
@may("marketer", "operator")
def of_report() -> Answer:
    check_mark()
    workspace = request.form.get("workspace", "")
    if workspace not in mine("marketer", "operator"):
        raise Problem(404, mark("There is no page here."))
    form = format_of(request.form)
    with desk().database.reading() as session:
        now = desk().clock.now()
        zones = Zones(zones_of(desk().workspaces), stored_zones(session))
        try:
            asked = AskedFigure.of(request.form, zones.day_of(workspace, now))
        except NoSuchReport:
            raise Problem(422, mark("There is no such report. Nothing was exported.")) from None
        figure = asked.figure(session, workspace, desk().clock)
    with desk().database.writing() as session:
        note(session, who(), "exported-report", now, workspace=workspace, report=asked.report, rows=len(figure.rows), format=form)  # fmt: skip
        session.commit()
    content = "".join(written(figure.columns, figure.rows, form)).encode()
    return file_of(asked.report, now, form, [content], len(content))


def _leave_to_the_worker(session: Session, asked: Asked, covers: Sequence[str], now: datetime) -> None:
    try:
        put_down(session, who(), asked, covers, now)
    except TooMany:
        raise Problem(
            429, mark("You have as many exports waiting as one person may. Delete one, or wait for it.")
        ) from None


def _parts(database: Database, seqs: Sequence[int], asked: Asked) -> Iterator[bytes]:
    for start in range(0, len(seqs) or 1, _ROWS_AT_ONCE):
        with database.reading() as session:
            rows = lines(session, seqs[start : start + _ROWS_AT_ONCE], clear=asked.clear)
        yield "".join(written(COLUMNS, rows, asked.form, begins=start == 0)).encode()


def _digest_key(workspace: str) -> bytes:
    return desk().workspaces[workspace].digest_key.encode()
