"""What an opt-out looks like in a Synerise profile: what is written, and what is read as the same."""

from collections.abc import Mapping
from typing import Protocol

from resign.outbox.contract import Choice
from resign.settings.model import Workspace
from resign.settings.offered import CustomAgreement

# The spellings that Synerise takes for agreements (php-sdk f8b9074 `lib/V4/Models/Agreements.php`). In which
# of them it answers is not documented, so all are understood.
_SPELLINGS: Mapping[bool | int | str, Choice] = {
    True: "opt-in", "true": "opt-in", "True": "opt-in",
    False: "opt-out", "false": "opt-out", "False": "opt-out",
}  # fmt: skip
_ATTRIBUTE_VALUES: Mapping[Choice, str] = {"opt-out": "disabled", "opt-in": "enabled"}


NATIVE = "newsletter"


class Agreement(Protocol):
    def written(self, choice: Choice) -> dict[str, object]:
        """The part of a profile update that makes the choice. Nothing else is sent: a null would be a write."""
        ...

    def found(self, profile: Mapping[str, object]) -> Choice | None:
        """The choice that a profile shows; None where it shows neither, such as an opt-in not yet confirmed."""
        ...


def agreements_of(workspace: Workspace) -> dict[str, Agreement]:
    """By the name that decisions have for them."""
    return {
        NATIVE: NativeAgreement(workspace),
        **{each.name: AttributeAgreement(each) for each in workspace.agreements},
    }


class AttributeAgreement:
    """One of the workspace's own: a custom attribute with a value for yes and one for no.

    Such attributes are documented with a JSON boolean (hub.synerise.com, "Custom agreements"). In which spelling a
    value is answered is not, so a boolean and its text are read as the same.
    """

    def __init__(self, custom: CustomAgreement) -> None:
        self._attribute = custom.attribute
        self._values: Mapping[Choice, object] = {"opt-out": custom.off, "opt-in": custom.on}

    def written(self, choice: Choice) -> dict[str, object]:
        return {"attributes": {self._attribute: self._values[choice]}}

    def found(self, profile: Mapping[str, object]) -> Choice | None:
        value = _inside(profile, "attributes", self._attribute)
        if not isinstance(value, bool | int | str):
            return None
        return next(
            (choice for choice, meant in self._values.items() if _folded(meant) == _folded(value)), None
        )


class NativeAgreement:
    """The native e-mail agreement; where e-mails are not unique, the attribute that stands for it.

    `attributes.newsletter_agreement` is never used: over the API Synerise ignores that name and still answers
    success (php-sdk f8b9074 `lib/V4/Models/CreateClientRequestBody.php`). And `agreements.email` has no effect
    in a workspace with non-unique e-mails (php-sdk f8b9074 `lib/V4/Models/Agreements.php`).
    """

    def __init__(self, workspace: Workspace) -> None:
        self._attribute: str | None = None
        if workspace.synerise_emails == "non-unique":
            if not workspace.synerise_attribute:
                raise ValueError("a workspace with non-unique e-mails needs RESIGN_SYNERISE_ATTRIBUTE")
            self._attribute = workspace.synerise_attribute

    def written(self, choice: Choice) -> dict[str, object]:
        if self._attribute is None:
            return {"agreements": {"email": choice == "opt-in"}}
        return {"attributes": {self._attribute: _ATTRIBUTE_VALUES[choice]}}

    def found(self, profile: Mapping[str, object]) -> Choice | None:
        if self._attribute is None:
            value = _inside(profile, "agreements", "email")
            return _SPELLINGS.get(value) if isinstance(value, bool | int | str) else None
        value = _inside(profile, "attributes", self._attribute)
        return next((choice for choice, text in _ATTRIBUTE_VALUES.items() if value == text), None)


def _folded(value: object) -> str:
    return str(value).lower()


def _inside(profile: Mapping[str, object], outer: str, inner: str) -> object:
    held = profile.get(outer)
    return held.get(inner) if isinstance(held, dict) else None
