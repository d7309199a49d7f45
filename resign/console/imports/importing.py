"""One import: what was found, what taking it in would do, how far it is, what became of each row, and taking it back."""

import re
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.desk import desk
from resign.console.exports.file import file_of
from resign.console.guard import check_mark
from resign.console.imports.refused import is_english
from resign.console.imports.sampled import told_rows
from resign.console.imports.uploading import shelf_of_files
from resign.console.imports.worded import (
    BEFORE,
    KEPT_AS_IT_IS,
    REMEDIES,
    STATES,
    TAKEN_BACK,
    TAKEN_BACK_REMEDIES,
    WHY,
    Count,
    of_changes,
    sorted_counts,
)
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.imports import batches
from resign.imports.suggesting import times_in
from resign.imports.tables import ImportBatch
from resign.staff.audit import note

blueprint = Blueprint("importing", "resign.console")

_ORDERS = {"run": batches.run, "pause": batches.pause, "resume": batches.resume, "stop": batches.stop}
_UNDER_WAY = ("checking", "running", "reversing")
_A_PAGE = 50
_NUMBER = re.compile("[0-9]{1,17}")
_BLOCK = 64 * 1024
_MOST_OF_AN_EVIDENCE = 500


@blueprint.get("/console/imports/<uuid:number>")
@may("operator")
def one(number: UUID) -> str:
    batch = found(number)
    with desk().database.reading() as session:
        twin = batches.same_content(session, batch.workspace, batch.sha256, but=batch.id)
    counts = batches.counts_of(batch)
    expected = batches.expected_rows(batch)
    return render_template(
        "imports/import.html", batch=batch, states=STATES, shape=batches.shape_of(batch), twin=twin,
        when=batches.mapping_of(batch).when, times=times_in(batches.shape_of(batch).columns), is_english=is_english,
        remedies=REMEDIES, back_remedies=TAKEN_BACK_REMEDIES,
        recorded=Count.of(counts, ("recorded", batches.MATCHED)), kept=sorted_counts(counts, KEPT_AS_IT_IS),
        refused=sorted_counts(counts, set(WHY) - set(KEPT_AS_IT_IS) - {"recorded", batches.MATCHED}),
        why=WHY, rows=batches.rows_of(batch), expected=expected, changes=of_changes(batches.changes_of(batch)),
        before=BEFORE, taken_back=sorted_counts(batches.taken_back_of(batch), TAKEN_BACK), back=TAKEN_BACK,
        under_way=batch.state in _UNDER_WAY, reversible=batch.state in batches.REVERSIBLE,
        rejects=shelf_of_files().rejects(number).exists(),
    )  # fmt: skip


@blueprint.post("/console/imports/<uuid:number>/<any(run, pause, resume, stop):order>")
@may("operator")
def act(number: UUID, order: str) -> Answer:
    check_mark()
    found(number)
    try:
        with desk().database.writing() as session:
            _ORDERS[order](session, who(), number, desk().clock.now())
            session.commit()
    except batches.NotNow:
        raise Problem(
            409, mark("The import is in another state by now. Nothing was done; look again.")
        ) from None
    return redirect(url_for("importing.one", number=number), 303)


@blueprint.get("/console/imports/<uuid:number>/reverse")
@may("operator")
def ask_to_reverse(number: UUID) -> str:
    batch = found(number)
    if batch.state not in batches.REVERSIBLE:
        raise Problem(409, mark("The import is in another state by now. Nothing was done; look again."))
    return render_template(
        "imports/reverse.html", batch=batch, changes=of_changes(batches.changes_of(batch)), before=BEFORE
    )


@blueprint.post("/console/imports/<uuid:number>/reverse")
@may("operator")
def reverse(number: UUID) -> Answer:
    check_mark()
    found(number)
    agreed = request.form.get("agreed", "").replace("\x00", "").strip()[:_MOST_OF_AN_EVIDENCE] or None
    try:
        with desk().database.writing() as session:
            batches.reverse(session, who(), number, desk().clock.now(), agreed=agreed)
            session.commit()
    except batches.NotNow:
        raise Problem(
            409, mark("The import is in another state by now. Nothing was done; look again.")
        ) from None
    return redirect(url_for("importing.one", number=number), 303)


@blueprint.get("/console/imports/<uuid:number>/rows")
@may("operator")
def rows(number: UUID) -> str:
    batch = found(number)
    verdict = request.args.get("verdict") if request.args.get("verdict") in WHY else None
    after = int(given) if _NUMBER.fullmatch(given := request.args.get("after", "")) else 0
    with desk().database.reading() as session:
        listed = batches.rows(session, number, verdict=verdict, after=after, most=_A_PAGE)
        told = told_rows(session, listed)
    return render_template(
        "imports/rows.html", batch=batch, told=told, why=WHY, back=TAKEN_BACK, verdict=verdict,
        remedies=REMEDIES, back_remedies=TAKEN_BACK_REMEDIES,
        behind=listed[-1].number if len(listed) == _A_PAGE else None,
    )  # fmt: skip


@blueprint.get("/console/imports/<uuid:number>/rejects")
@may("operator")
def rejects(number: UUID) -> Answer:
    """Addresses in clear, as they stood in the file; who took it is noted."""
    batch = found(number)
    path = shelf_of_files().rejects(number)
    if not path.exists():
        raise Problem(404, mark("There are no rejects, or no more. They are kept for 30 days."))
    now = desk().clock.now()
    with desk().database.writing() as session:
        note(session, who(), "took-rejects", now, workspace=batch.workspace, subject=None, batch=str(number))
        session.commit()
    file = path.open("rb")
    answer = file_of("rejects", now, "csv", iter(lambda: file.read(_BLOCK), b""), path.stat().st_size)
    answer.call_on_close(file.close)
    return answer


def found(number: UUID) -> ImportBatch:
    """Raises Problem where there is none, or it is of a workspace that is not theirs."""
    with desk().database.reading() as session:
        batch = batches.one(session, number, mine("operator"))
        if batch is None:
            raise Problem(404, mark("There is no such import."))
        session.expunge(batch)
    return batch
