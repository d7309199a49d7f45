"""Writes down what somebody did or looked at: once, beside the thing itself, in the same transaction."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from resign.staff.roles import Staff
from resign.staff.tables import Deed


def note(
    session: Session,
    by: Staff,
    action: str,
    at: datetime,
    *,
    workspace: str | None = None,
    subject: str | None = None,
    **detail: object,
) -> None:
    """`action` is a word or two with a hyphen, `opened-person` say; `subject` the digest of whom it was about.

    No address may stand in `detail`: an erased person must not be found here. The caller commits.
    """
    session.add(
        Deed(
            at=at,
            staff_id=by.id or None,
            name=by.name,
            workspace=workspace,
            action=action,
            subject=subject,
            detail=_as_json(detail),
        )
    )


def _as_json(detail: Mapping[str, object]) -> str | None:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else None
