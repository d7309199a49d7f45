"""A push without a push: counts, reasons and ten examples; nothing is written and nobody is called."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from resign.push.batches import Batch

_EXAMPLES = 10
_SHOWN_OF_A_LINK = 24
# Reasons are ours and few; should one ever carry a number from the file, memory still stays flat.
_MOST_REASONS = 50
_OTHER = "other reasons"


@dataclass(slots=True)
class Rehearsal:
    rows: int = 0
    rejected: int = 0
    batches: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    # The line, the masked identifier, and how its link begins.
    examples: list[tuple[int, str, str]] = field(default_factory=list)


def rehearse(batches: Iterable[Batch], base_url: str) -> Rehearsal:
    found = Rehearsal()
    for batch in batches:
        found.rows += batch.rows
        found.batches += bool(batch.items)
        found.rejected += len(batch.rejected)
        for (profile, token), rows in zip(batch.items, batch.named, strict=True):
            found.kinds[profile.kind] += len(rows)
            if len(found.examples) < _EXAMPLES:
                shown = f"{base_url}/u/{token}"[: len(base_url) + _SHOWN_OF_A_LINK] + "…"
                found.examples.append((rows[0].line, profile.masked(), shown))
        for reject in batch.rejected:
            known = reject.reason in found.reasons or len(found.reasons) < _MOST_REASONS
            found.reasons[reject.reason if known else _OTHER] += 1
    return found
