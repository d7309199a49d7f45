"""create theme_troubles: since when shipped pages stand in for a published theme's.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_troubles",
        sa.Column("workspace", sa.String(31), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_theme_troubles")),
    )


def downgrade() -> None:
    op.drop_table("theme_troubles")
