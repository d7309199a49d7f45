"""Agreements and reasons of a workspace's own: tables in the settings file, or the same as TOML text in a variable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resign.settings.parse import attribute, languages, toml_table

# A name stands in form fields and in the ledger; `newsletter` is Synerise's own agreement, `all` stands for every one.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")
_TAKEN = {"newsletter", "all"}
_MOST = 20
_MOST_CHARACTERS = 500
Value = str | bool | int


@dataclass(frozen=True, slots=True)
class CustomAgreement:
    """A profile attribute with a value for yes and one for no; title and help by language."""

    name: str
    attribute: str
    on: Value
    off: Value
    title: Mapping[str, str]
    help: Mapping[str, str]


def agreements(given: str | Mapping[str, Any]) -> tuple[CustomAgreement, ...]:
    tables = _tables(given)
    found = tuple(_agreement(name, table) for name, table in tables.items())
    attributes = [each.attribute for each in found]
    if len(set(attributes)) < len(attributes):
        raise ValueError("two agreements have the same attribute; each needs its own")
    return found


def reasons(given: str | Mapping[str, Any]) -> Mapping[str, Mapping[str, str]] | None:
    """By code the texts by language; nothing at all for `off`, None for the shipped ones."""
    if given == "shipped":
        return None
    return (
        {}
        if given == "off"
        else {code: _texts(f"reason {code}", texts) for code, texts in _tables(given).items()}
    )


def pauses(value: str) -> tuple[int, ...]:
    if value == "off":
        return ()
    months = value.replace(" ", "").split(",")
    if not all(re.fullmatch(r"[1-9]|1[0-2]", month) for month in months) or len(months) > 4:  # noqa: PLR2004 - more is no offer
        raise ValueError("give up to four numbers of months from 1 to 12, such as 1,3, or off")
    return tuple(sorted({int(month) for month in months}))


def _tables(given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    given = toml_table(given, _MOST)
    for name, table in given.items():
        if not NAME.fullmatch(name) or name in _TAKEN:
            raise ValueError(
                f"{name[:40]!r} cannot be a name: up to 31 small letters, digits and hyphens, and neither newsletter nor all"
            )
        if not isinstance(table, Mapping):
            raise ValueError(f"{name} is no table; begin it with [{name}]")  # noqa: TRY004 - a fault of the settings
    return given


def _agreement(name: str, table: Mapping[str, Any]) -> CustomAgreement:
    unknown = sorted(table.keys() - {"attribute", "on", "off", "title", "help"})
    if unknown:
        raise ValueError(
            f"agreement {name}: there is no {unknown[0]}; it has attribute, on, off, title and help"
        )
    named = table.get("attribute")
    if not isinstance(named, str):
        raise ValueError(f"agreement {name}: attribute is missing, the profile attribute's name in quotes")  # noqa: TRY004
    try:
        attribute(named)
    except ValueError as error:
        raise ValueError(f"agreement {name}: {error}") from None
    on, off = table.get("on", True), table.get("off", False)
    for value in (on, off):
        if not isinstance(value, str | bool | int):
            raise ValueError(  # noqa: TRY004 - a fault of the settings
                f"agreement {name}: on and off are true or false, a text in quotes, or a whole number"
            )
    # Told apart as they are when the profile is read back, where a text and a boolean may be the same.
    if str(on).lower() == str(off).lower():
        raise ValueError(f"agreement {name}: on and off are the same value")
    return CustomAgreement(
        name, named, on, off,
        _texts(f"agreement {name} title", table.get("title")),
        _texts(f"agreement {name} help", table.get("help", {}), needed=False),
    )  # fmt: skip


def _texts(where: str, given: object, *, needed: bool = True) -> Mapping[str, str]:
    there = languages()
    if not isinstance(given, Mapping) or (needed and not given):
        raise ValueError(f'{where}: give its text by language, such as {{ en = "…" }}')
    for language, text in given.items():
        if language not in there:
            raise ValueError(f"{where}: {language[:20]!r} has no catalogue; there are {', '.join(there)}")
        if (
            not isinstance(text, str)
            or not text.strip()
            or len(text) > _MOST_CHARACTERS
            or not _is_text(text)
        ):
            raise ValueError(f"{where}: the text in {language} is empty, too long, or no text")
    return dict(given)


def _is_text(text: str) -> bool:
    return not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0-\ufddf]", text)
