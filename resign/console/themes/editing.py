"""The editor: what somebody types is tried, shown, and saved as the workspace's draft; nobody's work is overwritten."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.console.themes import code, looking, pointing, worded
from resign.console.themes.asked import Seen, brand_of, files, seen
from resign.console.themes.drafts import Standing, standing
from resign.console.themes.merging import began_with, merged
from resign.console.themes.part import Changed, Faults, Part, Said
from resign.console.themes.previews import Busy
from resign.console.themes.told import said, told
from resign.console.themes.writing import pieces
from resign.themes.fault import Fault
from resign.themes.source import ThemeSource, changeable
from resign.themes.versions import StaleDraft, save_draft

blueprint = Blueprint("editing", "resign.console")
_TRIES = 3


@blueprint.get("/console/themes/<workspace>")
@blueprint.post("/console/themes/<workspace>")
@may("marketer")
def look(workspace: str) -> Answer:
    return _edit(workspace, looking.LookPart(), "themes/look.html")


@blueprint.get("/console/themes/<workspace>/texts/<tongue>")
@blueprint.post("/console/themes/<workspace>/texts/<tongue>")
@may("marketer")
def texts(workspace: str, tongue: str) -> Answer:
    if tongue not in desk().catalogues.languages:
        raise Problem(404, mark("There is no language of that name."))
    part = worded.TextsPart(tongue, request.form.getlist("besides"))
    return _edit(workspace, part, "themes/texts.html", tongue=tongue)


@blueprint.get("/console/themes/<workspace>/templates/<name>")
@blueprint.post("/console/themes/<workspace>/templates/<name>")
@may("marketer")
def template(workspace: str, name: str) -> Answer:
    if name not in changeable():
        raise Problem(404, mark("There is no template of that name."))
    return _edit(workspace, code.template_part(name), "themes/template.html", name=name)


@blueprint.get("/console/themes/<workspace>/style")
@blueprint.post("/console/themes/<workspace>/style")
@may("marketer")
def style(workspace: str) -> Answer:
    return _edit(workspace, code.style_part(), "themes/style.html")


def _edit(workspace: str, part: Part, page: str, **more: Any) -> Answer:  # noqa: ANN401 - what the page shows besides
    brand_of(workspace)
    sight = seen(part, workspace)
    if request.method == "GET":
        now = _standing(workspace)
        return _page(page, workspace, part, now, sight, values=part.shown(now.source), **more)
    check_mark()
    if request.form.get("do") == "preview":
        return _preview(workspace, part, sight)
    return _answer(page, workspace, part, sight, more)


def _answer(page: str, workspace: str, part: Part, sight: Seen, more: dict[str, Any]) -> Answer:
    """Saves, or only shows; what was typed is on the page that comes, whatever is wrong with it."""
    typed, uploaded = request.form, files()
    for _ in range(_TRIES):
        now = _standing(workspace)
        both = merged(part, now.source, typed, uploaded)
        shown: dict[str, Any] = {
            "values": both.values,
            "theirs": both.theirs,
            "held": looking.held(typed, uploaded),
            **more,
        }
        if typed.get("do") == "start" and "name" in more:
            shown["values"] = {code.FIELD: code.skeleton(more["name"])}
            return _page(page, workspace, part, now, sight, **shown)
        if typed.get("do") == "show":
            src, _, faults = _shot(workspace, part, both.changed, sight)
            return _page(page, workspace, part, now, sight, **shown, src=src, faults=faults)
        if faults := both.changed.faults or _wrong(workspace, part, both.changed, sight):
            return _page(page, workspace, part, now, sight, 422, **shown, faults=faults)
        if both.theirs:
            break
        revision = _save(workspace, now, both.changed.source)
        if revision is not None:
            return redirect(_address(sight, saved=revision), 303)
    return _page(page, workspace, part, now, sight, 409, **shown)


def _save(workspace: str, seen: Standing, source: ThemeSource) -> int | None:
    """The draft's revision; None where somebody saved since `seen` was looked at, so that it has to be tried again."""
    with desk().database.writing() as session:
        now = standing(session, workspace)
        if now.source.digest != seen.source.digest:
            return None
        if source.digest == now.source.digest:
            return now.revision
        try:
            at = desk().clock.now()
            revision = save_draft(session, workspace, source, now.revision, who().name, at)
        except StaleDraft:
            return None
        session.commit()
    return revision


def _preview(workspace: str, part: Part, sight: Seen) -> Response:
    """What the page's script asks for: the address of what was typed, as it would look, and what is wrong with it."""
    changed = merged(part, _standing(workspace).source, request.form, files()).changed
    src, busy, faults = _shot(workspace, part, changed, sight)
    listed = [
        {"field": field, "line": each.line, "pieces": pieces(each.text), "english": each.english}
        for field, found in faults.items()
        for each in found
    ]
    answer = jsonify(src=src, busy=busy, faults=listed)
    answer.status_code = 503 if busy else 200
    return answer


def _shot(workspace: str, part: Part, changed: Changed, sight: Seen) -> tuple[str, bool, Faults]:
    """The address of the preview, empty where there is none; whether too much is going on; what is wrong."""
    try:
        shot = desk().previews.shot(changed.source, workspace, brand_of(workspace), sight.wanted)
    except Busy:
        return "", True, {**changed.faults, "preview": [said(BUSY)]}
    faults = dict(changed.faults)
    for fault in shot.faults:
        faults.setdefault(_field(part, changed, fault) or "preview", []).append(_told(part, fault))
    name = desk().previews.keep(shot)
    return url_for("showing.kept", workspace=workspace, name=name), False, faults


def _wrong(workspace: str, part: Part, changed: Changed, sight: Seen) -> Faults:
    """What keeps this tab's file from being saved; what is wrong elsewhere is not in its way."""
    pages = list(dict.fromkeys([*part.pages, sight.wanted.page]))
    try:
        built = desk().previews.tried(
            changed.source, workspace, brand_of(workspace), pages, [sight.wanted.language]
        )
    except Busy:
        return {part.field: [said(BUSY)]}
    faults: Faults = {}
    for fault in built.faults:
        if field := _field(part, changed, fault):
            faults.setdefault(field, []).append(_told(part, fault))
    return faults


def _field(part: Part, changed: Changed, fault: Fault) -> str | None:
    """The field that a fault stands at; None for one that other files have."""
    if fault.where not in part.paths:
        elsewhere = fault.where in changed.source.files or not isinstance(part, code.CodePart)
        return None if elsewhere else part.field
    if fault.where.startswith("texts/"):
        text = changed.source.files.get(fault.where, b"").decode("utf-8", "replace")
        return worded.at_line(text, fault.line) or part.field
    return part.field


def _told(part: Part, fault: Fault) -> Said:
    """Only what is typed as a whole shows its lines."""
    return told(fault, with_line=isinstance(part, code.CodePart) and fault.where in part.paths)


def _standing(workspace: str) -> Standing:
    with desk().database.reading() as session:
        return standing(session, workspace)


def _page(
    page: str,
    workspace: str,
    part: Part,
    now: Standing,
    sight: Seen,
    status: int = 200,
    **shown: Any,  # noqa: ANN401 - what the page shows besides
) -> Answer:
    saved = request.args.get("saved") == str(now.revision) and now.draft is not None
    src = shown.pop("src", "") or url_for("showing.draft", workspace=workspace, **sight.query())
    labels, there = part.labels(now.source), {"faults": {}, "theirs": {}, "held": "", **shown}
    text = render_template(
        page,
        workspace=workspace, part=part, now=now, seen=sight, src=src, saved=saved, status=status,
        was=began_with(part.shown(now.source)), labels=labels, first_marked=pointing.first_of(labels, there["faults"], there["theirs"]), **there,
    )  # fmt: skip
    return Response(text, status)


def _address(sight: Seen, **more: object) -> str:
    if request.args.get("q"):
        more["q"] = request.args["q"]
    values: dict[str, Any] = {**(request.view_args or {}), **sight.query(), **more}
    return url_for(str(request.endpoint), **values)


BUSY = mark("Too many pages are being made at this moment. Try again in a few seconds.")
