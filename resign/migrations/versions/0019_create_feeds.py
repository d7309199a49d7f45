"""create the tables of feeds: how far each destination of files has been told.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("workspace", sa.String(31), nullable=False),
        sa.Column("destination", sa.String(31), nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.String(64), nullable=True),
        sa.Column("stopped_why", sa.String(255), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "destination", name=op.f("pk_feeds")),
    )
    op.create_table(
        "feed_lanes",
        sa.Column("workspace", sa.String(31), nullable=False),
        sa.Column("destination", sa.String(31), nullable=False),
        sa.Column("lane", sa.String(9), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("files", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("top", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("says", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "destination", "lane", name=op.f("pk_feed_lanes")),
    )
    op.create_table(
        "feed_files",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("workspace", sa.String(31), nullable=False),
        sa.Column("destination", sa.String(31), nullable=False),
        sa.Column("lane", sa.String(9), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("top", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_files")),
    )
    op.create_index(
        "ix_feed_files_workspace_destination_id", "feed_files", ["workspace", "destination", "id"]
    )
    op.create_index("ix_feed_files_at", "feed_files", ["at"])


def downgrade() -> None:
    op.drop_index("ix_feed_files_at", table_name="feed_files")
    op.drop_index("ix_feed_files_workspace_destination_id", table_name="feed_files")
    op.drop_table("feed_files")
    op.drop_table("feed_lanes")
    op.drop_table("feeds")
