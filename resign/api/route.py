"""One address and method of the API: what it takes, what it answers, and who may ask. The description comes from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response
from pydantic import BaseModel

from resign.api_keys.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`path` with `{names}`. `answers` by status; `problems` are names of `resign.api.problems.KINDS`."""

    method: str
    path: str
    view: Callable[..., Response]
    summary: str
    description: str
    # None for what anybody may read.
    scope: Scope | None
    answers: Mapping[int, type[BaseModel]]
    problems: tuple[str, ...] = ()
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    # The body and the answer are one JSON value a line.
    by_lines: bool = False
    # A write that may be sent again under an Idempotency-Key.
    repeatable: bool = False
    # What stands for `{names}` in the path.
    names: Mapping[str, str] | None = None

    @property
    def rule(self) -> str:
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def endpoint(self) -> str:
        return self.view.__name__
