"""The list of imports, and bringing a file: it goes to the disk as it comes, and is checked before anything is written."""

import re
from contextlib import suppress
from itertools import islice
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.bounds import LARGE_FILES
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.imports.refused import said
from resign.console.imports.worded import STATES
from resign.console.problems import Problem
from resign.console.spoken import mark, say
from resign.imports import batches
from resign.imports.batches import Asked
from resign.imports.mapping import BadMapping, RowMapping
from resign.imports.reading import Row, Shape, Unreadable, read, recognise
from resign.imports.shelf import Kept, Shelf, TooLarge
from resign.imports.suggesting import suggest
from resign.settings import Workspace

blueprint = Blueprint("imports", "resign.console")

# What a browser brings in one go; more is for `resign import`.
MOST_UPLOADED = 512 * 1024 * 1024
_BESIDE = 64 * 1024  # the form's other fields
SAMPLE = 50
_A_PAGE = 50
_ORIGIN = re.compile("[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")


@blueprint.get("/console/imports")
@may("operator")
def imports() -> str:
    below = None
    with suppress(ValueError):
        below = UUID(request.args.get("below", ""))
    return _listed(below)


@blueprint.post("/console/imports")
@may("operator")
def bring() -> Answer | tuple[str, int]:
    """Only here may a body be so large, and only for whoever may import."""
    request.max_content_length = MOST_UPLOADED + _BESIDE
    folder = shelf_of_files().folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    request.environ[LARGE_FILES] = str(folder)
    try:
        check_mark()
        given = request.files.get("file")
    except RequestEntityTooLarge:
        raise Problem(
            413,
            mark(
                "The file is too large: 512 MB at most. Pack it with gzip, or use `resign import` at the shell."
            ),
        ) from None
    workspace = request.form.get("workspace", "")
    if workspace not in mine("operator"):
        raise Problem(404, mark("There is no page here."))
    if given is None or not given.filename:
        return _listed(None, fault=say(mark("Choose a file first."))), 422
    origin = request.form.get("origin", "").strip() or None
    if origin and not _ORIGIN.fullmatch(origin):
        return _listed(
            None, fault=say(mark("A system's name has up to 31 small letters, digits and hyphens."))
        ), 422
    shelf = shelf_of_files()
    kept = _kept(shelf, given)
    try:
        shape = recognise(kept.path)
        mapping = suggested(kept, shape, desk().workspaces[workspace])
        with desk().database.writing() as session:
            batches.begin(session, who(), kept, Asked(workspace, shape, mapping, origin), desk().clock.now())
            session.commit()
    except Unreadable as fault:
        shelf.throw_away(kept.id)
        return _listed(None, fault=said(fault)), 422
    except BaseException:
        shelf.throw_away(kept.id)
        raise
    return redirect(url_for("importing.one", number=kept.id), 303)


def shelf_of_files() -> Shelf:
    return Shelf(desk().settings.data_dir)


def suggested(kept: Kept, shape: Shape, workspace: Workspace) -> RowMapping:
    """Where nothing names people, the first column: then every row is refused until somebody says which it is."""
    sample = [row for row in islice(read(kept.path, shape), SAMPLE) if isinstance(row, Row)]
    own = [each.name for each in workspace.agreements]
    try:
        return suggest(shape, sample, own, str(workspace.time_zone))
    except BadMapping:
        return RowMapping(identifiers={"email": shape.columns[0]})


def _kept(shelf: Shelf, given: FileStorage) -> Kept:
    try:
        return shelf.keep(given.filename or "", cast("BinaryIO", given.stream), MOST_UPLOADED)
    except TooLarge:
        raise Problem(413, mark("The file is too large: 512 MB at most.")) from None


def _listed(below: UUID | None, fault: str | None = None) -> str:
    with desk().database.reading() as session:
        found = batches.listed(session, mine("operator"), below)
    rows = [(each, batches.rows_of(each)) for each in found]
    return render_template(
        "imports/imports.html", listed=rows, states=STATES, workspaces=mine("operator"), fault=fault,
        origin=request.form.get("origin", "")[:31] if request.method == "POST" else "",
        older=found[-1].id if len(found) >= _A_PAGE else None,
    )  # fmt: skip
