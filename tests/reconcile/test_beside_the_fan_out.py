"""Telling again beside a fan-out: of one person, only the newest word may be on its way."""

from sqlalchemy import select

from resign.ledger.tables import Decision
from resign.outbox import again
from resign.outbox.tables import MessageRow, is_live
from tests.support.decisions import ANNA, decision, record
from tests.support.destination import ScriptedDestination


def test_an_opt_in_that_comes_while_an_opt_out_is_told_again_has_the_last_word(
    database, clock, make, make_worker, settle, there, monkeypatch
):
    """SQLite has one writer: there, the opt-in can only come afterwards."""
    settle(decision(clock))
    there.shows[ANNA] = "opt-in"
    owe = again._owe

    def opt_in():
        record(database, decision(clock, choice="opt-in"))
        make_worker(ScriptedDestination())._fan_out()

    def opt_in_between(*about):
        opt_in()
        owe(*about)

    if not database.is_sqlite:
        monkeypatch.setattr(again, "_owe", opt_in_between)
    make().step()
    if database.is_sqlite:
        opt_in()
    make_worker(ScriptedDestination())._fan_out()
    with database.reading() as session:
        live = session.execute(
            select(Decision.choice, MessageRow.state)
            .join(MessageRow, MessageRow.decision_seq == Decision.seq)
            .where(is_live())
        )
        assert [tuple(row) for row in live] == [("opt-in", "owed")]
