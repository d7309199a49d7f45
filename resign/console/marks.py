"""The mark that every form of the console carries: made here, for one session of one account, and for no other (E8)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from flask import request

from resign.console.desk import desk
from resign.console.problems import FromAnotherSession, Problem
from resign.console.recognised import recognised, who
from resign.console.spoken import mark

FIELD = "mark"


@dataclass(frozen=True, slots=True)
class Whose:
    """Of a form that was opened before anybody signed in, both are 0."""

    staff_id: int
    session_id: int


def new_mark() -> str:
    whose = _present()
    text = f"{whose.staff_id}.{whose.session_id}.{secrets.token_urlsafe(16)}"
    return f"{text}.{_signed(text)}"


def check_mark() -> None:
    """Raises Problem for a form that was not made here for whoever sends it.

    Raises FromAnotherSession where it was made for them, and they have signed in again since.
    """
    whose, present = marked_for(), _present()
    if whose == present:
        return
    if whose is None:
        raise Problem(
            403,
            mark(
                "This form was not made by this console, or before it was set up anew. Open the page again."
            ),
        )
    if whose.staff_id and whose.staff_id == who().id:
        raise FromAnotherSession
    raise Problem(
        403, mark("This form was opened by somebody else. Nothing was changed. Open the page again.")
    )


def check_mark_of_door() -> None:
    """Of the forms with which somebody signs in: whoever opened them was nobody yet, or half way."""
    if marked_for() is None:
        check_mark()


def marked_for() -> Whose | None:
    """Whose form this is; None where its mark is none of ours."""
    text, _, signature = request.form.get(FIELD, "").rpartition(".")
    if not hmac.compare_digest(_signed(text).encode(), signature.encode("utf-8", "replace")):
        return None
    staff_id, session_id, _ = text.split(".")
    return Whose(int(staff_id), int(session_id))


def _present() -> Whose:
    found = recognised()
    return Whose(found.staff.id, found.id) if found else Whose(0, 0)


def _signed(text: str) -> str:
    return hmac.new(desk().secret, f"form {text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
