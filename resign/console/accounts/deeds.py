"""What staff did and looked at: the newest first, page by page, and only of workspaces that whoever asks looks after."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.spoken import mark, say
from resign.profile import KINDS, BadProfile, Profile
from resign.staff import deeds
from resign.staff.roles import EVERYWHERE
from resign.staff.tables import Deed

blueprint = Blueprint("audit", "resign.console")

_MOST_DIGITS, _MOST_LETTERS = 18, 64
_FIELDS = ("name", "action", "workspace", "from", "to", "person")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_NOBODY = "-"


@blueprint.get("/console/deeds")
@may("admin")
def history() -> str:
    asked = {name: request.args.get(name, "").strip()[:_MOST_LETTERS] for name in _FIELDS}
    wanted = {name: value.replace("\x00", "") or None for name, value in asked.items()}
    people = _people(request.args.getlist("person")) if asked["person"] else None
    within = None if who().may({"admin"}, EVERYWHERE) else mine("admin")
    last = _day(asked["to"])
    with desk().database.reading() as session:
        page = deeds.deeds(
            session, name=wanted["name"], action=wanted["action"], workspace=wanted["workspace"],
            subjects=people, since=_day(asked["from"]), until=last and _after(last),
            within=within, before=_number(request.args.get("before", "")),
        )  # fmt: skip
    kept: dict[str, object] = {**{name: value or None for name, value in asked.items()}, "person": people}
    return render_template(
        "accounts/deeds.html", page=page, asked=asked, details=_details, nobody=people == [_NOBODY],
        older=url_for("audit.history", before=page.older, **kept) if page.older else None,  # type: ignore[arg-type]
        person=_person,
    )  # fmt: skip


@blueprint.post("/console/deeds")
@may("admin")
def ask() -> Answer:
    """An address that is typed gets into no address line: its digests stand there, one for each workspace."""
    check_mark()
    asked: dict[str, object] = {
        name: request.form.get(name, "").strip()[:_MOST_LETTERS] or None for name in _FIELDS
    }
    typed = request.form.get("person", "").strip()
    return redirect(url_for("audit.history", **{**asked, "person": _digests(typed) if typed else None}), 303)  # type: ignore[arg-type]


def _people(given: Sequence[str]) -> list[str]:
    """As many digests as there are workspaces, for every kind of identifier; what is none is nobody's."""
    known = [each for each in given if _DIGEST.fullmatch(each)]
    return known[: len(KINDS) * len(desk().workspaces)] or [_NOBODY]


def _digests(typed: str) -> list[str]:
    """Of whatever identifier this can be, in the workspaces that whoever asks looks after; or the digest itself."""
    if _DIGEST.fullmatch(typed):
        return [typed]
    keys = [desk().workspaces[name].digest_key.encode() for name in mine("admin")]
    kinds = ("email",) if "@" in typed else KINDS
    found = (each.digest(key) for kind in kinds for each in _profiles(kind, typed) for key in keys)
    return list(dict.fromkeys(found)) or [_NOBODY]


def _profiles(kind: str, typed: str) -> list[Profile]:
    try:
        return [Profile.of(kind, typed)]
    except BadProfile:
        return []


def _person(deed: Deed) -> str | None:
    """The page of whom it was about, for whoever may see it."""
    workspace = deed.workspace or ""
    if deed.subject is None or workspace not in mine("support") or not _DIGEST.fullmatch(deed.subject):
        return None
    return url_for("person.person", workspace=workspace, digest=deed.subject)


def _details(deed: Deed) -> list[tuple[str, str]]:
    found = json.loads(deed.detail) if deed.detail else {}
    return [(name, _plain(value)) for name, value in found.items()]


def _plain(value: object) -> str:
    """As it is read, and not as it is written in a program."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items()) or say(mark("none"))
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or say(mark("none"))
    if isinstance(value, bool):
        return say(mark("yes")) if value else say(mark("no"))
    return str(value)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _day(text: str) -> datetime | None:
    """In UTC, as the times of the list are. What is no day is no filter: browsers send none."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return None


def _after(day: datetime) -> datetime:
    return day + timedelta(days=1) if day.date() < date.max else day
