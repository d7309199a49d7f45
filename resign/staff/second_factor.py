"""The second factor: six digits that change every half minute (TOTP, RFC 6238), taken up by typing one of them."""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pyotp
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from resign.staff import recovery
from resign.staff.audit import note
from resign.staff.granted import grants_of
from resign.staff.refusals import NOT_LOCAL, NOTHING_OFFERED, PROVE_FIRST, WRONG_CODE, StaffRefusal
from resign.staff.roles import Staff
from resign.staff.sealing import Seal, is_clear
from resign.staff.sessions import Level
from resign.staff.tables import Account

_STEP_SECONDS = 30
# Clocks differ, and people type: the one before and the one after are right too (RFC 6238 §5.2).
_EITHER_SIDE = 1
_ISSUER = "resign"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an authenticator app is given: `uri` as a QR code, `secret` to be typed."""

    secret: str
    uri: str


def offer(session: Session, who: Account, level: Level, token: str = "", *, seal: Seal) -> Offer:
    """The same one until a code confirms it, so that a page that is loaded again shows what was scanned.

    `token` is that of the session: each is shown one of its own, so that whoever came by a password or a cookie has
    not seen what the owner takes up later.
    Whoever has a second factor already replaces it only after having shown it: with `level` "full".
    """
    if not who.is_local:
        raise StaffRefusal(NOT_LOCAL)
    if who.has_second_factor and level != "full":
        raise StaffRefusal(PROVE_FIRST)
    offered = seal.opened(who.totp_offered, who.id) if who.totp_offered else None
    if offered is None:
        offered = pyotp.random_base32()
        who.totp_offered = seal.closed(offered, who.id)
        session.flush()
    secret = _secret(offered, token)
    uri = pyotp.TOTP(secret).provisioning_uri(name=who.name, issuer_name=_ISSUER)
    return Offer(secret, uri)


def enrol(
    session: Session, who: Account, level: Level, code: str, now: datetime, token: str = "", *, seal: Seal
) -> tuple[str, ...]:
    """Takes up what was offered, and gives ten recovery codes, which are shown this once. Raises StaffRefusal."""
    if who.has_second_factor and level != "full":
        raise StaffRefusal(PROVE_FIRST)
    offered = seal.opened(who.totp_offered, who.id) if who.totp_offered else None
    if offered is None:
        raise StaffRefusal(NOTHING_OFFERED)
    secret = _secret(offered, token)
    step = _step_of(secret, code, now)
    if step is None:
        raise StaffRefusal(WRONG_CODE)
    who.totp_secret, who.totp_offered, who.totp_step = seal.closed(secret, who.id), None, step
    staff = Staff(id=who.id, name=who.name, grants=grants_of(session, who.id))
    note(session, staff, "enrolled-second-factor", now)
    return recovery.renew(session, who.id)


def is_right(session: Session, who: Account, code: str, now: datetime, *, seal: Seal) -> bool:
    """Whether it is the app's code of about now, and newer than every one that was used (RFC 6238 §5.2).

    With a right one the secret is sealed anew: by the newest key, and also where it was kept in clear until now.
    """
    secret = seal.opened(who.totp_secret, who.id) if who.totp_secret else None
    if secret is None:
        return False
    step = _step_of(secret, code, now)
    if step is None:
        return False
    used = session.execute(
        update(Account)
        .where(
            Account.id == who.id,
            # Somebody may take it away at this moment: it does not come back by this.
            Account.totp_secret == who.totp_secret,
            or_(Account.totp_step.is_(None), Account.totp_step < step),
        )
        .values(totp_step=step, totp_secret=seal.closed(secret, who.id))
    )
    return cast("CursorResult[Any]", used).rowcount == 1


def is_any_clear(session: Session) -> bool:
    clear = or_(is_clear(Account.totp_secret), is_clear(Account.totp_offered))
    return session.scalar(select(Account.id).where(clear).limit(1)) is not None


def seal_what_is_clear(session: Session, seal: Seal) -> int:
    """Of releases before there was a seal; how many secrets there were. The caller commits."""
    sealed = 0
    for column in (Account.totp_secret, Account.totp_offered):
        rows = session.execute(select(Account.id, column).where(is_clear(column))).all()
        for number, clear in cast("Sequence[tuple[int, str]]", rows):
            # Only as it was read: whoever takes up another one at this moment keeps that.
            changed = update(Account).where(Account.id == number, column == clear)
            session.execute(changed.values({column: seal.closed(clear, number)}))
            sealed += 1
    return sealed


def _secret(offered: str, token: str) -> str:
    """160 bits, as many as `offered` has (RFC 4226 §4)."""
    made = hmac.digest(offered.encode(), f"session {token}".encode("utf-8", "replace"), hashlib.sha1)
    return base64.b32encode(made).decode()


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    typed = "".join(unicodedata.normalize("NFKC", code).split()).encode("utf-8", "replace")
    current = int(now.timestamp()) // _STEP_SECONDS
    app = pyotp.TOTP(secret)
    steps = range(current - _EITHER_SIDE, current + _EITHER_SIDE + 1)
    right = [step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), typed)]
    return max(right, default=None)
