"""A suppression file by hand: everybody who is out, line by line, whatever their number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from resign.db import Database
from resign.feeds.cells import Cells
from resign.feeds.formats import lines
from resign.feeds.lanes import last_decision
from resign.feeds.rows import Wanted, rows
from resign.ledger.directly import stop_others
from resign.reports.csv_lines import begins_a_formula
from resign.reports.figure import Cell
from resign.settings.destinations.columns import Column
from resign.settings.destinations.file_to import Address, FileFormat

ListFormat = Literal["text", "csv", "xml", "json", "jsonl"]


@dataclass(slots=True)
class Suppressions:
    """One list. Once its lines are read, `rows` says how many there were, `left_out` how many had no address to tell,
    and `apostrophes` how many stand in CSV with an apostrophe in front, because a spreadsheet would run them.
    """

    database: Database
    workspace: str
    address: Address = "plain"
    agreements: tuple[str, ...] = ()
    since: datetime | None = None
    rows: int = field(default=0, init=False)
    left_out: int = field(default=0, init=False)
    apostrophes: int = field(default=0, init=False)

    def lines(self, form: ListFormat) -> Iterator[str]:
        """Nobody twice in a row: who is out of several agreements has a line for each in files with one agreement only."""
        names = ("email",) if self.address == "plain" else ("hash",)
        cells = Cells([Column(names[0], names[0])], {}, self.address)
        if form == "text":
            return (f"{row[0]}\n" for row in self._rows(cells))
        kind: FileFormat = form
        return lines(names, self._counted(cells) if form == "csv" else self._rows(cells), kind, frozenset())

    def _counted(self, cells: Cells) -> Iterator[Sequence[Cell]]:
        for row in self._rows(cells):
            self.apostrophes += begins_a_formula(str(row[0]))
            yield row

    def _rows(self, cells: Cells) -> Iterator[Sequence[Cell]]:
        last: object = None
        for page in rows(self.database, self._wanted(cells)):
            named = list(cells.of(page))
            self.left_out += len(page) - len(named)
            for row in named:
                # Whoever stops everything decides on each agreement, one right after the other.
                if row != last:
                    self.rows += 1
                    yield row
                last = row

    def _wanted(self, cells: Cells) -> Wanted:
        # Until nobody appends: a lower number must not be committed later. Nothing is written, so nothing is committed.
        with self.database.writing() as session:
            stop_others(session)
            top = last_decision(session)
        return Wanted(
            workspace=self.workspace, after=0, top=top, agreements=self.agreements, only_outs=True, since=self.since,
            hashes=None if self.address == "plain" else self.address, fields=cells.fields,
        )  # fmt: skip
