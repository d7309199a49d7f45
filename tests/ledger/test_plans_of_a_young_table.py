"""An import fills a table that PostgreSQL has not counted yet: it is not gone through for each part of the file."""

import pytest

from resign.db.many import insert_many
from resign.ledger.arriving import Statement
from resign.ledger.tables import Decision
from resign.ledger.uploading import upload
from resign.profile import Profile
from tests.support.decisions import DIGEST_KEY, decision
from tests.support.plans import listened

PEOPLE = [Profile("email", f"p{number}@example.com") for number in range(3_000)]


@pytest.mark.parametrize("dry", [True, False])
def test_five_hundred_are_looked_up_by_an_index(database, clock, dry):
    with database.writing() as session:
        insert_many(session, Decision, [decision(clock, each).row for each in PEOPLE])
        session.commit()
    said = [Statement(profile=each, agreement="newsletter", choice="opt-out") for each in PEOPLE[:500]]
    plans = []
    with database.writing() as session:
        heard = listened(
            database,
            lambda: upload(
                session, "default", DIGEST_KEY, said, method="import", actor="mia", origin=None, now=clock.now(), dry=dry
            ),
            database.engine,
        )  # fmt: skip
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        for statement, parameters in heard:
            if statement.startswith("SELECT decisions"):
                asked = session.connection().exec_driver_sql(f"{explain} {statement}", parameters)
                plans += [str(row[-1]) for row in asked]
    assert plans
    assert not [step for step in plans if "SCAN decisions" in step or "Seq Scan on decisions" in step]


def test_what_comes_after_is_planned_as_ever(database, clock):
    if database.is_sqlite:
        return
    said = [Statement(profile=each, agreement="newsletter", choice="opt-out") for each in PEOPLE[:20]]
    with database.writing() as session:
        upload(
            session, "default", DIGEST_KEY, said, method="import", actor="mia", origin=None, now=clock.now()
        )
        assert settings(session) == ["off", "force_custom_plan"]
        session.commit()
        assert settings(session) == ["on", "auto"]


def settings(session):
    connection = session.connection()
    return [
        connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("enable_seqscan", "plan_cache_mode")
    ]
