"""What each column means, said by people: the form, a look at the first rows, and the file read otherwise."""

from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.imports.importing import found
from resign.console.imports.refused import said
from resign.console.imports.sampled import first_rows, values_in
from resign.console.imports.uploading import shelf_of_files, suggested
from resign.console.imports.worded import REMEDIES, WHY
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.imports import batches
from resign.imports.choices import OPT_IN, OPT_OUT, folded
from resign.imports.mapping import BadMapping, Column, RowMapping
from resign.imports.reading import Shape, Unreadable, recognise
from resign.imports.reading.xlsx_rows import sheet_names
from resign.imports.shelf import Kept
from resign.imports.suggesting import times_in
from resign.imports.tables import ImportBatch
from resign.profile import KINDS

blueprint = Blueprint("mapping", "resign.console")

_MOST_WORDS = 20
_OVERTAKEN = mark("The import is in another state by now. Nothing was done; look again.")
ENCODINGS = ("utf-8", "windows-1250", "windows-1252", "iso-8859-2", "utf-16")


@blueprint.get("/console/imports/<uuid:number>/mapping")
@may("operator")
def ask(number: UUID) -> str:
    batch, kept = _open(number)
    return _page(batch, kept, batches.shape_of(batch), batches.mapping_of(batch))


@blueprint.post("/console/imports/<uuid:number>/mapping")
@may("operator")
def change(number: UUID) -> Answer | tuple[str, int]:
    """`do` is `read` for another reading of the file, `look` for the preview alone, and otherwise checks it anew."""
    check_mark()
    batch, kept = _open(number)
    shape, mapping = batches.shape_of(batch), batches.mapping_of(batch)
    try:
        if request.form.get("do") == "read":
            shape = _read_otherwise(kept, request.form)
            mapping = suggested(kept, shape, desk().workspaces[batch.workspace])
        else:
            mapping = _mapping(request.form, str(desk().workspaces[batch.workspace].time_zone))
            mapping.fits(shape.columns)
            if request.form.get("do") == "look":
                return _page(batch, kept, shape, mapping), 200
        with desk().database.writing() as session:
            batches.read_otherwise(session, who(), number, shape, mapping, desk().clock.now())
            session.commit()
    except (Unreadable, BadMapping) as fault:
        return _page(batch, kept, shape, mapping, fault=said(fault)), 422
    except batches.NotNow:
        raise Problem(409, _OVERTAKEN) from None
    back = "mapping.ask" if request.form.get("do") == "read" else "importing.one"
    return redirect(url_for(back, number=number), 303)


def _open(number: UUID) -> tuple[ImportBatch, Kept]:
    batch = found(number)
    path = shelf_of_files().file(number)
    if batch.state not in {"checking", "checked"} or path is None:
        raise Problem(409, _OVERTAKEN)
    return batch, Kept(batch.id, batch.name, path, batch.sha256, batch.size)


def _page(batch: ImportBatch, kept: Kept, shape: Shape, mapping: RowMapping, fault: str | None = None) -> str:
    choice = mapping.choice if isinstance(mapping.choice, Column) else None
    meant: dict[str, list[str]] = {"opt-out": [], "opt-in": [], "request": [], "": []}
    if choice is not None:
        for value in list(values_in(kept.path, shape, choice.name))[:_MOST_WORDS]:
            meant[choice.values.get(folded(value), "")].append(value)
        own = {"opt-out": OPT_OUT, "opt-in": OPT_IN, "request": frozenset[str]()}
        for value, says in choice.values.items():
            if value not in own[says] and value not in map(folded, meant[says]):
                meant[says].append(value)
    own_names = [each.name for each in desk().workspaces[batch.workspace].agreements]
    return render_template(
        "imports/mapping.html", batch=batch, shape=shape, mapping=mapping, fault=fault, choice=choice, meant=meant,
        rows=first_rows(kept.path, shape, mapping), why=WHY, remedies=REMEDIES, times=times_in(shape.columns),
        sheets=_sheets(kept, shape), evidence=mapping.evidence if isinstance(mapping.evidence, tuple) else (), kinds=KINDS, encodings=ENCODINGS,
        agreements=("newsletter", *own_names), is_column=lambda each: isinstance(each, Column),
    )  # fmt: skip


def _sheets(kept: Kept, shape: Shape) -> list[str]:
    if shape.format != "xlsx":
        return []
    with suppress(Unreadable):
        return sheet_names(kept.path)
    return []


def _read_otherwise(kept: Kept, form: MultiDict[str, str]) -> Shape:
    shape = recognise(
        kept.path,
        format=form.get("format") or None,
        encoding=form.get("encoding") or None,
        delimiter={"tab": "\t"}.get(form.get("delimiter", ""), form.get("delimiter")) or None,
        sheet=form.get("sheet") or None,
    )
    if form.get("header") == "none" and shape.format in {"csv", "xlsx"}:
        numbered = tuple(f"column {place}" for place in range(1, len(shape.columns) + 1))
        return replace(shape, columns=numbered)
    return shape


def _mapping(form: MultiDict[str, str], zone: str) -> RowMapping:
    """Raises BadMapping, in words for whoever filled in the form."""
    identifiers = {kind: form[f"who-{kind}"] for kind in KINDS if form.get(f"who-{kind}")}
    if not identifiers:
        raise BadMapping(mark("Say which column names the person."))
    given: dict[str, Any] = {"identifiers": identifiers}
    agreement = form.get("agreement", "newsletter")
    if agreement == "column" and not form.get("agreement-column"):
        raise BadMapping(mark("Say which column names the agreement."))
    given["agreement"] = {"column": form.get("agreement-column", "")} if agreement == "column" else agreement
    choice = form.get("choice", "opt-out")
    if choice == "column" and not form.get("choice-column"):
        raise BadMapping(mark("Say which column holds the choice."))
    if choice == "column":
        out, into, asked = (_words(form.get(f"{name}-words", "")) for name in ("out", "in", "request"))
        given["choice"] = {
            "column": form.get("choice-column", ""),
            "opt-out": _words(form.get("out-words", ""), OPT_OUT, [*into, *asked]),
            "opt-in": _words(form.get("in-words", ""), OPT_IN, [*out, *asked]),
            "request": asked,
        }
    else:
        given["choice"] = choice
    if form.get("when"):
        given["when"] = {
            "column": form["when"],
            "zone": form.get("zone") or zone,
            "order": form.get("order", ""),
        }
    columns = [*dict.fromkeys(filter(None, form.getlist("evidence-column")))]
    if columns:
        given["evidence"] = {"columns": columns}
    elif form.get("evidence", "").strip():
        given["evidence"] = form["evidence"].strip()
    given |= {name: {"column": form[name]} for name in ("campaign", "language") if form.get(name)}
    if form.get("hash"):
        given["hash"] = form["hash"]
    return RowMapping.of(given)


def _words(typed: str, usual: frozenset[str] = frozenset(), others: list[str] | None = None) -> list[str]:
    """What was typed, with the usual words for it that were not given another meaning."""
    mine = [word.strip() for word in typed.replace("\n", ",").split(",") if word.strip()]
    taken = {folded(word) for word in others or ()}
    return mine + sorted(usual - taken)
