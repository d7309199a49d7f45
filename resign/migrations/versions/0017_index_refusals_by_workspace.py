"""index refused messages by workspace, so that many of one do not hide those of another.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_REFUSED = sa.text("state = 'dead'")


def upgrade() -> None:
    op.create_index(
        "ix_messages_refused",
        "messages",
        ["workspace", "id"],
        postgresql_where=_REFUSED,
        sqlite_where=_REFUSED,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_refused", table_name="messages")
