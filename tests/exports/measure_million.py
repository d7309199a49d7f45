"""How fast a million decisions are exported, in how much memory: `python -m tests.exports.measure_million [FILE]`.

Writes a ledger with its messages and the search's index into a SQLite file in a temporary folder, or takes the FILE of
an earlier run. Then the worker's chore exports all of it, by itself first and then once more while somebody presses
all the time; and the file is read as a download reads it. Memory is the process's resident set, its own processor time
is told beside the clock's, since the machine may be busy with other work.
"""

import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

from resign.bench.ledger import fill
from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.exports import shelf
from resign.exports.asking import Asked, put_down
from resign.exports.exporter import Exporter
from resign.exports.tables import Export
from resign.ledger import Intake, decide
from resign.profile import Profile
from resign.search.indexer import Indexer
from resign.staff.roles import Staff

MANY = 1_000_000
KEY = b"digest-secret-of-the-measurement"
SHE = Staff(id=1, name="mia", grants={"default": frozenset({"support"})})
CLOCK = SystemClock()
_PRESSES = 150
_EVERY_SECONDS = 0.1


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "million.db"
    new = not file.exists()
    database = Database(f"sqlite:///{file}", connections=4)
    if new:
        upgrade(database)
        fill(database, KEY, 0, MANY, indexed_to=MANY)
    say(f"a ledger of {MANY:,} decisions, {file.stat().st_size / 1e6:,.0f} MB")
    number = ask(database)
    with measured("exported"):
        held = write(database)
    say(f"  {len(held)} pieces; the writer was held {ms(median(held))}, at most {ms(max(held))}")
    with measured("read as a download reads it"):
        size = sum(map(len, shelf.content(database, of(database, number))))
    say(f"  {size / 1e6:,.0f} MB of CSV")
    press_meanwhile(database)
    database.close()


def press_meanwhile(database: Database) -> None:
    """The worker is a process of its own, as it is where it counts."""
    alone = pressed(database)
    ask(database)
    url = database.url.render_as_string()
    worker = multiprocessing.get_context("spawn").Process(target=write_beside, args=(url,))
    worker.start()
    meanwhile = pressed(database)
    worker.kill()
    worker.join()
    say(f"a press without an export {of_all(alone)}; while one is written {of_all(meanwhile)}")


def ask(database: Database) -> int:
    indexer = Indexer(database, CLOCK)
    while indexer.step():
        pass
    with database.writing() as session:
        number = put_down(session, SHE, Asked("", clear=True, why="measured"), ["default"], CLOCK.now()).id
        session.commit()
    return number


def of(database: Database, number: int) -> Export:
    with database.reading() as session:
        return session.get_one(Export, number)


def write_beside(url: str) -> None:
    write(Database(url, connections=1))


def write(database: Database) -> list[float]:
    """How long the writer was held for each piece."""
    held: list[float] = []
    writing = database.writing

    @contextmanager
    def timed() -> Iterator[object]:
        with writing() as session:
            begun = time.perf_counter()
            yield session
            held.append(time.perf_counter() - begun)

    own = Database(database.url.render_as_string(), connections=1)
    writing = own.writing
    own.writing = timed  # type: ignore[method-assign,assignment]
    exporter = Exporter(own, {"default": KEY}, CLOCK)
    while exporter.step():
        pass
    own.close()
    return held


def pressed(database: Database) -> list[float]:
    """Opt-outs, one after the other, as a web process takes them; how long each took until it was durable."""
    intake, took = Intake(database), []
    for number in range(_PRESSES):
        made = decide(
            digest_key=KEY, profile=Profile("email", f"new{number}@example.com"), choice="opt-out", at=CLOCK.now(),
            workspace="default", agreement="newsletter", method="page",
        )  # fmt: skip
        begun = time.perf_counter()
        intake.append(made)
        took.append(time.perf_counter() - begun)
        time.sleep(_EVERY_SECONDS)
    return took


@contextmanager
def measured(what: str) -> Iterator[None]:
    process, most, done = psutil.Process(), [0], threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        while not done.wait(0.2):
            most[0] = max(most[0], process.memory_info().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    begun, worked = time.perf_counter(), time.process_time()
    yield
    took, busy = time.perf_counter() - begun, time.process_time() - worked
    done.set()
    watching.join()
    say(
        f"{what}: {MANY / took:,.0f} rows a second by the clock, {MANY / busy:,.0f} by our own processor time "
        f"({took:.0f} s, {busy:.0f} s); memory before {before / 1e6:.0f} MB, at most {most[0] / 1e6:.0f} MB"
    )


def of_all(took: list[float]) -> str:
    took = sorted(took)
    return f"{ms(median(took))}, p95 {ms(took[len(took) * 95 // 100])}, at most {ms(took[-1])}"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
