"""add origin and evidence to decisions, and hashed opt-outs: what other systems bring.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("origin", sa.String(31), nullable=True))
    op.add_column("decisions", sa.Column("evidence", sa.String(500), nullable=True))
    op.create_table(
        "hashed_opt_outs",
        sa.Column("workspace", sa.String(31), nullable=False),
        sa.Column("agreement", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "agreement", "hash", name=op.f("pk_hashed_opt_outs")),
    )
    op.create_index("ix_hashed_opt_outs_batch", "hashed_opt_outs", ["batch"])


def downgrade() -> None:
    op.drop_index("ix_hashed_opt_outs_batch", table_name="hashed_opt_outs")
    op.drop_table("hashed_opt_outs")
    op.drop_column("decisions", "evidence")
    op.drop_column("decisions", "origin")
