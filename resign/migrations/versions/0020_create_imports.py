"""create imports: files of what other systems say, and what became of each of their rows.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    none, zero = sa.text("'{}'"), sa.text("0")
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(31), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(31), nullable=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("reached", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("counts", sa.Text(), server_default=none, nullable=False),
        sa.Column("changes", sa.Text(), server_default=none, nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("rejects_size", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("why", sa.String(500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_to", sa.BigInteger(), nullable=True),
        sa.Column("compared", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("reversed_by", sa.String(64), nullable=True),
        sa.Column("agreed", sa.String(500), nullable=True),
        sa.Column("taken_back", sa.Text(), server_default=none, nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=zero, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_index("ix_import_batches_workspace_id", "import_batches", ["workspace", "id"])
    op.create_index("ix_import_batches_sha256", "import_batches", ["sha256"])
    op.create_table(
        "import_rows",
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(32), nullable=True),
        sa.Column("hash", sa.String(64), nullable=True),
        sa.Column("decision", sa.Uuid(), nullable=True),
        sa.Column("before", sa.String(7), nullable=True),
        sa.Column("taken_back", sa.String(16), nullable=True),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"], ["import_batches.id"], name=op.f("fk_import_rows_batch_import_batches")
        ),
        sa.PrimaryKeyConstraint("batch", "number", "part", name=op.f("pk_import_rows")),
    )
    for name in ("decision", "hash"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_import_rows_{name}", "import_rows", [name], postgresql_where=there, sqlite_where=there
        )


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("import_batches")
