"""say which uploads nobody dated, and which opt-outs rely on one that an import brought.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_HELD = sa.text("held IS NOT NULL")


def upgrade() -> None:
    op.add_column("decisions", sa.Column("dated", sa.Boolean(), nullable=True))
    op.add_column("import_rows", sa.Column("held", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_import_rows_held", "import_rows", ["held"], postgresql_where=_HELD, sqlite_where=_HELD
    )


def downgrade() -> None:
    op.drop_index("ix_import_rows_held", table_name="import_rows")
    op.drop_column("import_rows", "held")
    op.drop_column("decisions", "dated")
