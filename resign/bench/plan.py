"""What a run of the benchmark is asked to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds are those of one round; `only` is empty for every figure."""

    folder: Path
    engines: tuple[str, ...]
    server: str | None
    say: Callable[[str], None]
    rounds: int = 5
    seconds: int = 2
    connections: int = 32
    steady_seconds: int = 20
    per_second: int = 50
    answer_after: float = 0.02
    # The bare loop and the worker are both at their hardest where the other side answers at once.
    drain_answer_after: float = 0.0
    backlog: int = 10_000
    # Rows of each round of `push`, and of the two files whose peaks of memory are compared.
    push_rows: int = 50_000
    memory_rows: tuple[int, ...] = (10_000, 1_000_000)
    import_rows: int = 20_000
    feed_rows: int = 100_000
    # Of the larger of the two ledgers that `search` measures in; the other has a tenth.
    decisions: int = 1_000_000
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only
