"""What somebody had typed when their session was over, kept in the page itself until they are signed in again.

It is signed, and bound to the address that it was sent to and to the account whose form it was. Nothing of it is sent
before that person has seen it and presses a button.
"""

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from dataclasses import asdict, dataclass

from flask import request

from resign.console.desk import desk
from resign.console.marks import FIELD, marked_for

NAME = "carried"
# What is a secret is typed again. These are the names of fields, or words in them, not their values.
_SECRET = {"password", "code", "carried"}


@dataclass(frozen=True, slots=True)
class Carried:
    """`fields` in their order; `files` are the names of those that were chosen, which are not kept."""

    path: str
    staff_id: int
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def sent_now() -> Carried | None:
    """The form of this request; None where it was not made here for somebody who was signed in."""
    whose = marked_for()
    if whose is None or not whose.staff_id:
        return None
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != FIELD]
    return Carried(
        path=request.full_path.removesuffix("?"),
        staff_id=whose.staff_id,
        fields=tuple((name, value) for name, value in typed if not _is_secret(name)),
        files=tuple(file.filename for file in request.files.values() if file.filename),
        left_out=tuple(name for name, _ in typed if _is_secret(name)),
    )


def packed(carried: Carried) -> str:
    content = zlib.compress(json.dumps(asdict(carried)).encode())
    text = base64.urlsafe_b64encode(content).decode()
    return f"{text}.{_signed(text)}"


def unpacked(given: str) -> Carried | None:
    """None for what is none of ours. It is taken apart only when the signature is right."""
    text, _, signature = given.rpartition(".")
    if not hmac.compare_digest(_signed(text).encode(), signature.encode("utf-8", "replace")):
        return None
    try:
        found = json.loads(zlib.decompress(base64.urlsafe_b64decode(text)))
    except (ValueError, binascii.Error, zlib.error):  # of another release
        return None
    return Carried(
        path=found["path"],
        staff_id=found["staff_id"],
        fields=tuple((name, value) for name, value in found["fields"]),
        files=tuple(found["files"]),
        left_out=tuple(found["left_out"]),
    )


def brought_along() -> str:
    """The carried form as this request brought it, to be handed on to the next page; empty where there is none."""
    given = request.form.get(NAME, "")
    return given if given and unpacked(given) else ""


def _is_secret(name: str) -> bool:
    return not _SECRET.isdisjoint(name.replace("_", "-").split("-"))


def _signed(text: str) -> str:
    return hmac.new(desk().secret, f"carried {text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
