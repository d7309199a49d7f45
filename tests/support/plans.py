"""How a database of some size answers what it is asked: which tables it would go through from one end to the other."""

import json
import re
import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from resign.bench.ledger import fill
from resign.db import Database
from tests.support.postgres import Databases

DECISIONS = 30_000
KEY = b"the digest key of the plans"
LARGE = {"decisions", "people", "messages", "consents", "attempts"}
_ALIAS = re.compile(r"_\d+$")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ledger(request, tmp_path_factory) -> Iterator[Database]:
    """Filled once for all of a module's tests."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("plans") / "resign.db"
        shutil.copy(request.getfixturevalue("migrated"), file)
        yield from _filled(f"sqlite:///{file}")
        return
    postgres: Databases = request.getfixturevalue("postgres")
    name = postgres.lend()
    yield from _filled(postgres.url(name))
    postgres.take_back(name)


def _filled(url: str) -> Iterator[Database]:
    database = Database(url, connections=2)
    fill(database, KEY, 0, DECISIONS, indexed_to=DECISIONS)
    yield database
    database.close()


def listened(database, act, engine=None):
    """What was asked of the database meanwhile, as the driver got it."""
    heard = []

    def hear(_connection, _cursor, statement, parameters, _context, _many):
        heard.append((statement, parameters))

    engine = engine or database.reader
    event.listen(engine, "before_cursor_execute", hear)
    act()
    event.remove(engine, "before_cursor_execute", hear)
    return heard


def tables_scanned(database, statement, parameters):
    with database.reader.connect() as connection:
        if database.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            steps = [row[-1].split() for row in plan]
            # `SCAN x USING INDEX` goes from one end to the other too, though in an order.
            scanned = {words[1] for words in steps if words[0] == "SCAN" and "VIRTUAL" not in words}
            # And so does a search from one seq on, where rows are dropped on the way.
            one_sided = {"(rowid<?)", "(rowid>?)"}
            wandering = {words[1] for words in steps if words[0] == "SEARCH" and words[-1] in one_sided}
            # A workspace may be all that there is.
            scanned |= {words[1] for words in steps if words[0] == "SEARCH" and words[-1] == "(workspace=?)"}
            scanned |= wandering if "ORDER BY decisions.seq DESC" in statement else set()
            return {_ALIAS.sub("", name) for name in scanned}
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    return set(_scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _scanned(node):
    """An index that is gone through without a condition, dropping rows on the way, is a scan too."""
    one_sided = "=" not in node.get("Index Cond", "").replace("<=", "")
    by_seq = node.get("Index Name") == "pk_decisions" and one_sided
    wandering = "Filter" in node and (
        by_seq or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
    )
    if node["Node Type"] == "Seq Scan" or wandering:
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scanned(child)
