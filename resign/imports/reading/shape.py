"""What a file looks like, what its rows hold, why some are refused, and how much of anything is too much."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Format = Literal["csv", "xml", "json", "jsonl", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "xml", "json", "jsonl", "xlsx")

# Why a row is refused before anybody asks what it says:
#   too-few-values   it has fewer values than there are columns
#   too-many-values  it has more
#   too-long         it has more than LONGEST_ROW characters
#   broken-quotes    a quote is closed in the middle of a value, so nobody knows where the values end
#   not-text         bytes that are no text in the file's encoding, or a NUL
#   cut-off          the file ends in the middle of it
#   not-an-object    it is JSON, but no object
#   not-json         it is no JSON
#   nested           one of its values holds values itself
#   repeated-value   it names the same value twice
#   broken-file      from this row on the file cannot be read
Reason = Literal[
    "too-few-values", "too-many-values", "too-long", "broken-quotes", "not-text", "cut-off", "not-an-object",
    "not-json", "nested", "repeated-value", "broken-file",
]  # fmt: skip

# Characters, or bytes where a format is read as bytes. A decision's row has a few hundred; below what the csv
# module itself takes as one value, so that it never gives up in the middle of one.
LONGEST_ROW = 100_000
MOST_COLUMNS = 500
LONGEST_NAME = 200
# Elements within elements, or arrays within arrays.
DEEPEST = 20
# The beginning of a file, from which its delimiter and its columns are found out.
SAMPLE = 256 * 1024


class Unreadable(Exception):
    """The whole file is refused. The message is a sentence for people, and quotes nothing of the file."""


class TooLong(Exception):
    """One row has more than LONGEST_ROW characters; said among the modules here only."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found out about a file. People are shown it, and may say otherwise (`dataclasses.replace`).

    `columns` of a CSV or xlsx without a header are `column 1`, `column 2`, … (see `columns.py`); setting
    them so says that the first row is one like the others.
    """

    format: Format
    encoding: str  # "" for xlsx
    delimiter: str  # "" for all but csv
    columns: tuple[str, ...]
    record: str = ""  # xml: the name of the element that is a row; json: the path of the array
    sheet: str = ""  # xlsx


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as a spreadsheet or an editor counts: a header is row 1. `values` holds every column, "" where it is empty."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reject:
    number: int
    reason: Reason
