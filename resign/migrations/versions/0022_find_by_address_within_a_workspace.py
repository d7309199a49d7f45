"""find who was read back with an address within their workspace.

SQLite took the index on the workspace alone for the better one where several addresses are asked for, and went through
all consents.

Revision: 0022, after 0021.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_consents_workspace_email_digest", "consents", ["workspace", "email_digest", "digest"])
    op.drop_index("ix_consents_email_digest", table_name="consents")


def downgrade() -> None:
    op.create_index("ix_consents_email_digest", "consents", ["email_digest"])
    op.drop_index("ix_consents_workspace_email_digest", table_name="consents")
