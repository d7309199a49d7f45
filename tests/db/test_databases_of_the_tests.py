"""What the tests on PostgreSQL stand on: a database that another test used is as good as new."""

from contextlib import closing

import pytest
from sqlalchemy import text

from resign.db import Database
from tests.support.decisions import decision, record
from tests.support.postgres import Databases

TRACES = {
    "a table": "CREATE TABLE left_behind (number integer)",
    "a column": "ALTER TABLE decisions ADD COLUMN left_behind integer",
    "a column less": "ALTER TABLE decisions DROP COLUMN body",
    "an index less": "DROP INDEX ix_decisions_owed",
    "another name": "ALTER TABLE decisions RENAME TO choices",
    "a rule less": "ALTER TABLE attempts DROP CONSTRAINT pk_attempts",
    "statistics": "ANALYZE decisions",
    "another release's number": "UPDATE alembic_version SET version_num = 'x'",
    "no number": "DELETE FROM alembic_version",
}


@pytest.fixture
def databases(postgres: Databases):
    """Two that were used before and came back, so that the next to be lent is one of them."""
    names = [postgres.lend() for _ in range(3)]
    for name in names:
        postgres.take_back(name)
    return postgres


def test_nothing_is_left_of_what_was_written_and_numbers_begin_anew(databases, clock):
    for _ in range(4):
        name = databases.lend()
        # Still connected when it goes back, as a thread is that outlives its test.
        with closing(Database(databases.url(name), connections=1)) as database:
            with database.reading() as session:
                assert session.scalar(text("SELECT count(*) FROM decisions")) == 0
            record(database, decision(clock))
            with database.reading() as session:
                assert session.scalars(text("SELECT seq FROM decisions")).all() == [1]
            databases.take_back(name)
    assert name in databases._free


@pytest.mark.parametrize("statement", TRACES.values(), ids=TRACES)
def test_one_whose_schema_was_touched_is_not_lent_again(databases, clock, statement):
    name = databases.lend()
    with closing(Database(databases.url(name), connections=1)) as database:
        record(database, decision(clock))
        with database.writing() as session:
            session.execute(text(statement))
            session.commit()
    databases.take_back(name)
    assert name not in databases._free
