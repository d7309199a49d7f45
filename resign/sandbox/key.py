"""The workspace API key as Synerise's interface shows it: what it may do, and which events it may send."""

from collections.abc import Callable

from resign.sandbox.settings import SandboxSettings


class ApiKey:
    """Changed from /sandbox/key, the way a person edits the key in Synerise's settings."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.api_key = settings.api_key
        self.permissions = settings.permissions
        self.basic_enabled = settings.basic_enabled
        self.event_allowlist = settings.event_allowlist
        self.event_denylist = settings.event_denylist

    def may_send(self, action: str) -> bool:
        if self.event_allowlist is not None and action not in self.event_allowlist:
            return False
        return action not in self.event_denylist

    def as_json(self) -> dict[str, object]:
        return {
            "api_key": self.api_key,
            "permissions": sorted(self.permissions),
            "basic_enabled": self.basic_enabled,
            "event_allowlist": None if self.event_allowlist is None else sorted(self.event_allowlist),
            "event_denylist": sorted(self.event_denylist),
        }

    def edit(self, wanted: dict[str, object]) -> None:
        """Applies an edit whole or not at all; ValueError says what is wrong with it."""
        readers: dict[str, Callable[[str, object], object]] = {
            "api_key": _text,
            "permissions": _names,
            "basic_enabled": _flag,
            "event_allowlist": lambda name, value: None if value is None else _names(name, value),
            "event_denylist": _names,
        }
        if unknown := sorted(set(wanted) - set(readers)):
            raise ValueError(f"unknown keys {unknown}; allowed are {sorted(readers)}")
        for name, value in {name: readers[name](name, value) for name, value in wanted.items()}.items():
            setattr(self, name, value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a text")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")  # noqa: TRY004 - one exception for every fault
    return value


def _names(name: str, value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} must be an array of names")
    return frozenset(value)
