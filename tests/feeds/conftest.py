"""A feed into a folder, people who decide, and what the files say in the end."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from resign.db import Database
from resign.feeds.feed import Feeding
from resign.feeds.lanes import standing
from resign.feeds.sinks.contract import NotTaken
from resign.feeds.sinks.folder import FolderSink
from resign.feeds.tables import FeedLane
from resign.settings.destinations import FileTo, destinations
from tests.support.clock import StandingClock
from tests.support.decisions import decision, record

UTC = ZoneInfo("UTC")


class Stubborn:
    """A folder that takes nothing while `says` is set."""

    def __init__(self, path: Path) -> None:
        self._folder = FolderSink(path)
        self.says = ""
        self.tried: list[str] = []

    def put(self, file, alive) -> None:
        self.tried.append(file.name)
        if self.says:
            raise NotTaken(self.says)
        self._folder.put(file, alive)

    proves = "files can be put there"

    def probe(self) -> None:
        self._folder.probe()


@dataclass
class Set:
    """One feed of the workspace `default` into a folder."""

    database: Database
    clock: StandingClock
    tmp_path: Path
    to: FileTo
    zone: ZoneInfo = UTC
    folder: Path = field(init=False)
    sink: Stubborn = field(init=False)
    feeding: Feeding = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.to.place.path
        self.folder.mkdir(exist_ok=True)
        self.sink = Stubborn(self.folder)
        self.feeding = self.another()

    def another(self) -> Feeding:
        """As another process has it."""
        return Feeding(
            self.database, "default", self.to, self.sink, self.clock, zone=self.zone, folder=self.tmp_path
        )

    def runs(self) -> None:
        while self.feeding.step():
            pass

    @property
    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir())

    def rows(self, name: str) -> list[list[str]]:
        """Of a CSV file, without its header."""
        return list(csv.reader(io.StringIO((self.folder / name).read_text(), newline="")))[1:]

    @property
    def told(self) -> list[str]:
        """The identifiers in all files, in their order."""
        return [row[0] for name in self.files for row in self.rows(name)]

    def lane(self, name: str) -> FeedLane:
        with self.database.reading() as session:
            return standing(session, "default", self.to.name).lanes[name]


@pytest.fixture
def feed(database: Database, clock: StandingClock, tmp_path: Path) -> Callable[..., Set]:
    """`more` is TOML behind the path; the folder is `crm`."""

    def make(more: str = "", zone: str = "UTC") -> Set:
        text = f"[crm]\nkind = 'folder'\npath = '{tmp_path / 'crm'}'\n{more}"
        return Set(database, clock, tmp_path, destinations(text)["crm"], ZoneInfo(zone))

    return make


@pytest.fixture
def decides(database: Database, clock: StandingClock) -> Callable[..., None]:
    """A second after whatever came last."""

    def now(profile, choice: str = "opt-out", **more) -> None:
        clock.advance(seconds=1)
        record(database, decision(clock, profile, choice, **more))

    return now
