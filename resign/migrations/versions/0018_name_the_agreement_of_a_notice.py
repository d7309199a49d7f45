"""name the agreement of a notice: what Synerise tells is not only about its own.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "notices", sa.Column("agreement", sa.String(64), server_default="newsletter", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("notices", "agreement")
