"""From a row of a file to what it states of a person, or to the reason why it states nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast, get_args
from zoneinfo import ZoneInfo

from resign.imports.choices import folded
from resign.imports.mapping import Column, RowMapping, Said
from resign.imports.reading.moments import moment
from resign.ledger import ALL, Choice
from resign.ledger.arriving import Statement
from resign.ledger.requested import ASKED_FOR, REQUESTED
from resign.profile import BadProfile, Profile
from resign.settings import Workspace

NEWSLETTER = "newsletter"
_CHOICES: tuple[str, ...] = get_args(Said)
_MOST_OF_EVIDENCE = 500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_HASHES = {"sha256": re.compile(r"[0-9a-f]{64}"), "keyed": re.compile(r"[0-9a-f]{32}")}

Values = Mapping[str, str]
_Read = Callable[[Values], str | None]


@dataclass(frozen=True, slots=True)
class HashStated:
    """That whoever has this hash opted out of `agreement`; `at` as in a Statement."""

    hash: str
    agreement: str
    at: datetime | None


class _Unusable(Exception):
    """The row's reason code is its argument."""


class Stating:
    """The rows of one file, by one mapping, in one workspace."""

    def __init__(self, mapping: RowMapping, workspace: Workspace) -> None:
        self.agreements = (NEWSLETTER, *(each.name for each in workspace.agreements))
        self._mapping = mapping
        self._kinds = tuple(mapping.identifiers.items())
        self._addresses_name_nobody = workspace.synerise_emails == "non-unique" and not mapping.hash
        self._zone = ZoneInfo(mapping.zone)
        self._agreement = _reads(mapping.agreement, fold=True)
        self._choice = _reads(mapping.choice, fold=True)
        self._campaign = _reads(mapping.campaign)
        self._language = _reads(mapping.language)
        self._hash = _HASHES[mapping.hash] if mapping.hash else None

    def state(self, values: Values, now: datetime) -> tuple[Statement, ...] | HashStated | str:
        """The statements, of which the last is the one that the row makes; or a reason's code.

        `now` is when it is asked: an opt-out of today was not made tonight. "Everything" is said of each agreement that there is, and then of all (`resign.ledger.uploading`).
        """
        try:
            if self._hash is not None:
                return HashStated(
                    self._hashed(values), self._about(values), self._when(values, "opt-out", now)
                )
            said = self._stated(values, now)
        except _Unusable as unusable:
            return str(unusable)
        if said.agreement != ALL:
            return (said,)
        return (*(replace(said, agreement=each) for each in self.agreements), said)

    def _stated(self, values: Values, now: datetime) -> Statement:
        profile = self._profile(values)
        agreement, said = self._about(values), self._chosen(values)
        choice: Choice = "opt-out" if said == "opt-out" else "opt-in"
        if said == "request":
            if agreement != ASKED_FOR:
                raise _Unusable("request-elsewhere")
            agreement = REQUESTED
        if agreement == ALL and choice == "opt-in":
            raise _Unusable("opt-in-to-all")
        return Statement(
            profile=profile,
            agreement=agreement,
            choice=choice,
            at=self._when(values, choice, now),
            evidence=self._evidence(values),
            campaign=self._campaign(values) or None,
            language=self._spoken(values),
        )

    def _profile(self, values: Values) -> Profile:
        for kind, column in self._kinds:
            given = values.get(column, "")
            if given and not given.isspace():
                if kind == "email" and self._addresses_name_nobody:
                    raise _Unusable("email-not-unique")
                try:
                    return Profile.of(kind, given)
                except BadProfile:
                    raise _Unusable("bad-identifier") from None
        raise _Unusable("no-identifier")

    def _hashed(self, values: Values) -> str:
        assert self._hash is not None  # noqa: S101 - asked for with it only
        given = values.get(self._mapping.identifiers["email"], "").strip().lower().removeprefix("sha256:")
        if not given:
            raise _Unusable("no-identifier")
        if not self._hash.fullmatch(given):
            raise _Unusable("bad-hash")
        return given

    def _about(self, values: Values) -> str:
        agreement = self._agreement(values)
        if agreement not in self.agreements and agreement != ALL:
            raise _Unusable("undeclared-agreement")
        return agreement or ""

    def _chosen(self, values: Values) -> Said:
        choice = self._choice(values)
        if choice in _CHOICES:
            return cast("Said", choice)
        raise _Unusable("unknown-choice")

    def _when(self, values: Values, choice: Choice, now: datetime) -> datetime | None:
        if self._mapping.when is None:
            return None
        given = values.get(self._mapping.when, "").strip()
        if not given:
            return None
        found = moment(given, self._zone, self._mapping.order, choice, now)
        if found is None:
            raise _Unusable("bad-date")
        return found

    def _evidence(self, values: Values) -> str | None:
        evidence = self._mapping.evidence
        if isinstance(evidence, tuple):
            evidence = " · ".join(filter(None, (values.get(column, "").strip() for column in evidence)))
        return _printable(evidence)[:_MOST_OF_EVIDENCE] or None if evidence else None

    def _spoken(self, values: Values) -> str | None:
        given = (self._language(values) or "").strip()
        return given.replace("_", "-") if given and _LANGUAGE.fullmatch(given) else None


def _reads(value: str | Column | None, *, fold: bool = False) -> _Read:
    """How it is taken from a row. What a column's values do not translate is taken as it is, save for a choice's."""
    if not isinstance(value, Column):
        return lambda _: value
    name, meanings = value.name, value.values
    if not meanings:
        return lambda values: folded(values.get(name, "")) if fold else values.get(name, "")

    def read(values: Values) -> str | None:
        given = values.get(name, "")
        return meanings.get(folded(given)) or (folded(given) if fold else given)

    return read


def _printable(text: str) -> str:
    """PostgreSQL keeps no NUL, and nothing keeps half a surrogate pair."""
    return "".join(sign for sign in text if sign.isprintable() and not "\ud800" <= sign <= "\udfff")
