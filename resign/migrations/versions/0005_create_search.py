"""create search.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATES = {"live": "state IN ('owed', 'accepted')", "dead": "state = 'dead'"}


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", Counter, autoincrement=False, nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("parts", ARRAY(sa.Integer()).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("workspace", "digest", name=op.f("uq_people_workspace_digest")),
    )
    if _on_sqlite():
        op.execute(
            "CREATE VIRTUAL TABLE people_parts USING fts5("
            "folded, content='', detail=none, tokenize='trigram case_sensitive 1')"
        )
    else:
        op.create_index(
            "ix_people_parts",
            "people",
            ["parts"],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    op.create_table(
        "stretches",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("stretch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("earliest", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "stretch", name=op.f("pk_stretches")),
    )
    op.create_table(
        "stretch_marks",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("name", sa.String(length=9), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("stretch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "name", "value", "stretch", name=op.f("pk_stretch_marks")),
    )
    op.create_table(
        "search_cursors",
        sa.Column("feed", sa.String(length=16), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("gap_after", sa.BigInteger(), nullable=True),
        sa.Column("look_after", sa.BigInteger(), nullable=True),
        sa.Column("look_to", sa.BigInteger(), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_search_cursors")),
    )
    for name, state in _STATES.items():
        op.create_index(
            f"ix_messages_{name}_decision_seq",
            "messages",
            ["decision_seq"],
            unique=False,
            postgresql_where=sa.text(state),
            sqlite_where=sa.text(state),
        )


def downgrade() -> None:
    for name in _STATES:
        op.drop_index(f"ix_messages_{name}_decision_seq", table_name="messages")
    op.drop_table("search_cursors")
    op.drop_table("stretch_marks")
    op.drop_table("stretches")
    if _on_sqlite():
        op.execute("DROP TABLE people_parts")
    op.drop_table("people")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
