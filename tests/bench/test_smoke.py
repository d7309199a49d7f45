"""The benchmark itself, at its smallest: it runs, and what was acknowledged is found in the database."""

import json
import os
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from resign.bench.backlog import pile_up
from resign.bench.engines import fresh
from resign.bench.figure import at_least
from resign.bench.memory import mebibytes, workers_of
from resign.bench.plan import Plan
from resign.bench.sides import Side
from resign.bench.system import install
from resign.bench.web import Kind, turn
from resign.bench.wrk import Counted
from resign.cli.bench import bench
from resign.clock import SystemClock
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk (apt-get install wrk)")


@needs_wrk
def test_one_short_round_gives_a_table_and_json_and_loses_nothing(tmp_path):
    file = tmp_path / "figures.json"
    ran = CliRunner().invoke(
        bench,
        ["--only", "one-click", "--engine", "sqlite", "--rounds", "1", "--seconds", "1", "--json", str(file)],
    )
    assert ran.exit_code == 0, ran.output
    assert "one-click" in ran.output
    figures = {figure["name"]: figure for figure in json.loads(file.read_text())["figures"]}
    assert figures["one-click"]["acknowledged"] > 0
    assert figures["one-click"]["refused"] == 0
    assert figures["one-click"]["lost"] == 0
    assert figures["one-click"]["durable"] == "journal_mode=wal, synchronous=2"
    assert figures["one-click p99"]["value"] > 0


def test_an_acknowledged_opt_out_that_is_not_in_the_database_is_counted_as_lost(tmp_path, monkeypatch):
    monkeypatch.setattr("resign.bench.wrk.run", lambda *_, **__: Counted(7, 0, 0, 1.0, 1.0, 1.0))
    with fresh("sqlite", None) as engine:
        side = Side("http://127.0.0.1:9", install(engine, tmp_path / "web"))
        plan = Plan(tmp_path, ("sqlite",), None, print)
        bare = Side("http://127.0.0.1:9")
        bare.counted["one-click"].append(Counted(7, 0, 0, 1.0, 1.0, 1.0))
        turn(plan, side, Kind("one-click", "POST", at_least(0.33)), bare, seconds=1)
    assert side.lost["one-click"] == 7


def test_a_backlog_is_owed_and_fanned_out_already(tmp_path):
    with fresh("sqlite", None) as engine:
        system = install(engine, tmp_path / "drain")
        pile_up(system, 7)
        with system.database() as database, database.reading() as session:
            messages = session.execute(select(MessageRow.state, MessageRow.due_at)).all()
            undecided = session.scalars(select(Decision.seq).where(Decision.owed)).all()
    assert [message.state for message in messages] == ["owed"] * 7
    assert all(message.due_at < SystemClock().now() for message in messages)
    assert undecided == []


def test_memory_is_read_from_the_kernel():
    assert mebibytes(os.getpid(), "Pss") > 5
    with subprocess.Popen(["sleep", "9"]) as child:
        assert child.pid in workers_of(os.getpid())
        child.kill()
