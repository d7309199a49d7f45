"""create themes.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_versions",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_versions")),
        sa.UniqueConstraint("workspace", "number", name=op.f("uq_theme_versions_workspace_number")),
    )
    op.create_table(
        "theme_pages",
        sa.Column("version_id", Counter, nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("csp", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["theme_versions.id"], name=op.f("fk_theme_pages_version_id_theme_versions")
        ),
        sa.PrimaryKeyConstraint("version_id", "basis", "page", "language", name=op.f("pk_theme_pages")),
    )
    op.create_index(op.f("ix_theme_pages_digest"), "theme_pages", ["digest"], unique=False)
    op.create_table(
        "theme_publications",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("version_id", Counter, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["theme_versions.id"],
            name=op.f("fk_theme_publications_version_id_theme_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_publications")),
    )
    op.create_index(
        "ix_theme_publications_workspace_id", "theme_publications", ["workspace", "id"], unique=False
    )
    op.create_table(
        "theme_drafts",
        sa.Column("workspace", sa.String(length=31), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_theme_drafts")),
    )


def downgrade() -> None:
    op.drop_table("theme_drafts")
    op.drop_table("theme_publications")
    op.drop_table("theme_pages")
    op.drop_table("theme_versions")
