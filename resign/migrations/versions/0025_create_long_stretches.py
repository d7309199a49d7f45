"""create long_stretches: the times of 256 stretches each, for days that lie far back.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "long_stretches",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("stretch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("earliest", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "stretch", name=op.f("pk_long_stretches")),
    )
    op.execute(
        "INSERT INTO long_stretches (workspace, stretch, earliest, latest)"
        " SELECT workspace, stretch >> 8, min(earliest), max(latest) FROM stretches GROUP BY 1, 2"
    )


def downgrade() -> None:
    op.drop_table("long_stretches")
