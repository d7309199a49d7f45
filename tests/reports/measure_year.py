"""How long the reports over a year take at a million decisions: `python -m tests.reports.measure_year [URL]`.

Fills the rollups of a year through the code that counts, then asks each figure several times; a figure reads no
ledger. Then lets the chore count a small ledger, for its speed and for how long it holds the writer's turn. In a
SQLite file in a temporary folder, unless the URL of an empty database is given.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from statistics import median
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.ids import new_id
from resign.ledger.tables import Decision
from resign.outbox.tables import Attempt, MessageRow
from resign.reports import figures
from resign.reports.changes import changes_of, write
from resign.reports.chart import Spoken, svg
from resign.reports.durations import bucket_of
from resign.reports.facts import Fact
from resign.reports.rollups import Rollups
from resign.reports.span import Span
from resign.reports.zones import Zones

MANY, LEDGER, PART = 1_000_000, 20_000, 20_000
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))
WARSAW = {"default": ZoneInfo("Europe/Warsaw")}
CAMPAIGNS = [None, *(f"campaign-{number:02}" for number in range(40))]


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{tempfile.mkdtemp()}/year.db"
    database = Database(url, connections=4)
    upgrade(database)
    chance = random.Random(1)
    fill_rollups(database, chance)
    ask(database)
    fill_ledger(database, chance)
    count(database)
    database.close()


def decisions(many: int, chance: random.Random) -> Iterator[dict[str, object]]:
    """A year of presses; one in thirty is undone by the next decision."""
    for seq in range(1, many + 1):
        undo = seq % 30 == 0
        person = seq - 1 if undo else seq
        yield {
            "seq": seq, "id": new_id(), "workspace": "default", "kind": "email", "owed": False,
            "identifier": f"person{person}@mail{person % 5000}.example", "digest": f"{person:032}",
            "agreement": "newsletter", "choice": "opt-in" if undo else "opt-out", "actor": "person",
            "method": "page" if undo else chance.choice(["page", "one-click", "one-click", "preferences"]),
            "at": BEGIN + timedelta(days=365) * (seq / (many + 1)),
            "campaign": chance.choice(CAMPAIGNS), "language": chance.choice(["en", "pl", "de"]),
        }  # fmt: skip


def fill_rollups(database: Database, chance: random.Random) -> None:
    zones, rows = Zones(WARSAW, {}), decisions(MANY, chance)
    while part := list(islice(rows, PART)):
        facts = [
            Fact(SimpleNamespace(**row), confirmed=bucket_of(timedelta(seconds=chance.lognormvariate(0, 1))))
            for row in part
        ]
        changes = changes_of(facts, {}, zones)
        changes.marks.clear()
        with database.writing() as session:
            write(session, changes)
            session.commit()


def ask(database: Database) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    asked = {
        "opt-outs": lambda s: figures.opt_outs_over_time(s, "default", YEAR),
        "opt-outs by method": lambda s: figures.opt_outs_over_time(s, "default", YEAR, "method"),
        "opt-outs by campaign": lambda s: figures.opt_outs_over_time(s, "default", YEAR, "campaign"),
        "undone": lambda s: figures.share_undone(s, "default", YEAR),
        "confirmation": lambda s: figures.time_to_confirmation(s, "default", YEAR, now),
        "bursts": lambda s: figures.bursts(s, "default", YEAR),
    }
    for name, answers in asked.items():
        took, busy = [], []
        for _ in range(15):
            begun, worked = time.perf_counter(), time.process_time()
            with database.reading() as session:
                figure = answers(session)
            took.append(time.perf_counter() - begun)
            busy.append(time.process_time() - worked)
        begun = time.perf_counter()
        drawn = svg(figure.chart, Spoken("t", "d")) if figure.chart else ""
        say(
            f"{name}: {median(took) * 1000:.0f} ms, at best {min(took) * 1000:.0f}, of our own processor "
            f"{median(busy) * 1000:.0f}; drawn in {(time.perf_counter() - begun) * 1000:.0f} ms, {len(drawn) // 1000} kB"
        )


def fill_ledger(database: Database, chance: random.Random) -> None:
    """Each told, and confirmed a moment later."""
    rows = list(decisions(LEDGER, chance))
    message = {"destination": "synerise", "workspace": "default", "subject": "s", "agreement": "newsletter"}
    messages = [
        {"id": row["seq"], "decision_seq": row["seq"], "state": "confirmed", "due_at": row["at"], **message}
        for row in rows
    ]
    attempts = [
        {"message_id": row["seq"], "at": row["at"], "phase": phase, "outcome": outcome, "milliseconds": 20}
        for row in rows
        for phase, outcome in (("tell", "accepted"), ("read-back", "confirmed"))
    ]
    with database.writing() as session:
        for table, values in ((Decision, rows), (MessageRow, messages), (Attempt, attempts)):
            session.connection().execute(insert(table.__table__), values)
        session.commit()


def count(database: Database) -> None:
    rollups = Rollups(database, WARSAW, {"default": b"k" * 16}, SystemClock())
    begun, held = time.perf_counter(), []
    while (found := rollups.look()).moved:
        taken = time.perf_counter()
        rollups.write(found)
        held.append(time.perf_counter() - taken)
    say(
        f"counted {LEDGER / (time.perf_counter() - begun):,.0f} decisions a second; "
        f"a write took {median(held) * 1000:.0f} ms, at most {max(held) * 1000:.0f}"
    )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
