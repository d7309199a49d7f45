"""Files as people give them, a scripted Synerise, and what came of each row."""

import io
import threading

import pytest

from resign.outbox.contract import Accepted, SendAlone
from resign.push.columns import Columns
from resign.push.csv_rows import CsvRows
from resign.push.jsonl_rows import JsonlRows
from resign.push.lines import Lines
from resign.push.rows import profile_of


class Read:
    """`rows` as they came; `named` maps the line of each to its profile or to its reason."""

    def __init__(self, reader):
        self.reader = reader
        self.rows = []
        self.ends = []
        while (row := reader.next()) is not None:
            self.rows.append(row)
            self.ends.append(reader.end)
        self.named = {row.line: profile_of(row) for row in self.rows}

    @property
    def texts(self):
        return {
            line: f"{of.kind} {of.value}" if not isinstance(of, str) else of
            for line, of in self.named.items()
        }


def as_csv(content, *columns):
    content = content.encode() if isinstance(content, str) else content
    return CsvRows(Lines(io.BytesIO(content)), Columns.of(columns))


def as_jsonl(content, *columns):
    content = content.encode() if isinstance(content, str) else content
    return JsonlRows(Lines(io.BytesIO(content)), Columns.of(columns))


@pytest.fixture
def csv_of():
    return lambda content, *columns: Read(as_csv(content, *columns))


@pytest.fixture
def jsonl_of():
    return lambda content, *columns: Read(as_jsonl(content, *columns))


class ScriptedWriter:
    """Takes everything but the `bad`; keeps each call. `before` may answer first, with an outcome of its own."""

    def __init__(self):
        self.bad = set()
        self.calls = []
        self.before = lambda _values: None
        self._turn = threading.Lock()

    def write(self, items):
        values = [profile.value for profile, _ in items]
        with self._turn:
            self.calls.append(values)
            first = self.before(values)
        if first is not None:
            return first
        return SendAlone("Synerise answered 207") if self.bad & set(values) else Accepted()

    def write_one(self, profile, token):
        return self.write([(profile, token)])

    @property
    def written(self):
        return [value for values in self.calls for value in values]


@pytest.fixture
def writer():
    return ScriptedWriter()
