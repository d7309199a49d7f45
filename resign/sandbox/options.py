"""How the pretend Synerise behaves where its docs are silent or of two minds: to be changed while it runs."""

import dataclasses
from dataclasses import dataclass

from resign.sandbox.settings import SandboxSettings

# One page of Synerise's docs spells it so; another name is what older workspaces know an event by.
_MISSPELLED = {"marketingAgreement.turnOff": "marketingAggreement.turnOff"}
_LEGACY = {"profile.updated": "client.updateData"}


@dataclass(slots=True)
class Options:
    """Each begins as the settings say and returns there with a fresh start."""

    echo_unchanged: bool
    misspelled: bool
    legacy_updates: bool

    @classmethod
    def of(cls, settings: SandboxSettings) -> "Options":
        return cls(settings.echo_unchanged, settings.misspelled, settings.legacy_updates)

    def edit(self, wanted: dict[str, object]) -> None:
        """ValueError where a name or a value is not known; then nothing was changed."""
        known = self.as_json()
        if unknown := sorted(set(wanted) - set(known)):
            raise ValueError(f"unknown keys {unknown}; allowed are {list(known)}")
        if not wanted or not all(isinstance(value, bool) for value in wanted.values()):
            raise ValueError(f"send one or more of {list(known)}, each true or false")
        for name, value in wanted.items():
            setattr(self, name, value)

    def spelled(self, action: str) -> str:
        """The name under which an event of Synerise's own is raised."""
        if self.misspelled and action in _MISSPELLED:
            return _MISSPELLED[action]
        return _LEGACY[action] if self.legacy_updates and action in _LEGACY else action

    def as_json(self) -> dict[str, object]:
        return dataclasses.asdict(self)
