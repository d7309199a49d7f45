"""What every body and query is made of: dataclass-like models with a description on each field.

The checks, the OpenAPI description and the reference in the documentation all come from them.
"""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

# No control characters: they are nobody's name, and no database takes NUL.
PRINTABLE = "^[^\\x00-\\x1f\\x7f]*$"


def _as_it_is_sent(schema: dict[str, Any]) -> None:
    """A field that may be left out is not null then; pydantic says so of every default."""
    for shown in schema.get("properties", {}).values():
        if "default" in shown and shown["default"] is None:
            del shown["default"]
        shown.pop("title", None)
    schema.pop("title", None)


class Asked(BaseModel):
    """What somebody sends: nothing unknown is taken, and nothing is taken for something else."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, json_schema_extra=_as_it_is_sent
    )


class Answered(BaseModel):
    """What is answered: every field is there, also where it is null."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_as_it_is_sent)


def optional(description: str, **more: Any) -> Any:  # noqa: ANN401 - a field stands for whatever its annotation says
    """A field of `Asked` that may be left out, which is not the same as null."""
    return Field(default=None, description=description, **more)


Text = Annotated[str, Field(max_length=254, min_length=1, pattern=PRINTABLE)]
Short = Annotated[str, Field(max_length=64, min_length=1, pattern=PRINTABLE)]
Instant = AwareDatetime
