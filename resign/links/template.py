"""Links that a mail template signs by itself, for those who can't store a token as a profile attribute.

    sig = SHA256(K2 + hex(SHA256(K1 + s)))        s = the address in small letters, without blanks around it

Synerise's template language has a plain hash and no HMAC. The hash is nested because whoever sees a plain one of
key and text can go on with it and sign a longer text (length extension). Whoever edits templates can read both keys.
"""

import hashlib
import hmac
import re
from base64 import b64decode
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from resign.links.link import BadLink, Link
from resign.profile import BadProfile, Profile
from resign.settings import Workspace

# What a decision by such a link is recorded with, in place of a key's id.
KEY_ID = "tpl"
# Three times the base64 of the longest address, for one whose every sign was percent-encoded.
_MOST_CHARACTERS = 3200
_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_SPELLINGS = str.maketrans(" -_", "++/")


class TemplateLinks:
    """The key pairs of those workspaces that have any, in which an e-mail address names somebody.

    Keys are a workspace's own: nothing else in such a link says which one it is for.
    """

    def __init__(self, workspaces: Iterable[Workspace]) -> None:
        self._pairs = [
            (workspace.name, first, second)
            for workspace in workspaces
            if workspace.synerise_emails == "unique"
            for first, second in workspace.template_keys or ()
        ]

    def open(self, encoded: str, signature: str) -> Link:
        """The claims, or BadLink for whatever is wrong. `encoded` and `signature` are the query's `e` and `sig`."""
        if not _SIGNATURE.fullmatch(signature):
            raise BadLink
        address = _address_in(encoded)
        for workspace, first, second in self._pairs:
            for capitals in (False, True):
                if hmac.compare_digest(sign(address, first, second, capitals=capitals), signature.lower()):
                    return Link(workspace, _profile(address), key_id=KEY_ID)
        raise BadLink


def sign(address: str, first: str, second: str, *, capitals: bool = False) -> str:
    """64 small hexadecimal digits. Whether Synerise's `hash` gives small or capital ones is not documented, and for
    the inner hash it makes a difference; so `capitals` says which to take there.
    """
    inner = hashlib.sha256((first + address).encode()).hexdigest()
    return hashlib.sha256((second + (inner.upper() if capitals else inner)).encode()).hexdigest()


def _address_in(encoded: str) -> str:
    """The address, from base64 that may have been percent-encoded once more on its way, or lost its padding.

    A plus that arrived as itself is a blank by now: forms mean blanks by it.
    """
    if len(encoded) > _MOST_CHARACTERS:
        raise BadLink
    try:
        text = unquote_to_bytes(encoded).decode("ascii").translate(_SPELLINGS).rstrip("=")
        if not _BASE64.fullmatch(text):
            raise BadLink
        return b64decode(text + "=" * (-len(text) % 4)).decode().strip().lower()
    except ValueError:
        raise BadLink from None


def _profile(address: str) -> Profile:
    try:
        return Profile.of("email", address)
    except BadProfile:
        raise BadLink from None
