"""One figure of the benchmark: its name, its value, what it should be, and the measurements it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """The bound that the issue sets: at least so much, or at most."""

    bound: float
    at_least: bool

    def met_by(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Target:
    return Target(bound, at_least=True)


def at_most(bound: float) -> Target:
    return Target(bound, at_least=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit` is empty for a ratio. `measured` holds what the value was made of, for the JSON."""

    name: str
    engine: str
    value: float
    unit: str = ""
    target: Target | None = None
    measured: Mapping[str, Any] = field(default_factory=dict)
    # Acknowledged, but not found in the database afterwards: the one thing that must never be above zero.
    lost: int = 0

    @property
    def met(self) -> bool | None:
        return self.target.met_by(self.value) if self.target else None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "engine": self.engine,
            "value": round(self.value, 4),
            "unit": self.unit or "ratio",
            "target": str(self.target) if self.target else None,
            "met": self.met,
            "lost": self.lost,
            **self.measured,
        }


def median_ratio(ours: Sequence[float], bare: Sequence[float]) -> float:
    """The median of the rounds' ratios: a round that the machine spoilt spoils both of its sides, and is outvoted."""
    return median(one / other for one, other in zip(ours, bare, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
