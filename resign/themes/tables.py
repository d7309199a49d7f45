"""The themes' tables: versions that never change, their pages as they are shown, and which version is worn since when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resign.db import Table, UtcDateTime
from resign.db.schema import Counter

MOST_NOTE = 500
MOST_AUTHOR = 64


class ThemeVersion(Table):
    """A theme's files as they were pushed. A row is written once, and neither changed nor deleted.

    `number` counts from 1 in each workspace; `source` is the archive, `digest` is of the files in it.
    """

    __tablename__ = "theme_versions"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(31))
    number: Mapped[int]
    source: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(MOST_NOTE))
    author: Mapped[str] = mapped_column(String(MOST_AUTHOR))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("workspace", "number"),)


class ThemePage(Table):
    """One page of a version in one language, as it was built.

    `basis` stands for everything besides the theme that made it, so that a page of an earlier release is not
    taken for one of this release; it is kept all the same, because people may still press its buttons.
    """

    __tablename__ = "theme_pages"

    version_id: Mapped[int] = mapped_column(ForeignKey("theme_versions.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(String(16), primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    csp: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(16), index=True)


class ThemePublication(Table):
    """What a workspace wears from then on: its newest row tells. No version is the shipped look. Only ever appended."""

    __tablename__ = "theme_publications"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(31))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("theme_versions.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(MOST_AUTHOR))
    note: Mapped[str] = mapped_column(String(MOST_NOTE))

    __table_args__ = (Index("ix_theme_publications_workspace_id", "workspace", "id"),)


class ThemeTrouble(Table):
    """Shipped pages stand in for the published theme's: since when, and when a web process last saw it. One a workspace."""

    __tablename__ = "theme_troubles"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThemeDraft(Table):
    """What somebody is working on: one a workspace. `revision` counts the savings, so that none overwrites another's."""

    __tablename__ = "theme_drafts"

    workspace: Mapped[str] = mapped_column(String(31), primary_key=True)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(MOST_AUTHOR))
