"""What a request says besides its link: the language, the campaign, and what kind of body a POST came with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from flask import request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from resign.public.site import site

ONE_CLICK = b"List-Unsubscribe=One-Click"
# Kinds of body that no form of ours has, and a mail program's button may (RFC 8058 §3.2): they only ever opt out.
MAIL_PROGRAMS = frozenset({"one-click", "multipart"})
# Bodies of which nothing is known: whoever sent one may have chosen anything.
UNHEARD = frozenset({"unread", "unreadable"})
MOST_BYTES = 16 * 1024
_PATIENCE_SECONDS = 1.0
_CAMPAIGN_MOST = 64
# As mail programs are known to send it: with a line end, with more behind it, in small letters.
_ONE_CLICK_FIELD = "list-unsubscribe"
_OUTS = frozenset({"all", "off"})
_DIGEST = re.compile(r"[0-9a-f]{16}")
# Two for each of twenty agreements, and a few more.
_MOST_FIELDS = 64


@dataclass(frozen=True, slots=True)
class Body:
    """A POST's body: any shape counts, because a good link and a POST are the opt-out (A2)."""

    kind: str
    # The digest of the page whose button was pressed; None where no page of ours was.
    page: str | None = None
    language: str | None = None
    # All fields of a form of ours, as they were sent.
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_from_a_page(self) -> bool:
        """Whether a button of a page of ours sent it: nothing else switches anybody on."""
        return self.kind == "form" and self.page is not None

    @property
    def email(self) -> str:
        """What was typed into the form that asks for a link."""
        return self.fields.get("email", "")


def language(workspace_default: str, remembered: str | None = None, asked: str | None = None) -> str:
    """B7: what the link or the switcher asks for, what the ledger remembers, the browser's wish, the workspace's."""
    return site().catalogues.choose(
        asked=asked or request.args.get("l"),
        remembered=remembered,
        accepted=request.headers.get("Accept-Language", ""),
        default=workspace_default,
    )


def campaign() -> str | None:
    return request.args.get("c", "")[:_CAMPAIGN_MOST] or None


def query() -> str:
    """What the page's own links carry on: the campaign and nothing else that came in the address line."""
    return carried(campaign())


def carried(named: str | None) -> str:
    return f"&c={quote(named[:_CAMPAIGN_MOST], safe='')}" if named else ""


def body() -> Body:
    """Reads the body, whatever it is; only one that is too large is refused (A12).

    The server has no time limit for bodies, so half of the threads may wait for slow ones. Beyond that a body
    is not waited for: the link and the POST are the opt-out, whatever the body would have said.
    """
    declared = request.content_length
    if declared is not None and declared > MOST_BYTES:
        raise RequestEntityTooLarge
    if not site().readers.acquire(timeout=_PATIENCE_SECONDS):
        return Body("unread")
    try:
        return _read()
    finally:
        site().readers.release()


def strangers_body() -> Body:
    """The same for whoever has no link: few of them may wait at once, or they could use up what others wait in."""
    if not site().strangers.acquire(timeout=_PATIENCE_SECONDS):
        return Body("unread")
    try:
        return body()
    finally:
        site().strangers.release()


def _read() -> Body:
    try:
        raw = request.get_data(cache=False)
        # Of a body without a declared length Werkzeug gives the first 16 KiB and keeps silent about the rest.
        silent = request.content_length is None and len(raw) >= MOST_BYTES
        too_large = silent and bool(request.environ["wsgi.input"].read(1))
    except RequestEntityTooLarge:
        raise
    except (HTTPException, OSError, ValueError):
        return Body("unreadable")
    if too_large:
        raise RequestEntityTooLarge
    if not raw:
        return Body("none")
    if raw == ONE_CLICK:
        return Body("one-click")
    if request.mimetype != "application/x-www-form-urlencoded":
        return Body({"multipart/form-data": "multipart", "text/plain": "text"}.get(request.mimetype, "other"))
    return _form(raw)


def _form(raw: bytes) -> Body:
    try:
        sent = parse_qsl(raw.decode("ascii", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return Body("unreadable")
    fields: dict[str, str] = {}
    for name, value in sent:
        if name.strip().lower() == _ONE_CLICK_FIELD:
            return Body("one-click")
        # Of a choice that comes twice, the opt-out counts.
        if fields.get(name) not in _OUTS:
            fields[name] = value
    page = fields.get("page", "")
    return Body("form", page if _DIGEST.fullmatch(page) else None, fields.get("l"), fields)
