"""create ledger and outbox.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.String(length=7), nullable=False),
        sa.Column("decision_seq", Counter, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_digest", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "digest", "agreement", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_email_digest", "consents", ["email_digest"])

    op.create_table(
        "decisions",
        sa.Column("seq", Counter, autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("identifier", sa.String(length=254), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.String(length=7), nullable=False),
        sa.Column("method", sa.String(length=11), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("page", sa.String(length=64), nullable=True),
        sa.Column("shown", sa.String(length=16), nullable=True),
        sa.Column("link_key", sa.String(length=8), nullable=True),
        sa.Column("body", sa.String(length=16), nullable=True),
        sa.Column("prior", sa.String(length=7), nullable=True),
        sa.Column("owed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
        sa.UniqueConstraint("id", name=op.f("uq_decisions_id")),
    )
    op.create_index("ix_decisions_digest_seq", "decisions", ["digest", "seq"])
    op.create_index(
        "ix_decisions_owed",
        "decisions",
        ["seq"],
        postgresql_where=sa.text("owed"),
        sqlite_where=sa.text("owed"),
    )

    op.create_table(
        "lanes",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("destination", sa.String(length=32), nullable=False),
        sa.Column("phase", sa.String(length=9), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_for", sa.String(length=255), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "destination", "phase", name=op.f("pk_lanes")),
    )
    op.create_table(
        "shown_pages",
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_shown_pages")),
    )
    op.create_table(
        "messages",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("decision_seq", Counter, nullable=False),
        sa.Column("destination", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tellings", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_seq"], ["decisions.seq"], name=op.f("fk_messages_decision_seq_decisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("decision_seq", "destination", name=op.f("uq_messages_decision_seq_destination")),
    )
    op.create_index(
        "ix_messages_due",
        "messages",
        ["due_at"],
        postgresql_where=sa.text("state IN ('owed', 'accepted')"),
        sqlite_where=sa.text("state IN ('owed', 'accepted')"),
    )
    op.create_index("ix_messages_subject", "messages", ["subject"])
    op.create_index(
        "ix_messages_dead",
        "messages",
        ["id"],
        postgresql_where=sa.text("state = 'dead'"),
        sqlite_where=sa.text("state = 'dead'"),
    )

    op.create_table(
        "attempts",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("message_id", Counter, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phase", sa.String(length=9), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attempts_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_message_id", "attempts", ["message_id"])


def downgrade() -> None:
    for table in ("attempts", "messages", "shown_pages", "lanes", "decisions", "consents"):
        op.drop_table(table)
