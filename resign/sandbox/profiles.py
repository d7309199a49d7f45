"""The profiles of the pretend workspace, indexed by everything that can identify one."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from resign.sandbox.calls import stamp_of
from resign.sandbox.changes import AGREEMENTS, NATIVE_FIELDS, Changes
from resign.sandbox.identifiers import KINDS, Kind, whole_number

_FIRST_CLIENT_ID = 400_000_001
Value = TypeVar("Value")
_NO_FIELDS: dict[str, object] = dict.fromkeys(NATIVE_FIELDS)
# The agreements of a profile that was never asked: not documented; the sandbox chooses off.
_NO_AGREEMENTS = dict.fromkeys(AGREEMENTS, False)


@dataclass(slots=True)
class Profile:
    client_id: int
    created: float
    identifiers: dict[Kind, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    agreements: dict[str, bool] = field(default_factory=dict)
    attributes: dict[str, object] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    updated: float = 0.0

    def as_json(self) -> dict[str, object]:
        """Schema InResponseClientDetails of the PHP SDK; `lastActivityDate` is frozen at creation, as there."""
        identifiers = self.identifiers
        return {
            "clientId": self.client_id,
            "email": identifiers.get("email"),
            "customId": identifiers.get("customId"),
            "uuid": identifiers.get("uuid"),
            "phone": identifiers.get("phone"),
            **_NO_FIELDS,
            **self.fields,
            "anonymous": not identifiers,
            "lastActivityDate": stamp_of(self.created),
            "agreements": {**_NO_AGREEMENTS, **self.agreements},
            "attributes": self.attributes,
            "tags": self.tags,
            "previousClients": [],
        }


class Profiles:
    """Not locked by itself: the world's lock is held around every call."""

    def __init__(self, *, unique_emails: bool, fold_emails: bool) -> None:
        self._fold = fold_emails
        self._identifying: tuple[Kind, ...] = KINDS if unique_emails else ("customId", "uuid", "phone")
        self._profiles: dict[int, Profile] = {}
        self._index: dict[Kind, dict[str, int]] = {kind: {} for kind in self._identifying}
        self._next_id = itertools.count(_FIRST_CLIENT_ID)

    def __len__(self) -> int:
        return len(self._profiles)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())

    def identifies(self, kind: Kind) -> bool:
        return kind in self._index

    def find(self, kind: Kind, value: str) -> Profile | None:
        client_id = self._index[kind].get(self._key(kind, value))
        return None if client_id is None else self._profiles[client_id]

    def by_id(self, client_id: int) -> Profile | None:
        return self._profiles.get(client_id)

    def match(self, client_id: int | None, identifiers: dict[Kind, str | None]) -> Profile | None:
        """The profile that a set of identifiers means.

        Which identifier wins, and when Synerise merges profiles, is not documented; the sandbox takes the
        first that matches of clientId, customId, uuid, email, phone, and merges nothing.
        """
        if client_id is not None and (profile := self._profiles.get(client_id)):
            return profile
        for kind in self._identifying:
            value = identifiers.get(kind)
            if value is not None and (profile := self.find(kind, value)):
                return profile
        return None

    def lookup(self, names: dict[str, object]) -> Profile | None:
        """The profile named by clientId (or id), customId, uuid, email or phone in a JSON object."""
        texts: dict[Kind, str | None] = {
            kind: value for kind in KINDS if isinstance(value := names.get(kind), str)
        }
        number = whole_number(names.get("clientId", names.get("id")))
        return self.match(number, texts)

    def create(self, now: float, client_id: int | None = None) -> Profile:
        if client_id is None:
            client_id = next(number for number in self._next_id if number not in self._profiles)
        profile = Profile(client_id, now, updated=now)
        self._profiles[client_id] = profile
        return profile

    def change(self, profile: Profile, changes: Changes, now: float) -> list[str]:
        """Applies the changes and returns the names of what is now different."""
        changed: list[str] = []
        if changes.identifiers:
            changed.extend(self._identify(profile, changes.identifiers))
        if changes.fields:
            changed.extend(_set(profile.fields, changes.fields))
        if changes.agreements:
            changed.extend(_set(profile.agreements, changes.agreements))
        if changes.attributes:
            changed.extend(_set(profile.attributes, changes.attributes))
        if changes.tags is not None and changes.tags != profile.tags:
            profile.tags = changes.tags
            changed.append("tags")
        if changed:
            profile.updated = now
        return changed

    def delete(self, profile: Profile) -> None:
        del self._profiles[profile.client_id]
        for index in self._index.values():
            for value in [value for value, owner in index.items() if owner == profile.client_id]:
                del index[value]

    def _identify(self, profile: Profile, identifiers: dict[Kind, str | None]) -> Iterator[str]:
        for kind, value in identifiers.items():
            old = profile.identifiers.get(kind)
            if value == old:
                continue
            if value is None:
                self._release(kind, old, profile)
                del profile.identifiers[kind]
                yield kind
            elif self._take(kind, value, profile):
                self._release(kind, old, profile)
                # Again: where only the case differs, the release has just removed the shared key.
                self._take(kind, value, profile)
                profile.identifiers[kind] = value
                yield kind

    def _take(self, kind: Kind, value: str, profile: Profile) -> bool:
        """False where another profile holds the identifier already: it stays there."""
        if kind not in self._index:
            return True
        return self._index[kind].setdefault(self._key(kind, value), profile.client_id) == profile.client_id

    def _release(self, kind: Kind, old: str | None, profile: Profile) -> None:
        # A profile can own several UUIDs (Synerise docs, Profile card), so a former one is kept.
        if old is not None and kind in self._index and kind != "uuid":
            index, key = self._index[kind], self._key(kind, old)
            if index.get(key) == profile.client_id:
                del index[key]

    def _key(self, kind: Kind, value: str) -> str:
        return value.lower() if kind == "email" and self._fold else value


def _set(held: dict[str, Value], wanted: Mapping[str, Value | None]) -> Iterator[str]:
    """None removes: a native field falls back to its default, a custom attribute is gone."""
    for name, value in wanted.items():
        if value is None:
            if held.pop(name, None) is not None:
                yield name
        elif name not in held or held[name] != value:
            held[name] = value
            yield name
