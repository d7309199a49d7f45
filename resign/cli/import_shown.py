"""An import as the shell shows it: how the file was read, what it changes, and what became of its rows."""

import json
import sys
from collections.abc import Iterable

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.imports import batches
from resign.imports.choices import OPT_IN, OPT_OUT
from resign.imports.mapping import RowMapping
from resign.imports.reading import Shape
from resign.imports.reasons import REASONS, REVERSALS, Reason
from resign.imports.suggesting import times_in
from resign.imports.tables import ImportBatch


def show_mapping(shape: Shape, mapping: RowMapping) -> None:
    """What was found out, so that a wrong guess is seen."""
    said = [shape.format, shape.encoding]
    if shape.format == "csv":
        said.append({"\t": "tabs", " ": "blanks"}.get(shape.delimiter, f"cells apart by {shape.delimiter!r}"))
    click.echo(f"Read as {', '.join(filter(None, said))}; columns: {', '.join(shape.columns[:20])}")
    for key, value in mapping.table().items():
        click.echo(f"  {key} = {json.dumps(_without_usual_words(value), ensure_ascii=False)[:200]}")
    times = times_in(shape.columns)
    if mapping.when is not None and len(times) > 1:
        click.echo(
            f"  more than one column may say when it was decided: {', '.join(times)}; look whether {mapping.when} is right"
        )
    if mapping.when is None:
        click.echo(
            "  no column was taken for when it was decided: an opt-out counts as of now, and an opt-in overrules no "
            "opt-out. Name one with --when, where there is one."
        )


def _without_usual_words(value: object) -> object:
    """The words of opt-out and opt-in that every file may have would hide the rest."""
    if not isinstance(value, dict):
        return value
    usual = {"opt-out": OPT_OUT, "opt-in": OPT_IN, "request": frozenset[str]()}
    return {key: each for key, each in value.items() if key not in usual or set(each) != usual[key]}


def show_batch(batch: ImportBatch) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    console.print(f"{batch.id}  {escape(batch.name)}  {batch.workspace}  {batch.state}")
    console.print(f"rows: {batches.rows_of(batch):,}" + (f"  from: {batch.origin}" if batch.origin else ""))
    if batch.why:
        console.print(escape(batch.why))
    counts = batches.counts_of(batch)
    if counts:
        console.print(_table("rows", counts.items(), REASONS | {batches.MATCHED: _MATCHED}))
    changes = batches.changes_of(batch)
    if changes:
        table = Table("agreement", "before", "after", "decisions")
        for (agreement, before, after), count in sorted(changes.items()):
            table.add_row(agreement, "nothing known" if before == "-" else before, after, f"{count:,}")
        console.print(table)
    taken_back = batches.taken_back_of(batch)
    if taken_back:
        console.print(_table("taken back", taken_back.items(), REVERSALS))


_MATCHED = Reason("people who are known here by an address on the list", "nothing is to be done")


def _table(title: str, counts: Iterable[tuple[str, int]], reasons: dict[str, Reason]) -> Table:
    table = Table(title, "", "what that means", "what to do")
    for code, count in sorted(counts, key=lambda each: -each[1]):
        reason = reasons.get(code, Reason(code.replace("-", " "), "look at the row in the file of rejects"))
        table.add_row(f"{count:,}", code, reason.words, reason.remedy)
    return table
