"""let uploads yield: what people press is fanned out and told before what another system brings.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PRESSED = sa.text("owed AND method NOT IN ('import', 'api')")
_FIRST = sa.text("state IN ('owed', 'accepted') AND NOT yields")


def upgrade() -> None:
    op.add_column("messages", sa.Column("yields", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_messages_first", "messages", ["due_at"], postgresql_where=_FIRST, sqlite_where=_FIRST)
    op.create_index(
        "ix_decisions_pressed", "decisions", ["seq"], postgresql_where=_PRESSED, sqlite_where=_PRESSED
    )


def downgrade() -> None:
    op.drop_index("ix_decisions_pressed", table_name="decisions")
    op.drop_index("ix_messages_first", table_name="messages")
    op.drop_column("messages", "yields")
