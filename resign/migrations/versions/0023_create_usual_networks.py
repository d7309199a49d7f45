"""create usual_networks: from where the staff sign in, as keyed digests.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "usual_networks",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("staff_id", _Counter, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_usual_networks_staff_id_staff")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_usual_networks")),
    )
    op.create_index(op.f("ix_usual_networks_staff_id"), "usual_networks", ["staff_id"])
    op.create_index(op.f("ix_usual_networks_seen_at"), "usual_networks", ["seen_at"])


def downgrade() -> None:
    op.drop_table("usual_networks")
