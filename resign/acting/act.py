"""One act: who does it, in which workspace, and when. It is written down by the act itself, in its own transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from resign.ledger import Choice, NewDecision, decide
from resign.profile import Profile
from resign.settings import Workspace
from resign.staff.audit import note
from resign.staff.roles import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    by: Staff
    workspace: Workspace
    at: datetime

    @property
    def digest_key(self) -> bytes:
        return self.workspace.digest_key.encode()

    def decide(self, profile: Profile, agreement: str, choice: Choice) -> NewDecision:
        """Not written yet."""
        return decide(
            workspace=self.workspace.name, digest_key=self.digest_key, profile=profile, agreement=agreement,
            choice=choice, method="staff", actor=self.by.name, at=self.at,
        )  # fmt: skip

    def note(self, session: Session, action: str, digest: str, **detail: object) -> None:
        note(session, self.by, action, self.at, workspace=self.workspace.name, subject=digest, **detail)
