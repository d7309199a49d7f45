"""create rollups.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "burst_members",
        sa.Column("decision_seq", Counter, autoincrement=False, nullable=False),
        sa.Column("burst_id", Counter, nullable=False),
        sa.PrimaryKeyConstraint("decision_seq", name=op.f("pk_burst_members")),
    )
    op.create_index(op.f("ix_burst_members_burst_id"), "burst_members", ["burst_id"], unique=False)
    op.create_table(
        "burst_watch",
        sa.Column("decision_seq", Counter, autoincrement=False, nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("domain_digest", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("decision_seq", name=op.f("pk_burst_watch")),
    )
    op.create_index("ix_burst_watch_at", "burst_watch", ["at"], unique=False)
    op.create_index(
        "ix_burst_watch_domain_digest_workspace", "burst_watch", ["domain_digest", "workspace"], unique=False
    )
    op.create_table(
        "bursts",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("domain_digest", sa.String(length=32), nullable=False),
        sa.Column("domain", sa.String(length=254), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opt_outs", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bursts")),
    )
    op.create_index("ix_bursts_workspace_first_at", "bursts", ["workspace", "first_at"], unique=False)
    op.create_table(
        "rollup_counts",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("dimension", sa.String(length=8), nullable=False),
        sa.Column("choice", sa.String(length=7), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("count", Counter, nullable=False),
        sa.Column("undone", Counter, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace", "dimension", "choice", "day", "agreement", "value", name=op.f("pk_rollup_counts")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_gaps",
        sa.Column("stream", sa.String(length=9), nullable=False),
        sa.Column("low", Counter, autoincrement=False, nullable=False),
        sa.Column("high", Counter, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("horizon", Counter, nullable=False),
        sa.PrimaryKeyConstraint("stream", "low", name=op.f("pk_rollup_gaps")),
    )
    op.create_table(
        "rollup_mailed",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=False),
        sa.Column("count", Counter, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "day", "campaign", name=op.f("pk_rollup_mailed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_marks",
        sa.Column("decision_seq", Counter, autoincrement=False, nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.SmallInteger(), nullable=True),
        sa.Column("mail", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("decision_seq", name=op.f("pk_rollup_marks")),
    )
    op.create_table(
        "rollup_progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", Counter, server_default=sa.text("0"), nullable=False),
        sa.Column("decisions", Counter, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", Counter, server_default=sa.text("0"), nullable=False),
        sa.Column("notices", Counter, server_default=sa.text("0"), nullable=False),
        sa.Column("reasons_day", sa.Date(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_progress")),
    )
    op.create_table(
        "rollup_reasons",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=31), nullable=False),
        sa.Column("count", Counter, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "day", "code", name=op.f("pk_rollup_reasons")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_times",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("measure", sa.String(length=9), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", Counter, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "measure", "day", "bucket", name=op.f("pk_rollup_times")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_zones",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_rollup_zones")),
    )
    op.create_table(
        "burst_proposals",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("burst_id", Counter, nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("last_seq", Counter, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["burst_id"], ["bursts.id"], name=op.f("fk_burst_proposals_burst_id_bursts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burst_proposals")),
    )
    op.create_index(op.f("ix_burst_proposals_burst_id"), "burst_proposals", ["burst_id"], unique=False)
    op.create_index(
        "uq_burst_proposals_open",
        "burst_proposals",
        ["burst_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
        sqlite_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "burst_reversals",
        sa.Column("proposal_id", Counter, nullable=False),
        sa.Column("decision_seq", Counter, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=9), nullable=False),
        sa.Column("decision", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["burst_proposals.id"],
            name=op.f("fk_burst_reversals_proposal_id_burst_proposals"),
        ),
        sa.PrimaryKeyConstraint("proposal_id", "decision_seq", name=op.f("pk_burst_reversals")),
    )


def downgrade() -> None:
    op.drop_table("burst_reversals")
    op.drop_table("burst_proposals")
    op.drop_table("rollup_zones")
    op.drop_table("rollup_times")
    op.drop_table("rollup_reasons")
    op.drop_table("rollup_progress")
    op.drop_table("rollup_marks")
    op.drop_table("rollup_mailed")
    op.drop_table("rollup_gaps")
    op.drop_table("rollup_counts")
    op.drop_table("bursts")
    op.drop_table("burst_watch")
    op.drop_table("burst_members")
