"""The ways from the top of a long page to what is marked in it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from resign.console.spoken import mark, say
from resign.console.themes.part import Faults

_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """`count` of all, and the first of them: where each leads, and what it is called."""

    count: int
    shown: tuple[tuple[str, str], ...]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def to_faults(labels: Mapping[str, str], faults: Faults) -> Ways:
    """In the order of the page; to its lines where a field has any."""
    found = [
        each for field, label in labels.items() if field in faults for each in _of_field(field, label, faults)
    ]
    return Ways(count=len(found), shown=tuple(found[:_MOST]))


def to_fields(labels: Mapping[str, str], fields: Container[str]) -> Ways:
    found = [(field, label) for field, label in labels.items() if field in fields]
    return Ways(count=len(found), shown=tuple(found[:_MOST]))


def first_of(labels: Mapping[str, str], *fields: Container[str]) -> str:
    """What is marked first on the page; empty where nothing is."""
    return next((field for field in labels if any(field in each for each in fields)), "")


def _of_field(field: str, label: str, faults: Faults) -> list[tuple[str, str]]:
    lines = dict.fromkeys(fault.line for fault in faults[field])
    return [
        (f"line-{line}", say(mark("Line %(line)s"), line=line)) if line else (field, label)
        for line in sorted(lines, key=lambda line: line or 0)
    ]
