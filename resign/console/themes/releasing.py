"""From the draft to what people see: the difference, the check, and publishing with a note."""

import dataclasses
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.spoken import mark
from resign.console.themes import worded
from resign.console.themes.asked import TOO_LONG, brand_of
from resign.console.themes.asked import note as asked_note
from resign.console.themes.drafts import Standing, discard, standing
from resign.console.themes.jobs import Job, Kind, Put
from resign.console.themes.outcome import noted, outcome
from resign.staff import audit
from resign.themes.changes import changes
from resign.themes.contexts import PAGE_NAMES
from resign.themes.fault import Fault
from resign.themes.manifest import FILE
from resign.themes.publishing import Prepared, Refused, prepare, prepare_again, put, store
from resign.themes.source import STYLE, ThemeSource, changeable
from resign.themes.tables import MOST_NOTE
from resign.themes.templates import template_of
from resign.themes.versions import Version, add, history

blueprint = Blueprint("releasing", "resign.console")
_TRIES = 3
_MOVED = mark("The draft was saved again since this page was opened. Look at the difference once more.")


@blueprint.get("/console/themes/<workspace>/publish")
@may("marketer")
def publish_page(workspace: str) -> Answer:
    brand_of(workspace)
    return _page(workspace, _standing(workspace))


@blueprint.get("/console/themes/<workspace>/status")
@may("marketer")
def status(workspace: str) -> Response:
    brand_of(workspace)
    job = desk().jobs.newest(workspace)
    return jsonify(state=job.state if job else "none", seconds=round(job.lasts) if job else 0)


@blueprint.post("/console/themes/<workspace>/check")
@may("marketer")
def check(workspace: str) -> Answer:
    return _begin(workspace)


@blueprint.post("/console/themes/<workspace>/publish")
@may("marketer")
def publish(workspace: str) -> Answer:
    return _begin(workspace, publishing=True)


@blueprint.get("/console/themes/<workspace>/discard")
@may("marketer")
def ask_to_discard(workspace: str) -> Answer:
    brand_of(workspace)
    return _asks_to_discard(workspace, _standing(workspace))


@blueprint.post("/console/themes/<workspace>/discard")
@may("marketer")
def throw_away(workspace: str) -> Answer:
    check_mark()
    brand_of(workspace)
    with desk().database.writing() as session:
        # Only what this person has seen: somebody may have saved since.
        is_gone = discard(session, workspace, request.form.get("digest", ""))
        if is_gone:
            audit.note(session, who(), "discarded-draft", desk().clock.now(), workspace=workspace)
            desk().jobs.forget(workspace)
        session.commit()
    now = _standing(workspace)
    if now.draft and not is_gone:
        return _asks_to_discard(workspace, now, 409)
    return redirect(url_for("editing.look", workspace=workspace, discarded="yes"), 303)


def _asks_to_discard(workspace: str, now: Standing, status: int = 200) -> Answer:
    differences = changes(now.published, now.source)
    wrong = _MOVED if status == 409 else ""  # noqa: PLR2004 - as HTTP has it
    text = render_template(
        "themes/discard.html", workspace=workspace, now=now, differences=differences, wrong=wrong
    )
    return Response(text, status)


def _begin(workspace: str, *, publishing: bool = False) -> Answer:
    check_mark()
    brand = brand_of(workspace)
    now, note = _standing(workspace), asked_note()
    if len(note) > MOST_NOTE:
        return _page(workspace, now, 422, note=note, wrong=TOO_LONG)
    if publishing and request.form.get("digest") != now.source.digest:
        return _page(workspace, now, 409, note=note, wrong=_MOVED)
    here, source = desk(), now.source
    # Every page names its version, so it is made for the number that the version is going to have.
    with here.database.reading() as session:
        newest = next(iter(history(session, workspace)), None)
    expected = Version(
        id=0, workspace=workspace, number=newest.number + 1 if newest else 1, digest=source.digest, note=note,
        author=who().name, made_at=here.clock.now(),
    )  # fmt: skip

    def made() -> Prepared | Refused:
        return prepare(source, expected, brand, here.catalogues)

    kind: Kind = "publish" if publishing else "check"
    found = now.worn.publication if now.worn else 0
    job = Job(kind=kind, digest=source.digest, found=found, note=note)
    if not here.jobs.start(workspace, job, made, _put(workspace, source, note) if publishing else None):
        wrong = mark("A check is still running. Wait until it is through.")
        return _page(workspace, now, 409, note=note, wrong=wrong)
    return redirect(url_for("releasing.publish_page", workspace=workspace), 303)


def _put(workspace: str, source: ThemeSource, note: str) -> Put:
    """The version and its pages, which nobody sees; then in one transaction that it is worn, and nothing is left to publish.

    Where somebody has stored another version since, the pages are made once more: they name their own.
    """
    here, brand, by = desk(), brand_of(workspace), who()

    def finish(prepared: Prepared) -> int:
        for _ in range(_TRIES):
            at = here.clock.now()
            with here.database.writing() as session:
                version = add(session, workspace, source, note, by.name, at)
                is_its_own = prepared.version is not None and prepared.version.number == version.number
                if is_its_own:
                    session.commit()
            if is_its_own:
                stored = store(here.database.writing, dataclasses.replace(prepared, version=version))
                with here.database.writing() as session:
                    publication = put(session, workspace, stored, author=by.name, note=note, now=at)
                    discard(session, workspace, source.digest)
                    number = version.number
                    audit.note(session, by, "published-theme", at, workspace=workspace, version=number)
                    session.commit()
                return publication
            again = prepare_again(source, version, brand, here.catalogues)
            if isinstance(again, Refused):
                break
            prepared = again
        raise RuntimeError("the version's number was taken again and again")

    return finish


def _page(workspace: str, now: Standing, status: int = 200, *, note: str = "", wrong: str = "") -> Answer:
    newest = desk().jobs.newest(workspace)
    job = outcome(newest, now)
    rows = [(fault, _place(workspace, now.source, fault)) for fault in job.faults] if job else []
    text = render_template(
        "themes/publish.html",
        workspace=workspace, now=now, job=job, rows=rows, wrong=wrong, status=status,
        note=note or noted(newest, now),
        is_same=bool(job and job.digest == now.source.digest),
        differences=changes(now.published, now.source),
    )  # fmt: skip
    return Response(text, status)


def _place(workspace: str, source: ThemeSource, fault: Fault) -> str:
    """The field that a fault can be mended in."""
    sight: dict[str, Any] = {"page": fault.page, "language": fault.language} if fault.page else {}
    if fault.where.startswith("texts/"):
        tongue = fault.where.removeprefix("texts/").removesuffix(".toml")
        key = worded.at_line(source.files.get(fault.where, b"").decode("utf-8", "replace"), fault.line)
        if tongue in desk().catalogues.languages:
            return url_for("editing.texts", workspace=workspace, tongue=tongue, _anchor=key, **sight)
    if fault.where == STYLE:
        return url_for("editing.style", workspace=workspace, _anchor=_line(fault), **sight)
    name = fault.where.removeprefix("templates/").removeprefix("~/public/")
    page = next((page for page in PAGE_NAMES if page in {fault.where, fault.page}), None)
    if name not in changeable() and page and fault.where != FILE:
        name = template_of(page)[0]
    if name in changeable():
        return url_for("editing.template", workspace=workspace, name=name, _anchor=_line(fault), **sight)
    return url_for("editing.look", workspace=workspace, **sight)


def _line(fault: Fault) -> str:
    return f"line-{fault.line}" if fault.line else "own"


def _standing(workspace: str) -> Standing:
    with desk().database.reading() as session:
        return standing(session, workspace)
