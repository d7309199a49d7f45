"""Reads the body of a profile update into the changes it asks for, and says what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from resign.sandbox.calls import ItemError
from resign.sandbox.identifiers import KINDS, Kind, identifier_error
from resign.sandbox.reserved import RESERVED_ATTRIBUTES

TEXT_FIELDS = (
    "address",
    "avatarUrl",
    "city",
    "company",
    "countryCode",
    "displayName",
    "firstName",
    "lastName",
    "province",
    "zipCode",
)
NATIVE_FIELDS = (*TEXT_FIELDS, "birthDate", "sex")
AGREEMENTS = ("email", "sms", "push", "webPush", "bluetooth", "rfid", "wifi")
_NATIVE = frozenset(NATIVE_FIELDS)
_SEXES = ("FEMALE", "MALE", "NOT_SPECIFIED", "OTHER")
_SPELLINGS: dict[object, bool] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    1: True,
    0: False,
}
_NAME_FORBIDDEN = re.compile("[\r\n\u2028\u2029\u00ad\x00\ufe00-\ufe0f]")
_ONLY_SELECTORS = re.compile("[\ufe00-\ufe0f]+")
_OLDEST_BIRTH = date(1900, 1, 1)


@dataclass(slots=True)
class Changes:
    """What one body asks for. None is a write: it resets a native field and deletes an attribute."""

    identifiers: dict[Kind, str | None] = field(default_factory=dict)
    fields: dict[str, str | None] = field(default_factory=dict)
    agreements: dict[str, bool | None] = field(default_factory=dict)
    attributes: dict[str, object] = field(default_factory=dict)
    tags: list[str] | None = None


def read_changes(body: dict[str, object]) -> tuple[Changes, list[ItemError]]:
    """The changes, and every fault found; with any fault the changes are not to be applied.

    Unknown keys are ignored. What Synerise does with them is not documented; the sandbox chooses the
    treacherous way, which only a read-back finds.
    """
    changes = Changes()
    errors = list(_read_identifiers(body, changes))
    # One look for each part keeps a seed of 100,000 profiles quick: most bodies have two parts.
    if native := _NATIVE & body.keys():
        errors.extend(_read_fields(native, body, changes))
    if body.get("agreements") is not None:
        errors.extend(_read_agreements(body["agreements"], changes))
    if body.get("attributes") is not None:
        errors.extend(_read_attributes(body["attributes"], changes))
    if "tags" in body:
        errors.extend(_read_tags(body["tags"], changes))
    return changes, errors


def _read_identifiers(body: dict[str, object], changes: Changes) -> Iterator[ItemError]:
    for kind in KINDS:
        if kind not in body:
            continue
        value = body[kind]
        if value is None:
            changes.identifiers[kind] = None
        elif error := identifier_error(kind, value):
            yield error
        else:
            changes.identifiers[kind] = str(value).strip()


def _read_fields(names: frozenset[str], body: dict[str, object], changes: Changes) -> Iterator[ItemError]:
    for name in names:
        value = body[name]
        if value is None:
            changes.fields[name] = None
        elif not isinstance(value, str):
            yield ItemError(name, f"{name} must be a string", value)
        elif fault := _field_fault(name, value):
            yield ItemError(name, fault, value)
        else:
            changes.fields[name] = value


def _field_fault(name: str, value: str) -> str | None:
    if _bad_text(value):
        return f"{name} contains forbidden characters"
    if name == "sex" and value not in _SEXES:
        return f"sex must be one of {', '.join(_SEXES)}"
    if name == "birthDate" and not _is_birth_date(value):
        return "birthDate must be yyyy-mm-dd and after 1900-01-01"
    return None


def _bad_text(value: str) -> bool:
    return "\x00" in value or bool(_ONLY_SELECTORS.fullmatch(value))


def _is_birth_date(value: str) -> bool:
    try:
        return (
            re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None
            and date.fromisoformat(value) > _OLDEST_BIRTH
        )
    except ValueError:
        return False


def _read_agreements(given: object, changes: Changes) -> Iterator[ItemError]:
    if not isinstance(given, dict):
        yield ItemError("agreements", "agreements must be an object", given)
        return
    for name, value in given.items():
        # The older Magento client spells it webpush.
        spelled = "webPush" if name == "webpush" else name
        if spelled not in AGREEMENTS:
            continue
        if isinstance(value, bool) or value is None:
            changes.agreements[spelled] = value
        elif isinstance(value, str | int) and value in _SPELLINGS:
            changes.agreements[spelled] = _SPELLINGS[value]
        else:
            yield ItemError(f"agreements.{name}", "must be a boolean", value)


def _read_attributes(given: object, changes: Changes) -> Iterator[ItemError]:
    if not isinstance(given, dict):
        yield ItemError("attributes", "attributes must be an object", given)
        return
    for name, value in given.items():
        if _NAME_FORBIDDEN.search(name):
            yield ItemError("attributes", "an attribute name contains forbidden characters", ascii(name))
        elif isinstance(value, str) and _bad_text(value):
            yield ItemError(f"attributes.{name}", "contains forbidden characters", ascii(value))
        elif name not in RESERVED_ATTRIBUTES:
            changes.attributes[name] = value


def _read_tags(given: object, changes: Changes) -> Iterator[ItemError]:
    if given is None:
        changes.tags = []
    elif isinstance(given, list) and all(isinstance(tag, str) for tag in given):
        changes.tags = list(given)
    else:
        yield ItemError("tags", "tags must be an array of strings", given)
