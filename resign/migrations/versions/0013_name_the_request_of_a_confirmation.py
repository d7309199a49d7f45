"""name the request of a confirmation: what was decided before it was asked for.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("link_requests") as requests:
        requests.add_column(sa.Column("after_seq", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("link_requests") as requests:
        requests.drop_column("after_seq")
