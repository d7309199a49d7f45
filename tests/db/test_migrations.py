"""The schema goes up, down and up again on both engines, has one head, and is the one that the models describe."""

import inspect as source
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from resign import paths
from resign.alarms import tables as alarms_tables
from resign.api_keys import tables as api_keys_tables
from resign.db import Database, Table
from resign.db.migrate import downgrade, is_current, upgrade
from resign.exports import tables as exports_tables
from resign.feeds import tables as feeds_tables
from resign.imports import tables as imports_tables
from resign.ledger import tables as ledger_tables
from resign.lost_links import tables as lost_links_tables
from resign.notices import tables as notices_tables
from resign.outbox import tables as outbox_tables
from resign.reconcile import tables as reconcile_tables
from resign.reports import reversal_tables
from resign.reports import tables as reports_tables
from resign.search import tables as search_tables
from resign.staff import tables as staff_tables
from resign.themes import tables as themes_tables

# Their import fills the metadata; a table in a module of another name would be missed by the migrations too.
MODELS = (
    alarms_tables,
    api_keys_tables,
    exports_tables,
    feeds_tables,
    imports_tables,
    ledger_tables,
    lost_links_tables,
    notices_tables,
    outbox_tables,
    reconcile_tables,
    reports_tables,
    reversal_tables,
    search_tables,
    staff_tables,
    themes_tables,
)


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    return ScriptDirectory.from_config(config)


def described(database: Database) -> dict[str, object]:
    """Everything that the engine itself says about the schema, except the version table."""
    with database.reading() as session:
        found = inspect(session.connection())
        names = sorted(set(found.get_table_names()) - {"alembic_version"})
        listed = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            if database.is_sqlite
            else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        indexes = {name: definition.replace('"', "") for name, definition in session.execute(text(listed))}
        indexes.pop("alembic_version_pkc", None)
        return {
            "columns": {
                name: {
                    column["name"]: (str(column["type"]), column["nullable"], str(column["default"]))
                    for column in found.get_columns(name)
                }
                for name in names
            },
            "primary keys": {name: found.get_pk_constraint(name) for name in names},
            "foreign keys": {name: found.get_foreign_keys(name) for name in names},
            "unique": {
                name: sorted(found.get_unique_constraints(name), key=lambda each: str(each["name"]))
                for name in names
            },
            "indexes": indexes,
        }


@contextmanager
def fresh(engine: str, postgres_url: str, folder: Path) -> Iterator[Database]:
    """A database with nothing in it, gone afterwards."""
    if engine == "sqlite":
        database = Database(f"sqlite:///{folder / 'fresh.db'}", connections=2)
        yield database
        database.close()
        return
    name = f"fresh_{uuid4().hex}"
    server = Database(postgres_url, connections=1)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        database = Database(postgres_url.replace("/postgres?", f"/{name}?"), connections=2)
        yield database
        database.close()
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, postgres_url, tmp_path) -> Iterator[Database]:
    with fresh(request.param, postgres_url, tmp_path) as database:
        yield database


def test_there_is_one_head():
    assert len(scripts().get_heads()) == 1


def test_each_migration_has_four_digits_and_a_verb_and_follows_the_one_before():
    steps = list(scripts().walk_revisions())[::-1]
    assert [step.revision for step in steps] == [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert [step.down_revision for step in steps] == [None, *(step.revision for step in steps[:-1])]
    for step in steps:
        assert re.fullmatch(rf"{step.revision}_[a-z]+(_[a-z0-9]+)+", Path(step.path).stem)


def test_no_migration_pretends_to_go_back():
    for step in scripts().walk_revisions():
        body = source.getsource(step.module.downgrade)
        assert "op." in body, step.path


def test_the_schema_goes_up_down_and_up_again(empty):
    upgrade(empty)
    first = described(empty)
    downgrade(empty, "base")
    assert not is_current(empty)
    assert described(empty)["columns"] == {}
    assert described(empty)["indexes"] == {}
    upgrade(empty)
    assert is_current(empty)
    assert described(empty) == first


def test_going_up_twice_changes_nothing(database):
    before = described(database)
    upgrade(database)
    assert described(database) == before


def _is_a_models(name: str | None, kind: str, _parents: object) -> bool:
    """SQLite keeps its full-text index in tables of its own, which no model describes."""
    return not (kind == "table" and (name or "").startswith("people_parts"))


def test_the_models_are_what_the_migrations_made(database):
    with database.reading() as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={"compare_type": True, "compare_server_default": True, "include_name": _is_a_models},
        )
        found = compare_metadata(context, Table.metadata)
        # An index over an array's items, which SQLite does not have: there the full-text table stands in.
        assert [each for each in found if getattr(each[-1], "name", "") != "ix_people_parts"] == []


def test_the_engine_describes_both_alike(database, postgres_url, tmp_path):
    """What Alembic does not compare: the conditions of partial indexes, the names of keys."""
    with fresh(database.url.get_backend_name(), postgres_url, tmp_path) as by_models:
        with by_models.writing() as session:
            Table.metadata.create_all(session.connection())
            session.commit()
        assert described(database) == described(by_models)


def test_a_database_without_a_schema_or_with_a_later_one_is_not_current(empty):
    assert not is_current(empty)
    upgrade(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    assert not is_current(empty)


def test_an_upgrade_that_fails_leaves_nothing_behind(empty, monkeypatch):
    """All of it in one transaction: a schema that is half there is one that no release was written for."""
    begun = op.create_index

    def fails(name: str, *rest: Any, **more: Any) -> None:
        if name == "ix_attempts_message_id":
            raise RuntimeError("the disk is full")
        begun(name, *rest, **more)

    monkeypatch.setattr(op, "create_index", fails)
    with pytest.raises(RuntimeError, match="the disk is full"):
        upgrade(empty)
    assert described(empty)["columns"] == {}
    assert not is_current(empty)


def test_an_upgrade_may_take_longer_than_a_request(postgres_url, tmp_path, monkeypatch):
    """An index over ten million rows takes longer than any question that somebody waits for may."""
    begun, seen = op.create_index, set()

    def looks(*given: Any, **more: Any) -> None:
        begun(*given, **more)
        seen.add(op.get_bind().scalar(text("SHOW statement_timeout")))

    monkeypatch.setattr(op, "create_index", looks)
    with fresh("postgresql", postgres_url, tmp_path) as database:
        upgrade(database)
        assert seen == {"0"}
        with database.writing() as session:
            assert session.scalar(text("SHOW statement_timeout")) == "15s"
