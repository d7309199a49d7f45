"""What staff did and looked at: the newest first, page by page, and only of workspaces that whoever asks looks after."""

import json

from flask import Blueprint, render_template, request

from resign.console.access import may, mine, who
from resign.console.desk import desk
from resign.console.spoken import mark, say
from resign.staff import deeds
from resign.staff.roles import EVERYWHERE
from resign.staff.tables import Deed

blueprint = Blueprint("audit", "resign.console")

_MOST_DIGITS = 18


@blueprint.get("/console/deeds")
@may("admin")
def history() -> str:
    asked = {name: request.args.get(name, "").strip()[:64] for name in ("name", "action", "workspace")}
    wanted = {name: value.replace("\x00", "") or None for name, value in asked.items()}
    within = None if who().may({"admin"}, EVERYWHERE) else mine("admin")
    with desk().database.reading() as session:
        page = deeds.deeds(
            session, name=wanted["name"], action=wanted["action"], workspace=wanted["workspace"],
            within=within, before=_number(request.args.get("before", "")),
        )  # fmt: skip
    return render_template(
        "accounts/deeds.html", page=page, asked=asked, details=_details, workspaces=mine("admin")
    )


def _details(deed: Deed) -> list[tuple[str, str]]:
    found = json.loads(deed.detail) if deed.detail else {}
    return [(name, _plain(value)) for name, value in found.items()]


def _plain(value: object) -> str:
    """As it is read, and not as it is written in a program."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items()) or say(mark("none"))
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or say(mark("none"))
    if isinstance(value, bool):
        return say(mark("yes")) if value else say(mark("no"))
    return str(value)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
