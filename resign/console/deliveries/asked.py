"""What the list of dead letters was asked for: kept in its address, and carried by its forms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from resign.console.access import mine
from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.outbox.dead import Which

AGES = {
    "hour": (timedelta(hours=1), mark("an hour or longer ago")),
    "day": (timedelta(days=1), mark("a day or longer ago")),
    "week": (timedelta(weeks=1), mark("a week or longer ago")),
    "month": (timedelta(days=30), mark("a month or longer ago")),
}
_MOST_REASON = 255
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """Nothing leaves it open. `after` is the number of the last letter of the page before."""

    workspace: str
    destination: str
    reason: str
    age: str
    after: int

    @property
    def fields(self) -> dict[str, str]:
        named = {
            "workspace": self.workspace, "destination": self.destination, "reason": self.reason, "age": self.age,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value}

    def which(self, workspaces: Collection[str], now: datetime) -> Which:
        until = now - AGES[self.age][0] if self.age else None
        return Which(workspaces=workspaces, destination=self.destination, reason=self.reason, until=until)

    def behind(self, number: int) -> str:
        return self._address({"after": number})

    def back(self, **said: int) -> str:
        """The list again, and on it what was done."""
        return self._address({name: count for name, count in said.items() if count})

    def _address(self, more: dict[str, int]) -> str:
        values: dict[str, Any] = {**self.fields, **more}
        return url_for("letters.letters", **values)


def destinations() -> list[str]:
    """Of all workspaces that somebody looks after, each name once."""
    return list(dict.fromkeys(name for each in mine("operator") for name in desk().destinations[each]))


def asked() -> Asked:
    """Raises Problem for a filter that says nothing: sending again without it would send too much."""
    given = Asked(
        workspace=_field("workspace"),
        destination=_field("destination"),
        reason=" ".join(_field("reason").replace("\x00", "").split())[:_MOST_REASON],
        age=_field("age"),
        after=_after(),
    )
    if given.workspace and given.workspace not in mine("operator"):
        raise Problem(404, mark("There is no page here."))
    if (given.destination and given.destination not in destinations()) or (
        given.age and given.age not in AGES
    ):
        raise Problem(400, mark("This filter is not understood. Nothing was changed. Choose it again."))
    return given


def _field(name: str) -> str:
    return request.values.get(name, "").strip()


def _after() -> int:
    text = _field("after")
    if text and not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise Problem(400, mark("This filter is not understood. Nothing was changed. Choose it again."))
    return int(text or 0)
