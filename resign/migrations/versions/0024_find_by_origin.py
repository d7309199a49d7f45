"""find decisions by the system that they came from: its marks in the index, for what the index has read already.

Revision: 0024, after 0023.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# 256 decisions to a stretch, as resign.search.tables has it.
_MARKS = """
INSERT INTO stretch_marks (workspace, name, value, stretch)
SELECT DISTINCT workspace, 'origin', origin, seq / 256 FROM decisions WHERE origin IS NOT NULL
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute(_MARKS)


def downgrade() -> None:
    op.execute("DELETE FROM stretch_marks WHERE name = 'origin'")
