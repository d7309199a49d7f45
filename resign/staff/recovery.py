"""Recovery codes: what to type when the telephone with the second factor is gone. Each works once."""

import hashlib
import re
import secrets
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from resign.staff.tables import RecoveryCode

CODES = 10
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SOUNDS_LIKE = str.maketrans("OILU", "011V")
_CHARACTERS = 16  # of 32 letters: 80 bits, so a plain digest cannot be turned back


def renew(session: Session, staff_id: int) -> tuple[str, ...]:
    """Ten new ones, as `01KB-3F9Q-7XZA-2M4N`, shown this once; those before are worth nothing."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CHARACTERS)) for _ in range(CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    session.add_all(RecoveryCode(staff_id=staff_id, digest=_digest(code)) for code in codes)
    session.flush()
    return tuple("-".join(re.findall("....", code)) for code in codes)


def left(session: Session, staff_id: int) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == staff_id)
    return session.scalar(query) or 0


def use(session: Session, staff_id: int, typed: str) -> bool:
    """Whether it was one of theirs; then it is none any more. Two at once cannot both be right."""
    letters = re.sub(r"[\s-]", "", typed).upper().translate(_SOUNDS_LIKE)
    used = session.execute(
        delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id, RecoveryCode.digest == _digest(letters))
    )
    return cast("CursorResult[Any]", used).rowcount == 1


def _digest(letters: str) -> str:
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
