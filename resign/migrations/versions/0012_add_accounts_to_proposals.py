"""add accounts to proposals.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("burst_proposals", sa.Column("proposed_by_id", Counter, nullable=True))
    op.add_column("burst_proposals", sa.Column("answered_by_id", Counter, nullable=True))


def downgrade() -> None:
    op.drop_column("burst_proposals", "answered_by_id")
    op.drop_column("burst_proposals", "proposed_by_id")
