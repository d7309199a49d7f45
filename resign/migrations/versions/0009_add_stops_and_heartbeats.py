"""add stops and heartbeats.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LATE = sa.text("state = 'owed' AND owed_since IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("lanes") as lanes:
        lanes.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
        lanes.add_column(sa.Column("stopped_by", sa.String(length=64), nullable=True))
        lanes.add_column(sa.Column("stopped_why", sa.String(length=255), nullable=True))
    with op.batch_alter_table("messages") as messages:
        messages.add_column(sa.Column("owed_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE messages SET owed_since = (SELECT at FROM decisions WHERE seq = messages.decision_seq)"
        " WHERE state IN ('owed', 'accepted') AND (outcome IS NULL OR outcome <> 'no-such-profile')"
    )
    op.create_index(
        "ix_messages_late",
        "messages",
        ["workspace", "destination", "owed_since"],
        unique=False,
        postgresql_where=_LATE,
        sqlite_where=_LATE,
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )


def downgrade() -> None:
    op.drop_table("heartbeats")
    op.drop_index("ix_messages_late", table_name="messages")
    with op.batch_alter_table("messages") as messages:
        messages.drop_column("owed_since")
    with op.batch_alter_table("lanes") as lanes:
        lanes.drop_column("stopped_why")
        lanes.drop_column("stopped_by")
        lanes.drop_column("stopped_at")
