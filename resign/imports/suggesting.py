"""A guess of what a file's columns mean, from their names and some of their values: shown, and corrected by people."""

import re
from collections.abc import Mapping, Sequence

from resign.imports.choices import OPT_IN, OPT_OUT, folded
from resign.imports.mapping import BadMapping, RowMapping
from resign.imports.reading import Row, Shape
from resign.imports.reading.moments import Order
from resign.profile import Kind

_NAMES: Mapping[str, frozenset[str]] = {
    "email": frozenset("email emailaddress mail adresemail adresmailowy mejl subscriberemail snrsemail".split()),
    "customId": frozenset("customid externalid userid customerid customidentify".split()),
    "clientId": frozenset("clientid profileid synerise id clientidentifier".split()) - {"synerise", "id"},
    "choice": frozenset(
        "choice status state subscribed subscription consent zgoda optin newsletteragreement newsletter marketing "
        "receivenewsletter agreementsemail emailagreement substatus subscriptionstatus".split()
    ),
    "evidence": frozenset("evidence proof form source consentsource zrodlo dowod optinip confirmip".split()),
    "campaign": frozenset("campaign campaignid kampania unsubcampaigntitle campaigntitle".split()),
    "language": frozenset("language lang locale jezyk sprache".split()),
    "agreement": frozenset("agreement agreementname listname consentname".split()),
    "sha256": frozenset("sha256 emailsha256 hash emailhash hashedemail sha256email".split()),
}  # fmt: skip
# When somebody left; when something was decided or changed; when somebody came, which is long before they left.
_LEFT = frozenset(
    "unsubtime unsubscribedat unsubscribedon unsubscribedate unsubscribetime optoutdate optouttime optedoutat optedouton "
    "abgemeldetam abmeldedatum austragungsdatum datarezygnacji datawypisania datawypisu".split()
)
_DECIDED = frozenset(
    "when date time timestamp at data datum zeitpunkt updatedat lastchanged changedat".split()
)
_CAME = frozenset(
    "optintime optindate optedinat confirmtime confirmedat subscribedat subscribedon subscribetime signuptime signupdate "
    "joinedat createdat createdon angemeldetam anmeldedatum datazapisu".split()
)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_KEYED = re.compile(r"[0-9a-f]{32}")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}")
# No address and no hash is longer, and a pattern that looks for one in a long text takes minutes.
_LONGEST = 320
_ENOUGH = 0.6
_LAST_MONTH = 12


def suggest(
    shape: Shape, sample: Sequence[Row], agreements: Sequence[str] = (), zone: str = "UTC"
) -> RowMapping:
    """`sample` are a few of its first rows; `agreements` the workspace's own. Raises BadMapping where no column names anybody.

    What cannot be told is guessed as an opt-out of the newsletter: the mistake that costs nobody their peace.
    """
    values = {name: [row.values.get(name, "").strip() for row in sample] for name in shape.columns}
    named = _named(shape.columns)
    hashed = _hashed(named, values)
    if hashed is not None:
        column, kind = hashed
        return RowMapping.of(
            {"identifiers": {"email": column}, "hash": kind} | _when(_time_of(shape.columns), values, zone)
        )
    identifiers = {kind: named[kind] for kind in ("email", "customId", "clientId") if kind in named}
    if "email" not in identifiers:
        found = next((name for name in shape.columns if _share(_ADDRESS, values[name]) >= _ENOUGH), None)
        if found is not None:
            identifiers = {"email": found, **identifiers}
    if not identifiers:
        raise BadMapping(
            "no column looks as if it named people; the file has: %(columns)s",
            columns=", ".join(shape.columns[:20]),
        )
    said: dict[str, object] = {"identifiers": _best_first(identifiers)}
    said |= _choice(named.get("choice"), values)
    said |= _agreement(named.get("agreement"), values, agreements)
    said |= _when(_time_of(shape.columns), values, zone)
    said |= {"evidence": {"columns": [named["evidence"]]}} if "evidence" in named else {}
    said |= {name: {"column": named[name]} for name in ("campaign", "language") if name in named}
    return RowMapping.of(said)


def times_in(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns that by their names may say when: those of an opt-out, of whatever was decided, of an opt-in; in that order."""
    return tuple(
        column for names in (_LEFT, _DECIDED, _CAME) for column in columns if _plain(column) in names
    )


def _time_of(columns: Sequence[str]) -> str | None:
    """Whichever comes first in the file: the time of an opt-out before any other, and never that of an opt-in.

    An opt-out that bears the time at which the person came would look older than a later opt-in, and lose.
    """
    return next((each for each in times_in(columns) if _plain(each) not in _CAME), None)


def _named(columns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        plain = _plain(column)
        for meaning, names in _NAMES.items():
            if plain in names:
                found.setdefault(meaning, column)
    return found


def _plain(column: str) -> str:
    letters = folded(column).replace("ź", "z").replace("ó", "o").replace("ł", "l").replace("ę", "e")
    return re.sub(r"[^a-z0-9]", "", letters)


def _hashed(named: Mapping[str, str], values: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """A column of hashes, where no column has addresses."""
    if any(_share(_ADDRESS, each) >= _ENOUGH for each in values.values()):
        return None
    first = [named["sha256"]] if "sha256" in named else []
    for column in [*first, *values]:
        for kind, pattern in (("sha256", _SHA256), ("keyed", _KEYED)):
            if _share(pattern, values[column]) >= _ENOUGH:
                return column, kind
    return None


def _share(pattern: re.Pattern[str], values: Sequence[str]) -> float:
    given = [value for value in values if value]
    return (
        sum(len(value) <= _LONGEST and bool(pattern.fullmatch(value)) for value in given) / len(given)
        if given
        else 0.0
    )


def _best_first(identifiers: Mapping[Kind, str]) -> dict[Kind, str]:
    order: tuple[Kind, ...] = ("email", "customId", "clientId")
    return {kind: identifiers[kind] for kind in order if kind in identifiers}


def _choice(column: str | None, values: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Only where what stands in the column can be told."""
    if column is None:
        return {}
    given = [folded(value) for value in values[column] if value]
    known = sum(value in OPT_OUT | OPT_IN for value in given)
    return {"choice": {"column": column}} if given and known / len(given) >= _ENOUGH else {}


def _agreement(
    column: str | None, values: Mapping[str, Sequence[str]], agreements: Sequence[str]
) -> dict[str, object]:
    if column is None:
        return {}
    there = {"newsletter", "all", *agreements}
    given = [folded(value) for value in values[column] if value]
    return {"agreement": {"column": column}} if given and there.issuperset(given) else {}


def _when(column: str | None, values: Mapping[str, Sequence[str]], zone: str) -> dict[str, object]:
    if column is None:
        return {}
    order: Order = ""
    days = [found for value in values[column] if (found := _DAY_FIRST.match(value))]
    if any(int(each[1]) > _LAST_MONTH for each in days):
        order = "day-first"
    elif any(int(each[2]) > _LAST_MONTH for each in days):
        order = "month-first"
    return {"when": {"column": column, "zone": zone, "order": order}}
