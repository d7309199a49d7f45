"""What was found so far, in figures: rows by what became of them, decisions by what they change."""

import json
from collections import Counter
from dataclasses import dataclass, field

from resign.imports.tables import ImportBatch


@dataclass(slots=True)
class Tally:
    """`changes` by agreement, where the person stood before (`-` for nothing known) and after."""

    counts: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, batch: ImportBatch) -> "Tally":
        return cls(Counter(json.loads(batch.counts)), Counter(json.loads(batch.changes)))

    def with_more(self, other: "Tally") -> "Tally":
        return Tally(self.counts + other.counts, self.changes + other.changes)

    def change(self, agreement: str, before: str | None, after: str) -> None:
        self.changes[f"{agreement} {before or '-'} {after}"] += 1

    def columns(self) -> dict[str, str]:
        return {
            "counts": json.dumps(self.counts, sort_keys=True),
            "changes": json.dumps(self.changes, sort_keys=True),
        }

    def expected(self) -> str:
        """As a dry run leaves it."""
        rows = self.counts.total()
        return json.dumps({"rows": rows, "counts": self.counts, "changes": self.changes}, sort_keys=True)
