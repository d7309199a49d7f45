"""`kill -9` in the middle of an import or of taking it back, again and again: each row once, and none missing."""

import os
import signal
import subprocess
import sys
import time
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from resign.imports.batches import taken_back_of
from resign.imports.tables import ImportBatch, ImportRow
from resign.ledger.directly import append
from resign.ledger.tables import Decision
from resign.profile import Profile
from tests.support.decisions import decision, record
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


def is_taking_in(database, behind: int):
    def is_there() -> bool:
        _, state, row = reached(database)
        return state == "running" and row > behind

    return is_there


def taken_back(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(ImportRow.taken_back.is_not(None)))


def killed_on_its_way(command, environment, database, is_there) -> None:
    """Kills it as soon as it is there."""
    deadline = time.monotonic() + PATIENCE
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while not is_there():
            assert process.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    with database.writing() as session:  # a minute goes by
        session.execute(update(ImportBatch).values(leased_until=ImportBatch.created_at))
        session.commit()


def ends(command, environment) -> None:
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_nothing_twice_and_nothing_missing(environment, database, tmp_path):
    file = tmp_path / "list.csv"
    rows = [f"person{n}@example.com" if n % 50 else "nobody" for n in range(1, PEOPLE + 1)]
    file.write_text("email\n" + "\n".join(rows))
    killed_on_its_way([*COMMAND, "run", str(file), "--yes"], environment, database, is_taking_in(database, 0))
    number, _, row = reached(database)
    killed_on_its_way([*COMMAND, "resume", str(number)], environment, database, is_taking_in(database, row))
    assert 0 < reached(database)[2] < PEOPLE
    ends([*COMMAND, "resume", str(number)], environment)
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


def test_taken_back_each_once_and_whoever_left_meanwhile_stays_out(environment, database, tmp_path, clock):
    """Half of them were in before. Two leave while it lies dead: one after their row's turn, one before it."""
    people = [Profile("email", f"person{n}@example.com") for n in range(4_000)]
    was_in = people[::2]
    with database.writing() as session:
        append(session, [decision(clock, who, "opt-in") for who in was_in])
        session.commit()
    file = tmp_path / "list.csv"
    file.write_text("email\n" + "\n".join(who.value for who in people))
    ends([*COMMAND, "run", str(file), "--yes"], environment)
    take_back = [*COMMAND, "reverse", str(reached(database)[0]), "--yes"]
    left = (people[0], people[-2])
    killed_on_its_way(take_back, environment, database, lambda: taken_back(database) > 0)
    record(database, *(decision(clock, who) for who in left))
    assert 0 < taken_back(database) < len(people)
    ends(take_back, environment)

    with database.reading() as session:
        batch = session.scalars(select(ImportBatch)).one()
        noted = session.execute(
            select(ImportRow.taken_back, func.count(), func.count(ImportRow.taken_back_by.distinct()))
            .group_by(ImportRow.taken_back).order_by(ImportRow.taken_back)
        ).all()  # fmt: skip
        said = session.execute(select(Decision.identifier, Decision.choice).order_by(Decision.seq)).all()
    restored = len(was_in) - 1
    assert batch.state == "reversed"
    assert list(map(tuple, noted)) == [
        ("decided-since", 1, 0), ("restored", restored, restored), ("unknown-before", len(people) // 2, 0),
    ]  # fmt: skip
    assert dict(taken_back_of(batch)) == {code: count for code, count, _ in noted}
    assert len(said) == len(was_in) + len(people) + restored + len(left)
    stands = dict(map(tuple, said))
    assert {who for who, choice in stands.items() if choice == "opt-in"} == {
        who.value for who in was_in if who not in left
    }
