"""add pauses, reasons and confirmations.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
        decisions.add_column(sa.Column("seen", sa.String(length=1024), nullable=True))
    with op.batch_alter_table("link_requests") as requests:
        requests.add_column(sa.Column("agreement", sa.String(length=64), nullable=True))
        requests.add_column(sa.Column("kind", sa.String(length=8), nullable=True))
    op.create_table(
        "pauses",
        sa.Column("decision_seq", Counter, autoincrement=False, nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_seq"], ["decisions.seq"], name=op.f("fk_pauses_decision_seq_decisions")
        ),
        sa.PrimaryKeyConstraint("decision_seq", name=op.f("pk_pauses")),
    )
    op.create_index(
        "ix_pauses_open",
        "pauses",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "reasons",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("decision", sa.Uuid(), nullable=True),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=31), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
        sa.UniqueConstraint("decision", name=op.f("uq_reasons_decision")),
    )
    op.create_index("ix_reasons_workspace_at", "reasons", ["workspace", "at"], unique=False)
    op.create_index(
        "ix_reasons_joined",
        "reasons",
        ["at"],
        unique=False,
        postgresql_where=sa.text("decision IS NOT NULL"),
        sqlite_where=sa.text("decision IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("reasons")
    op.drop_table("pauses")
    with op.batch_alter_table("link_requests") as requests:
        requests.drop_column("kind")
        requests.drop_column("agreement")
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_column("seen")
        decisions.drop_column("until")
