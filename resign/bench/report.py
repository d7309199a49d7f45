"""The figures for people, as a table, and for machines, as JSON."""

import os
import platform
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from resign.bench.figure import Figure

_SAYS = {True: "yes", False: "NO", None: ""}


def table(figures: Sequence[Figure]) -> Table:
    shown = Table("figure", "engine", "value", "wanted", "met", "measured", title="resign bench")
    for figure in figures:
        shown.add_row(
            figure.name,
            figure.engine,
            f"{figure.value:.3g} {figure.unit}".strip(),
            f"{figure.target} {figure.unit}".strip() if figure.target else "",
            _SAYS[figure.met],
            ", ".join(f"{name} {value}" for name, value in figure.measured.items()),
        )
    return shown


def as_json(figures: Sequence[Figure]) -> dict[str, Any]:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return {"machine": machine, "figures": [figure.as_json() for figure in figures]}
