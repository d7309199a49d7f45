"""A workspace's theme as it stands: what is worn, and what somebody is working on."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from resign.themes.fault import BadTheme
from resign.themes.source import ThemeSource
from resign.themes.tables import ThemeDraft
from resign.themes.versions import Draft, Worn, draft, source_of, worn

EMPTY = ThemeSource({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`published` is what the worn version is made of; nothing for the shipped look."""

    worn: Worn | None
    published: ThemeSource
    draft: Draft | None

    @property
    def source(self) -> ThemeSource:
        """What is worked on."""
        return self.draft.source if self.draft else self.published

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft else 0

    @property
    def is_changed(self) -> bool:
        return self.source.digest != self.published.digest


def standing(session: Session, workspace: str) -> Standing:
    now = worn(session, workspace)
    published = EMPTY
    if now and now.version:
        published = files_of(session, workspace, now.version.number)
    return Standing(worn=now, published=published, draft=_draft(session, workspace))


def files_of(session: Session, workspace: str, number: int) -> ThemeSource:
    """Of a version that a later release cannot read any more there is nothing to begin with."""
    try:
        return source_of(session, workspace, number)
    except BadTheme:
        return EMPTY


def discard(session: Session, workspace: str, digest: str | None = None) -> bool:
    """The draft; with a digest only where it is of these very files. Whether there was one."""
    there = _draft(session, workspace)
    if there and digest in {None, there.source.digest}:
        one = (ThemeDraft.workspace == workspace, ThemeDraft.revision == there.revision)
        session.execute(delete(ThemeDraft).where(*one))
        return True
    return False


def _draft(session: Session, workspace: str) -> Draft | None:
    try:
        return draft(session, workspace)
    except BadTheme:
        return None
