"""`kill -9` in the middle of an import, again and again: each row once, and none missing."""

import os
import signal
import subprocess
import sys
import time
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from resign.imports.tables import ImportBatch, ImportRow
from resign.ledger.tables import Decision
from tests.support.variables import VARIABLES

PEOPLE = 9_000
PATIENCE = 120
COMMAND = [sys.executable, "-m", "resign", "import"]


@pytest.fixture
def environment(database, database_url, tmp_path):
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("RESIGN_")}
    return {
        **surroundings,
        **VARIABLES,
        "RESIGN_DATABASE_URL": database_url,
        "RESIGN_DATA_DIR": str(tmp_path / "data"),
    }


def reached(database) -> tuple[UUID | None, str, int]:
    with database.reading() as session:
        row = session.execute(select(ImportBatch.id, ImportBatch.state, ImportBatch.reached)).first()
    return (None, "", 0) if row is None else (row.id, row.state, row.reached)


def killed_on_its_way(command, environment, database, behind: int) -> None:
    """Kills it with its first rows behind `behind`."""
    deadline = time.monotonic() + PATIENCE
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while True:
            _, state, row = reached(database)
            if state == "running" and row > behind:
                break
            assert process.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    with database.writing() as session:  # a minute goes by
        session.execute(update(ImportBatch).values(leased_until=ImportBatch.created_at))
        session.commit()


def test_nothing_twice_and_nothing_missing(environment, database, tmp_path):
    file = tmp_path / "list.csv"
    rows = [f"person{n}@example.com" if n % 50 else "nobody" for n in range(1, PEOPLE + 1)]
    file.write_text("email\n" + "\n".join(rows))
    killed_on_its_way([*COMMAND, "run", str(file), "--yes"], environment, database, 0)
    number, _, row = reached(database)
    killed_on_its_way([*COMMAND, "resume", str(number)], environment, database, row)
    assert 0 < reached(database)[2] < PEOPLE
    finished = subprocess.run(
        [*COMMAND, "resume", str(number)], env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert reached(database) == (number, "done", PEOPLE + 1)
    with database.reading() as session:
        people = session.scalars(select(Decision.identifier).order_by(Decision.seq)).all()
        found = session.execute(
            select(func.count(), func.count(ImportRow.number.distinct()), func.max(ImportRow.number))
        ).one()
        batch = session.get(ImportBatch, number)
    assert people == [who for who in rows if who != "nobody"]
    assert tuple(found) == (PEOPLE, PEOPLE, PEOPLE + 1)
    rejects = (tmp_path / "data" / "imports" / str(number) / "rejects.csv").read_bytes()
    assert rejects.count(b"\r\n") == PEOPLE // 50 + 1
    assert len(rejects) == batch.rejects_size
