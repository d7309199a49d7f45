"""Whom something is about: exactly one identifier, as Synerise knows it."""

import re
from typing import Any

from pydantic import Field, model_validator

from resign.api.model import Asked, Text, _as_it_is_sent, optional
from resign.profile import Profile

DIGEST = "^[0-9a-f]{32}$"
_DIGEST = re.compile(DIGEST)


def _exactly_one(schema: dict[str, Any]) -> None:
    _as_it_is_sent(schema)
    schema |= {"minProperties": 1, "maxProperties": 1}


class Who(Asked, json_schema_extra=_exactly_one):
    """A profile, by exactly one of its identifiers."""

    email: Text = optional("The address. The case of its letters does not count.")
    customId: Text = optional("Your own identifier of the profile.")  # noqa: N815 - Synerise's own spelling
    clientId: Text = optional("Synerise's own number of the profile, as text.")  # noqa: N815 - the same

    @model_validator(mode="after")
    def _one(self) -> "Who":
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one identifier")
        return self

    @property
    def given(self) -> tuple[str, str]:
        [kind] = self.model_fields_set
        return kind, getattr(self, kind)

    def profile(self) -> Profile:
        """Raises BadProfile where it can be nobody's identifier."""
        return Profile.of(*self.given)


class WhoOrDigest(Who, json_schema_extra=_exactly_one):
    """A profile, by exactly one of its identifiers or by the keyed digest of one."""

    digest: str = Field(
        default=None,  # type: ignore[assignment] # left out is not null
        pattern=DIGEST,
        description="The keyed digest of an identifier, as answers of the API carry it.",
    )


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None
