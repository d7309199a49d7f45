"""The workspaces that somebody looks after: what each wears, what is being worked on, and all its versions."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark, say
from resign.console.themes.asked import TOO_LONG, brand_of
from resign.console.themes.asked import note as asked_note
from resign.console.themes.drafts import Standing, files_of, standing
from resign.console.themes.jobs import Job
from resign.staff import audit
from resign.themes.changes import Change, changes
from resign.themes.kept import kept
from resign.themes.publishing import SHIPPED, Prepared, is_prepared, prepare_again, put, store
from resign.themes.source import ThemeSource
from resign.themes.tables import MOST_NOTE
from resign.themes.versions import (
    NoSuchVersion,
    Version,
    Worn,
    history,
    publications,
    source_of,
    version,
    worn,
)

blueprint = Blueprint("listing", "resign.console")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A version, or the shipped look where there is none; `published`: when it was put on last."""

    number: int
    version: Version | None
    published: Worn | None
    is_worn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    workspace: str
    sender: str
    now: Standing
    rows: list[Row]
    fallen: str


@blueprint.get("/console/themes")
@may("marketer")
def themes() -> str:
    with desk().database.reading() as session:
        shelves = [_shelf(session, workspace) for workspace in mine("marketer")]
    return render_template("themes/themes.html", shelves=shelves)


@blueprint.get("/console/themes/<workspace>/wear/<int:number>")
@may("marketer")
def ask(workspace: str, number: int) -> Answer:
    brand_of(workspace)
    return _asks(workspace, number)


def _asks(workspace: str, number: int, status: int = 200, *, note: str = "", wrong: str = "") -> Answer:
    with desk().database.reading() as session:
        now = standing(session, workspace)
        row = next((row for row in _rows(session, workspace) if row.number == number), None)
        if row is None:
            raise Problem(404, mark("There is no version of that number."))
        files = files_of(session, workspace, number) if number else ThemeSource({})
    differences: list[Change] = changes(now.published, files)
    text = render_template(
        "themes/wear.html",
        workspace=workspace, now=now, row=row, differences=differences, note=note, wrong=wrong,
    )  # fmt: skip
    return Response(text, status)


@blueprint.post("/console/themes/<workspace>/wear/<int:number>")
@may("marketer")
def wear(workspace: str, number: int) -> Answer:
    """At once where the version's pages are there; else they are made first, which takes seconds."""
    check_mark()
    brand = brand_of(workspace)
    typed = asked_note()
    if len(typed) > MOST_NOTE:
        return _asks(workspace, number, 422, note=typed, wrong=TOO_LONG)
    note = typed or say(mark("rolled back"))
    if number == 0:
        _put(workspace, SHIPPED, note, number)
        return redirect(url_for("listing.themes"), 303)
    try:
        with desk().database.reading() as session:
            named = version(session, workspace, number)
            ready = is_prepared(session, named, brand, desk().catalogues)
            source, present = source_of(session, workspace, number), worn(session, workspace)
    except NoSuchVersion:
        raise Problem(404, mark("There is no version of that number.")) from None
    if ready:
        _put(workspace, ready, note, number)
        return redirect(url_for("listing.themes"), 303)
    here, by = desk(), who()  # in its thread nobody is signed in

    def finish(prepared: Prepared) -> int:
        at = here.clock.now()
        stored = store(here.database.writing, prepared)
        with here.database.writing() as session:
            publication = put(session, workspace, stored, author=by.name, note=note, now=at)
            audit.note(session, by, "rolled-back-theme", at, workspace=workspace, version=number)
            session.commit()
        return publication

    job = Job(kind="wear", digest=source.digest, found=present.publication if present else 0)
    here.jobs.start(workspace, job, lambda: prepare_again(source, named, brand, here.catalogues), finish)
    return redirect(url_for("releasing.publish_page", workspace=workspace), 303)


def _put(workspace: str, prepared: Prepared, note: str, number: int) -> None:
    """`number` is the version's; 0 is the shipped look."""
    at = desk().clock.now()
    with desk().database.writing() as session:
        put(session, workspace, prepared, author=who().name, note=note, now=at)
        audit.note(session, who(), "rolled-back-theme", at, workspace=workspace, version=number)
        session.commit()


def _shelf(session: Session, workspace: str) -> Shelf:
    now = standing(session, workspace)
    return Shelf(
        workspace=workspace,
        sender=desk().brands[workspace].sender.name,
        now=now,
        rows=_rows(session, workspace),
        fallen=_fallen(session, workspace, now),
    )


def _rows(session: Session, workspace: str) -> list[Row]:
    """The newest first, the shipped look last."""
    all_of_them = publications(session, workspace)
    last: dict[int, Worn] = {}
    for each in reversed(all_of_them):
        last[each.version.number if each.version else 0] = each
    newest = all_of_them[0].version if all_of_them else None
    present = newest.number if newest else 0
    versions: list[Version | None] = [*history(session, workspace), None]
    numbered = [(each.number if each else 0, each) for each in versions]
    return [
        Row(number=number, version=each, published=last.get(number), is_worn=number == present)
        for number, each in numbered
    ]


def _fallen(session: Session, workspace: str, now: Standing) -> str:
    """Why shipped pages stand in for the published theme's; empty where none do."""
    if now.worn is None or now.worn.version is None:
        return ""
    there = kept(session, now.worn.version, desk().bases[workspace], desk().catalogues)
    if there.damaged:
        name, tongue = there.damaged[0]
        return say(
            mark("%(count)d of its pages are damaged in the database, %(page)s in %(language)s first. Publish it again."),
            count=len(there.damaged), page=name, language=tongue,
        )  # fmt: skip
    if there.missing:
        return say(
            mark("%(count)d of its pages are not made yet for this release or these settings. The web process makes them within a minute; if this stays, publish it again."),
            count=len(there.missing),
        )  # fmt: skip
    return ""
