"""One outgoing integration: where it posts, about which events, how it signs in, and what it says."""

import base64
import re
from dataclasses import dataclass, field
from typing import Literal

from resign.sandbox.loopback import check_loopback

Auth = Literal["none", "basic", "token"]
# The three choices of Synerise's node (its docs, Outgoing Integration).
AUTHS: tuple[Auth, ...] = ("none", "basic", "token")
ALLOWED = ("url", "auth", "token", "login", "password", "headers", "events", "body")
DEFAULT_EVENTS = ("marketingAgreement.turnOff", "marketingAgreement.turnOn", "profile.updated")
# Inserts without escaping, as in Synerise's own editor: a quotation mark in an attribute breaks the JSON.
DEFAULT_BODY = (
    '{"email":"{{ customer.email }}","customId":"{{ customer.custom_identify }}","action":"{{ event.action }}",'
    '"time":"{{ event.time }}","method":"{{ event.params.method }}","campaign":"{{ event.params.campaignName }}",'
    '"variant":"{{ event.params.variantName }}","token":"{{ customer.resign_token }}"}'
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Signing in has a form of its own, and the other three are the connection's business.
_NOT_BY_HAND = frozenset({"authorization", "host", "content-length", "transfer-encoding", "connection"})


@dataclass(slots=True)
class Hook:
    number: int
    url: str
    auth: Auth = "token"
    token: str = ""
    login: str = ""
    password: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    events: tuple[str, ...] = DEFAULT_EVENTS
    body: str = DEFAULT_BODY
    sent: int = 0
    outcomes: list[int] = field(default_factory=list)

    def sent_headers(self) -> dict[str, str]:
        """The headers of its own, JSON unless they say otherwise, and the way it signs in."""
        named = {name.lower() for name in self.headers}
        kind = {} if "content-type" in named else {"Content-Type": "application/json"}
        return {**kind, **self.headers, **self._signed_in()}

    def _signed_in(self) -> dict[str, str]:
        if self.auth == "none":
            return {}
        if self.auth == "token":
            return {"Authorization": f"Bearer {self.token}"}
        pair = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def as_json(self) -> dict[str, object]:
        """Token, password and the values of headers stay out: a view is no place for a secret."""
        return {
            "id": self.number,
            "url": self.url,
            "auth": self.auth,
            "headers": sorted(self.headers),
            "events": list(self.events),
            "body": self.body,
            "sent": self.sent,
            "outcomes": self.outcomes,
        }


def read_hook(asked: dict[str, object], number: int) -> Hook:
    """ValueError says what is wrong with the request; NotLoopback where the address is not on this machine."""
    auth = asked.get("auth", "token")
    if auth not in AUTHS:
        raise ValueError(f"auth must be one of {list(AUTHS)}")
    events = asked.get("events", list(DEFAULT_EVENTS))
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        raise ValueError("events must be an array of action names")
    hook = Hook(
        number,
        url=_text(asked, "url"),
        auth=auth,
        token=_text(asked, "token") if auth == "token" else "",
        login=_text(asked, "login") if auth == "basic" else "",
        password=_text(asked, "password") if auth == "basic" else "",
        headers=_headers(asked.get("headers", {})),
        events=tuple(events),
        body=_text(asked, "body", DEFAULT_BODY),
    )
    check_loopback(hook.url)
    return hook


def _text(asked: dict[str, object], name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a text")
    return value


def _headers(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise ValueError("headers must be an object of texts")  # noqa: TRY004 - answered as 400
    for name, value in given.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _NOT_BY_HAND:
            raise ValueError(f"{name!a} cannot be set as a header")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise ValueError(f"the header {name} must be a text of printable ASCII")
    return dict(given)
