"""The page on which operators see what is set, and which keys sign and open. A secret's value is never here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask import Blueprint, render_template

from resign.console.access import may, mine
from resign.console.desk import desk
from resign.console.spoken import mark, say
from resign.settings import SETTINGS
from resign.settings.model import Setting
from resign.settings.parse import KeyRing

blueprint = Blueprint("settings", "resign.console")
_MOST_LETTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One setting: what it is called, what it means (as the docs have it, in English), and what it is."""

    variable: str
    meaning: str
    value: str
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A link key by its name; the newest of a ring signs, and all of it opens."""

    name: str
    signs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    workspace: str
    keys: list[Key]
    rows: list[Seen]


@blueprint.get("/console/settings")
@may("operator")
def settings() -> str:
    house = [_seen(row, desk().settings) for row in SETTINGS if not row.per_workspace]
    return render_template(
        "settings/settings.html", house=house, shelves=[_shelf(name) for name in mine("operator")]
    )


def _shelf(name: str) -> Shelf:
    workspace = desk().workspaces[name]
    return Shelf(
        workspace=name,
        keys=_keys(workspace.keys),
        rows=[_seen(row, workspace) for row in SETTINGS if row.per_workspace],
    )


def _keys(ring: KeyRing) -> list[Key]:
    """The newest first. Those of templates are pairs of secrets without a name, so nothing of them is here."""
    return [Key(name=name, signs=number == 0) for number, (name, _) in enumerate(reversed(ring))]


def _seen(row: Setting, owner: object) -> Seen:
    value = getattr(owner, row.key)
    is_set = value not in (None, "", ())
    if not is_set:
        said = say(mark("nothing"))
    elif row.secret:
        said = say(mark("set; a secret"))
    else:
        said = _in_words(value)[:_MOST_LETTERS]
    return Seen(variable=row.variable, meaning=row.meaning, value=said, is_set=is_set)


def _in_words(value: Any) -> str:  # noqa: ANN401 - whatever a setting is read as
    if isinstance(value, Mapping):
        return ", ".join(str(name) for name in value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    match value:
        case (str() as host, int() as port):
            return f"{host}:{port}"
        case tuple():
            return ", ".join(str(getattr(each, "name", each)) for each in value)
    return str(value)
