"""Reads the settings from the environment or a TOML file, and reports every fault at once with its remedy."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from resign.settings import console_address, identity_provider
from resign.settings.kubernetes import is_kubernetes_own
from resign.settings.model import REQUIRED, SETTINGS, Setting, Settings, Workspace

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_HOUSE = tuple(row for row in SETTINGS if not row.per_workspace)
_WORKSPACE = tuple(row for row in SETTINGS if row.per_workspace)
_OTHER_VARIABLES = {"RESIGN_CONFIG", "RESIGN_WORKSPACE"}


class BadSettings(Exception):
    """Everything that is wrong with the settings, one sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(("resign cannot start:", *(f"  * {fault}" for fault in self.faults))))


def load_from_environment(**instead: str) -> Settings:
    """`instead` are variables that an option of the command line stands for; they win."""
    return load({**os.environ, **instead})


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; raises BadSettings with every fault found."""
    faults: list[str] = []
    given = {name: value for name, value in environ.items() if name.startswith("RESIGN_")}
    config = given.get("RESIGN_CONFIG")
    faults += _unknown_variables(given)
    if config is None:
        workspaces = _workspace_from_variables(given, faults)
        tables: dict[str, Any] = {}
    else:
        tables = _read_toml(config, faults)
        faults += _in_two_places(given)
        workspaces = _workspaces_from_tables(tables.pop("workspaces", {}), config, faults)
    house = _read(_HOUSE, _House(given, tables, config).find, faults)
    faults += _unsigned_alarms(house, faults)
    if tables:
        faults += _unknown_keys(tables, _HOUSE, config or "")
    faults += _origins_in_two_places(workspaces, house["base_url"])
    if not any(fault.startswith("RESIGN_CONSOLE_") for fault in faults):
        faults += console_address.faults(house["console_bind"], house["console_url"])
    if not any(fault.startswith("RESIGN_OIDC_") for fault in faults):
        faults += identity_provider.faults(house, {row.key: row for row in _HOUSE}, workspaces)
    if faults:
        raise BadSettings(faults)
    if not house["database_url"]:
        house["database_url"] = f"sqlite:///{house['data_dir'].absolute() / 'resign.db'}"
    return Settings(workspaces=workspaces, **console_address.completed(house))


def _unsigned_alarms(house: Mapping[str, Any], faults: Iterable[str]) -> list[str]:
    row = next(row for row in _HOUSE if row.key == "alarm_webhook_secret")
    missing = house["alarm_webhook"] and not house[row.key] and not _is_named(row, row.variable, faults)
    return (
        [f"{row.variable}: missing, because RESIGN_ALARM_WEBHOOK is given. {row.remedy}"] if missing else []
    )


def _workspace_from_variables(given: Mapping[str, str], faults: list[str]) -> dict[str, Workspace]:
    name = given.get("RESIGN_WORKSPACE", "default")
    if not _NAME.fullmatch(name):
        faults.append("RESIGN_WORKSPACE: a name has up to 31 small letters, digits and hyphens")
    values = _read(_WORKSPACE, lambda row: (row.variable, *_with_file(given, row.variable)), faults)
    return _workspace(name, values, lambda row: row.variable, faults)


def _workspaces_from_tables(tables: Any, config: str, faults: list[str]) -> dict[str, Workspace]:  # noqa: ANN401 - as TOML has it
    if not isinstance(tables, dict) or not tables or not all(isinstance(t, dict) for t in tables.values()):
        if not any(fault.startswith("RESIGN_CONFIG:") for fault in faults):  # the file was read
            faults.append(f"{config}: it names no workspace; begin one with [workspaces.NAME]")
        return {}
    workspaces: dict[str, Workspace] = {}
    pairs: dict[tuple[str, str], str] = {}
    for name, table in tables.items():
        where = f"{config} [workspaces.{name}]"
        if not _NAME.fullmatch(name):
            faults.append(f"{where}: a name has up to 31 small letters, digits and hyphens")
        remaining = dict(table)
        values = _read(_WORKSPACE, _Table(remaining, where).find, faults)
        faults += _unknown_keys(remaining, _WORKSPACE, where)
        faults += _pairs_in_two_places(name, values["template_keys"] or (), pairs, where)
        workspaces |= _workspace(name, values, lambda row, at=where: f"{at} {row.key}", faults)
    return workspaces


def _pairs_in_two_places(
    name: str, ring: Iterable[tuple[str, str]], seen: dict[tuple[str, str], str], where: str
) -> list[str]:
    """Nothing but its key pair says which workspace a template-signed link is for. `seen` takes this one's pairs."""
    others = sorted({seen.setdefault(pair, name) for pair in ring} - {name})
    return [
        f"{where} template_keys: workspaces {other} and {name} have the same key pair, so a link would not say "
        "for which of them it is; give each a pair of its own"
        for other in others
    ]


def _origins_in_two_places(workspaces: Mapping[str, Workspace], base_url: str | None) -> list[str]:
    """A host name that stands for two workspaces would send the links of one of them round in a circle."""
    by_host: dict[str, list[str]] = {}
    for name, workspace in sorted(workspaces.items()):
        by_host.setdefault((workspace.public_url or base_url or "").partition("://")[2].lower(), []).append(
            name
        )
    return [
        f"{' and '.join(names)}: these workspaces' links have the same host, {host}, which public_url makes one's own; "
        "give each a public_url of its own, or none of them"
        for host, names in by_host.items()
        if len(names) > 1 and any(workspaces[name].public_url for name in names)
    ]


def _workspace(name: str, values: dict[str, Any], say: Any, faults: list[str]) -> dict[str, Workspace]:  # noqa: ANN401 - a local function
    """What only shows when settings are seen together."""
    row = {row.key: row for row in _WORKSPACE}
    for choice, chosen, key in (
        ("synerise_auth", "basic", "synerise_workspace_guid"),
        ("synerise_emails", "non-unique", "synerise_attribute"),
        ("synerise_tell", "incoming", "synerise_incoming_url"),
    ):
        label = say(row[key])
        if values[choice] == chosen and values[key] is None and not _is_named(row[key], label, faults):
            because = say(row[choice]).rpartition(" ")[2]
            faults.append(f"{label}: missing, and needed because {because} is {chosen}. {row[key].remedy}")
    faults += _attributes_in_two_places(values, row, say)
    return {} if faults else {name: Workspace(name=name, **values)}


def _attributes_in_two_places(values: Mapping[str, Any], row: Mapping[str, Setting], say: Any) -> list[str]:  # noqa: ANN401 - a local function
    """An agreement that is written where something else is kept would switch it, or be switched by it."""
    named = {each.attribute: each.name for each in values["agreements"] or ()}
    sign_up = values["synerise_sign_up_attribute"]
    # What was only asked for would be a consent at once.
    twice = [
        f"{say(row['synerise_sign_up_attribute'])}: {key} is the same attribute; give it one of its own"
        for key in ("synerise_attribute", "link_attribute")
        if values[key] is not None and values[key] == sign_up
    ]
    return twice + [
        f"{say(row['agreements'])}: agreement {named[values[key]]} has the attribute of {key}; give it one of its own"
        for key in ("synerise_attribute", "link_attribute", "synerise_sign_up_attribute")
        if values[key] in named
    ]


def _is_named(row: Setting, label: str, faults: Iterable[str]) -> bool:
    """Whether a fault speaks of this setting already: what is given wrongly is not missing."""
    beginnings = (f"{label}:", f"{row.variable}:", f"{row.variable}_FILE:")
    return any(fault.startswith(beginnings) for fault in faults)


def _read(rows: Iterable[Setting], find: Any, faults: list[str]) -> dict[str, Any]:  # noqa: ANN401 - a local function
    values: dict[str, Any] = {}
    for row in rows:
        label, text, fault = find(row)
        values[row.key] = None
        if fault:
            faults.append(fault)
        elif text is None and row.default is REQUIRED:
            faults.append(f"{label}: missing. {row.remedy}")
        elif text is not None:
            try:
                values[row.key] = row.read(text)
            except ValueError as error:
                shown = "" if row.secret or row.table else f" (it says {text[:60]!r})"
                faults.append(f"{label}: {error}{shown}")
        if text is None and isinstance(row.default, str):
            values[row.key] = row.read(row.default) if row.default or row.table else ""
    return values


class _House:
    """A setting of the installation: the environment first, then the file."""

    def __init__(self, given: Mapping[str, str], tables: dict[str, Any], config: str | None) -> None:
        self._given = given
        self._table = _Table(tables, config or "")

    def find(self, row: Setting) -> tuple[str, str | None, str | None]:
        label, text, fault = self._table.find(row)
        in_variables, variable_fault = _with_file(self._given, row.variable)
        if in_variables is not None or variable_fault or text is None:
            return row.variable, in_variables, variable_fault or fault
        return label, text, fault


class _Table:
    """Settings of one TOML table; what was found is taken out, so that what is left is unknown."""

    def __init__(self, table: dict[str, Any], where: str) -> None:
        self._table = table
        self._where = where

    def find(self, row: Setting) -> tuple[str, Any, str | None]:
        label = f"{self._where} {row.key}".strip()
        if row.table and isinstance(self._table.get(row.key), dict):
            return label, self._table.pop(row.key), None
        texts = {key: self._table.pop(key) for key in (row.key, f"{row.key}_file") if key in self._table}
        if any(not isinstance(value, str | int) or isinstance(value, bool) for value in texts.values()):
            return label, None, f"{label}: write it as text in quotes"
        named = {
            key.replace(row.key, row.variable).replace("_file", "_FILE"): str(v) for key, v in texts.items()
        }
        text, fault = _with_file(named, row.variable)
        return label, text, fault


def _with_file(given: Mapping[str, str], variable: str) -> tuple[str | None, str | None]:
    """The value, or the content of the file that `NAME_FILE` names; a fault if both or neither can be read."""
    path = given.get(f"{variable}_FILE")
    if path is None:
        return given.get(variable), None
    if variable in given:
        return None, f"{variable}: given twice, as itself and as {variable}_FILE; keep one"
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n"), None
    except (OSError, ValueError):
        return None, f"{variable}_FILE: the file it names cannot be read; check its path and its permissions"


def _read_toml(config: str, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(config).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        faults.append(
            f"RESIGN_CONFIG: the file {config!r} cannot be read; check its path and its permissions"
        )
    except tomllib.TOMLDecodeError as error:
        faults.append(f"RESIGN_CONFIG: {config} is not TOML: {error}")
    return {}


def _unknown_variables(given: Mapping[str, str]) -> list[str]:
    known = _OTHER_VARIABLES | {name for row in SETTINGS for name in (row.variable, f"{row.variable}_FILE")}
    return [
        f"{name}: there is no such setting{_perhaps(name, known)}"
        for name in sorted(given)
        if name not in known and not is_kubernetes_own(name, given[name])
    ]


def _unknown_keys(table: Mapping[str, Any], rows: Iterable[Setting], where: str) -> list[str]:
    known = {row.key for row in rows}
    return [f"{where} {key}: there is no such setting{_perhaps(key, known)}" for key in sorted(table)]


def _in_two_places(given: Mapping[str, str]) -> list[str]:
    ours = {name for row in _WORKSPACE for name in (row.variable, f"{row.variable}_FILE")} | {
        "RESIGN_WORKSPACE"
    }
    return [
        f"{name}: with RESIGN_CONFIG a workspace's settings stand in its table only; take this one out"
        for name in sorted(given.keys() & ours)
    ]


def _perhaps(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
