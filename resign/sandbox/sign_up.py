"""The pretend newsletter sign-up with double opt-in: an attribute that becomes `enabled`, and a mail with a link."""

import secrets

from resign.sandbox.link_mail import Occasion

STARTS = "enabled"
# What the workflow says of the agreement that it switches on; an outgoing integration can insert it.
EVIDENCE = "double-opt-in"
MAIL = Occasion(
    "sign-up",
    "Please confirm your sign-up",
    "You asked for our newsletter. Open the link and press once, and it begins:",
)
PATH = "/sandbox/sign-up"


class SignUps:
    """Who has been mailed, by the token in their link. Guarded by the world's lock."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def ask(self, client_id: int) -> str:
        token = secrets.token_urlsafe(16)
        self._asked[token] = client_id
        return token

    def of(self, token: str) -> int | None:
        return self._asked.get(token)
