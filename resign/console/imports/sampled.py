"""Rows of a file as people may see them: what names somebody is masked, and so is all that nobody said the meaning of."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.imports.mapping import RowMapping
from resign.imports.reading import Reject, Shape, Unreadable, read
from resign.imports.tables import ImportRow
from resign.ledger.tables import Decision
from resign.profile import Kind, Profile

_FEW = 5
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One row's end: `masked` names the person where a decision of theirs was recorded, and is kept."""

    number: int
    verdict: str
    masked: str | None
    taken_back: str | None


def told_rows(session: Session, rows: Sequence[ImportRow]) -> list[Told]:
    wanted = [row.decision for row in rows if row.decision is not None]
    query = select(Decision.id, Decision.kind, Decision.identifier).where(Decision.id.in_(wanted))
    masked = {
        found.id: Profile(cast("Kind", found.kind), found.identifier).masked()
        for found in session.execute(query)
        if found.identifier is not None
    }
    return [
        Told(row.number, row.verdict, masked.get(row.decision) if row.decision else None, row.taken_back)
        for row in rows
    ]


def first_rows(path: Path, shape: Shape, mapping: RowMapping) -> list[tuple[int, list[str] | str]]:
    """The first few: of each its number, and its values as they may be shown, or why it is refused."""
    names = set(mapping.identifiers.values())
    shown: list[tuple[int, list[str] | str]] = []
    with suppress(Unreadable):
        for each in islice(read(path, shape), _FEW):
            if isinstance(each, Reject):
                shown.append((each.number, each.reason))
            else:
                shown.append(
                    (each.number, [_shown(name, text, names, mapping) for name, text in each.values.items()])
                )
    return shown


def values_in(path: Path, shape: Shape, column: str, most: int = 500) -> Mapping[str, int]:
    """What stands in a column among the first rows, and how often."""
    found: dict[str, int] = {}
    with suppress(Unreadable):
        for each in islice(read(path, shape), most):
            if not isinstance(each, Reject) and (text := each.values.get(column, "").strip()):
                found[text] = found.get(text, 0) + 1
    return found


def _shown(name: str, text: str, identifiers: set[str], mapping: RowMapping) -> str:
    if not text:
        return ""
    if name in identifiers or "@" in text:
        return _masked(text)
    if name in mapping.columns:
        return text[:_MOST_SHOWN]
    return f"{text[0]}•••"


def _masked(text: str) -> str:
    local, at, domain = text.strip().rpartition("@")
    return f"{local[:1]}•••@{domain[:_MOST_SHOWN]}" if at else f"•••{text[-2:]}" if len(text) > 4 else "•••"  # noqa: PLR2004 - as profiles
