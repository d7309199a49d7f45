"""What each column of a file means: written down with the import as JSON, or given as TOML."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo

from resign.imports.choices import OPT_IN, OPT_OUT, folded
from resign.imports.reading.moments import Order
from resign.profile import KINDS, Kind

HashKind = Literal["sha256", "keyed"]
_MOST_CHARACTERS = 500
_MOST_WORDS = 500
# `request`: an opt-in that was asked for and is still to be confirmed.
Said = Literal["opt-out", "opt-in", "request"]
_CHOICES: tuple[Said, ...] = get_args(Said)


class BadMapping(ValueError):
    """The mapping cannot be used; the message is a sentence for whoever gave it.

    `sentence` has places for `values`, so that it can be said in another language.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


@dataclass(frozen=True, slots=True)
class Column:
    """A value that stands in a column. `values` translate what stands there, in small letters; without them it is taken as it is."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMapping:
    """`identifiers`: by kind the column, of which the first that is filled in names the person; with `hash` there is
    one, and in it stand hashes. A text stands for every row. `when` is None where the file says nothing of it.
    """

    identifiers: Mapping[Kind, str]
    agreement: str | Column = "newsletter"
    choice: Said | Column = "opt-out"
    when: str | None = None
    zone: str = "UTC"
    order: Order = ""
    evidence: str | tuple[str, ...] | None = None
    campaign: str | Column | None = None
    language: str | Column | None = None
    hash: HashKind | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it reads."""
        read: list[str] = [*self.identifiers.values()]
        read += [
            each.name
            for each in (self.agreement, self.choice, self.campaign, self.language)
            if isinstance(each, Column)
        ]
        read += [self.when] if self.when else []
        read += self.evidence if isinstance(self.evidence, tuple) else ()
        return tuple(dict.fromkeys(read))

    def fits(self, columns: Sequence[str]) -> None:
        """Raises BadMapping where the file has not every column."""
        missing = [name for name in self.columns if name not in columns]
        if missing:
            there = ", ".join(columns[:20])
            raise BadMapping(
                "the file has no column %(name)s; it has: %(columns)s", name=repr(missing[0]), columns=there
            )

    def table(self) -> dict[str, Any]:
        """As `of` takes it, and as TOML and JSON have it."""
        said: dict[str, Any] = {"identifiers": dict(self.identifiers)}
        said |= {"agreement": _told(self.agreement), "choice": _told_choice(self.choice)}
        if self.when is not None:
            said["when"] = {"column": self.when, "zone": self.zone, "order": self.order}
        if self.evidence is not None:
            said["evidence"] = (
                {"columns": list(self.evidence)} if isinstance(self.evidence, tuple) else self.evidence
            )
        for name, value in (("campaign", self.campaign), ("language", self.language)):
            if value is not None:
                said[name] = _told(value)
        if self.hash is not None:
            said["hash"] = self.hash
        return said

    def as_json(self) -> str:
        return json.dumps(self.table(), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "RowMapping":
        return cls.of(json.loads(text))

    @classmethod
    def from_toml(cls, text: str) -> "RowMapping":
        """Raises BadMapping."""
        try:
            return cls.of(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise BadMapping("the mapping is not TOML: %(fault)s", fault=str(error)) from None
        except RecursionError:
            raise BadMapping("the mapping is not TOML: it is nested too deeply") from None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "RowMapping":
        """Raises BadMapping for whatever is not as `table` writes it."""
        unknown = sorted(given.keys() - _KEYS)
        if unknown:
            raise BadMapping(
                "the mapping has no %(name)s; it has: %(keys)s",
                name=repr(str(unknown[0])[:40]),
                keys=", ".join(_KEYS),
            )
        hashed = given.get("hash")
        if hashed is not None and hashed not in get_args(HashKind):
            raise BadMapping("hash is sha256 or keyed")
        when, zone, order = _when(given.get("when"))
        mapping = cls(
            identifiers=_identifiers(given.get("identifiers")),
            agreement=_value(given, "agreement", "newsletter"),
            choice=_choice(given.get("choice", "opt-out")),
            when=when, zone=zone, order=order,
            evidence=_evidence(given.get("evidence")),
            campaign=_value(given, "campaign"),
            language=_value(given, "language"),
            hash=hashed,
        )  # fmt: skip
        if hashed and (mapping.choice != "opt-out" or set(mapping.identifiers) != {"email"}):
            raise BadMapping(
                "hashes are of e-mail addresses and only of people who opted out: name their column as email, "
                "and the choice opt-out"
            )
        return mapping


_KEYS = ("identifiers", "agreement", "choice", "when", "evidence", "campaign", "language", "hash")


def _identifiers(given: object) -> Mapping[Kind, str]:
    if not isinstance(given, Mapping) or not given:
        raise BadMapping("say which column names the person: email, customId or clientId")
    for kind, column in given.items():
        if kind not in KINDS:
            raise BadMapping(
                "there is no identifier %(name)s; there are email, customId and clientId",
                name=repr(str(kind)[:40]),
            )
        _text(column, f"identifiers.{kind}")
    return {kind: given[kind] for kind in given}


def _value(given: Mapping[str, Any], name: str, default: str | None = None) -> Any:  # noqa: ANN401 - text or column
    value = given.get(name, default)
    if isinstance(value, Mapping):
        return _column(value, name)
    return None if value is None else _text(value, name)


def _choice(given: object) -> Said | Column:
    if given in _CHOICES:
        return given
    if not isinstance(given, Mapping):
        raise BadMapping(
            "choice is opt-out, opt-in, request, or a table with a column and the values of each"
        )
    values: dict[str, str] = {}
    for choice, usual in (("opt-out", OPT_OUT), ("opt-in", OPT_IN), ("request", ())):
        words = given.get(choice, usual)
        if isinstance(words, str):
            words = [words]
        if not isinstance(words, Sequence | frozenset) or not all(isinstance(word, str) for word in words):
            raise BadMapping(
                "choice: give the values of %(choice)s as a list of texts in quotes", choice=choice
            )
        if len(words) > _MOST_WORDS:
            raise BadMapping(
                "choice: at most %(most)s values mean %(choice)s", most=str(_MOST_WORDS), choice=choice
            )
        for word in words:
            if values.setdefault(folded(word), choice) != choice:
                raise BadMapping("choice: %(word)s cannot mean both", word=repr(word[:40]))
    return _column({"column": given.get("column"), "values": values}, "choice")


def _column(given: Mapping[str, Any], name: str) -> Column:
    values = given.get("values", {})
    if not isinstance(values, Mapping) or not all(isinstance(each, str) for each in values.values()):
        raise BadMapping("%(name)s: values is a table of texts in quotes", name=name)
    column = _text(given.get("column"), f"{name}.column")
    return Column(column, {folded(str(said)): meant for said, meant in values.items()})


def _when(given: object) -> tuple[str | None, str, Order]:
    if given is None:
        return None, "UTC", ""
    if isinstance(given, str):
        given = {"column": given}
    if not isinstance(given, Mapping):
        raise BadMapping("when is a table with a column, a zone and an order")
    zone, order = given.get("zone", "UTC"), given.get("order", "")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError):
        raise BadMapping("when: the zone is a time zone's name, such as Europe/Warsaw") from None
    if order not in get_args(Order):
        raise BadMapping("when: the order is day-first, month-first, or nothing")
    return _text(given.get("column"), "when.column"), zone, cast("Order", order)


def _evidence(given: object) -> str | tuple[str, ...] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        return _text(given, "evidence")
    columns = given.get("columns")
    if not isinstance(columns, list) or not columns:
        raise BadMapping("evidence is a text, or a table with columns")
    return tuple(_text(column, "evidence.columns") for column in columns)


def _text(given: object, what: str) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > _MOST_CHARACTERS:
        raise BadMapping(
            "%(what)s is a text in quotes, up to %(most)s letters", what=what, most=str(_MOST_CHARACTERS)
        )
    return given


def _told(value: str | Column) -> str | dict[str, Any]:
    if isinstance(value, str):
        return value
    return {"column": value.name} | ({"values": dict(value.values)} if value.values else {})


def _told_choice(value: str | Column) -> str | dict[str, Any]:
    if isinstance(value, str):
        return value
    words: dict[str, Any] = {
        choice: [word for word, meant in value.values.items() if meant == choice] for choice in _CHOICES
    }
    return {"column": value.name, **words}
