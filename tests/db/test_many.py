"""Many rows at once: in their order, with what they do not say left to the database, and nothing cut to fit."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError

from resign.db.many import insert_many
from resign.imports.tables import ImportRow
from resign.ledger.tables import Decision
from resign.profile import Profile
from tests.support.decisions import decision


def test_rows_are_numbered_in_their_order(database, clock):
    decisions = [decision(clock, Profile("email", f"p{number}@example.com")) for number in range(700)]
    with database.writing() as session:
        insert_many(session, Decision, [each.row for each in decisions])
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(Decision.id).order_by(Decision.seq)).all() == [
            each.id for each in decisions
        ]


def test_a_column_that_only_some_rows_have_is_kept_for_those(database, clock):
    some = decision(clock, campaign='spring, “2026”, {"a": null}\\n')
    others = decision(clock, until=clock.now())
    with database.writing() as session:
        insert_many(session, Decision, [some.row, others.row])
        session.commit()
    with database.reading() as session:
        found = session.execute(
            select(Decision.campaign, Decision.until, Decision.at).order_by(Decision.seq)
        ).all()
    assert found == [(some.row["campaign"], None, some.at), (None, clock.now(), others.at)]


def test_what_is_too_long_is_refused_and_not_cut(database):
    """SQLite knows no lengths."""
    if database.is_sqlite:
        return
    row = {
        "batch": uuid4(), "number": 1, "part": 0, "verdict": "x" * 25, "digest": None, "hash": None, "decision": None,
        "before": None, "held": None,
    }  # fmt: skip
    with database.writing() as session, pytest.raises(DataError):
        insert_many(session, ImportRow, [row])


def test_none_are_none(database):
    with database.writing() as session:
        insert_many(session, Decision, [])
