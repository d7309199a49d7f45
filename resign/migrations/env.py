"""How Alembic meets the database: over the product's own engine, one transaction for the whole way."""

from alembic import context
from sqlalchemy import text

from resign.alarms import tables as alarms_tables
from resign.api_keys import tables as api_keys_tables
from resign.db import Database, Table
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

# Imported for what their import does: it adds the tables to the metadata.
__all__ = [
    "alarms_tables",
    "api_keys_tables",
    "exports_tables",
    "feeds_tables",
    "imports_tables",
    "ledger_tables",
    "lost_links_tables",
    "notices_tables",
    "outbox_tables",
    "reconcile_tables",
    "reports_tables",
    "reversal_tables",
    "search_tables",
    "staff_tables",
    "themes_tables",
]


def run() -> None:
    database: Database = context.config.attributes["database"]
    with database.writing() as session:
        context.configure(
            connection=session.connection(),
            target_metadata=Table.metadata,
            render_as_batch=database.is_sqlite,
        )
        if not database.is_sqlite:
            # For what somebody waits for there is a limit; an index over ten million rows takes longer.
            session.execute(text("SET LOCAL statement_timeout = 0"))
        with context.begin_transaction():
            context.run_migrations()
        session.commit()


run()
