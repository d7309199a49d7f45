"""What an acknowledged opt-out stands on: each connection is told to force a commit to the disk."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from resign.ledger.tables import Decision
from tests.support.decisions import ANNA, decision, record


@pytest.fixture
def spares_the_disk() -> bool:
    return False


def asked(session, *names: str) -> list[str]:
    word = "PRAGMA" if session.get_bind().dialect.name == "sqlite" else "SHOW"
    return [str(session.connection().exec_driver_sql(f"{word} {name}").scalar()) for name in names]


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(database):
    for open_session in (database.writing, database.reading):
        with open_session() as session:
            if database.is_sqlite:
                assert asked(session, "journal_mode", "synchronous", "foreign_keys") == ["wal", "2", "1"]
            else:
                assert asked(session, "synchronous_commit") == ["on"]


def test_what_was_not_committed_is_gone(database):
    with database.writing() as session:
        session.execute(text("INSERT INTO lanes (workspace, destination, phase) VALUES ('w', 'd', 'tell')"))
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM lanes")) == 0


def test_an_error_of_the_database_quotes_no_row(database, clock):
    """hide_parameters: an error is logged by somebody some day, and its text would hold an address."""
    made = decision(clock)
    record(database, made)
    with pytest.raises(IntegrityError) as error, database.writing() as session:
        session.execute(insert(Decision), [made.row])
    assert "parameters hidden" in str(error.value)
    assert ANNA.value not in str(error.value)
