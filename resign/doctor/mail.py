"""Takes one raw mail apart: is there a way out, in the header and in the body, and does it work?"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import cast

from resign.doctor.finding import Finding, well_if
from resign.doctor.link import examine_link
from resign.settings import Settings

_HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"']+")
_OURS = "/u/"
_WRAPPED = re.compile(r"https?://[^/]*\.snrs\.it/")


def examine_mail(settings: Settings, raw: bytes) -> Iterator[Finding]:
    """`raw` is the mail as it was sent: in most mail programs "show source" or "download original"."""
    mail = message_from_bytes(raw, policy=policy.default)
    yield from _header(settings, mail)
    links = list(dict.fromkeys(_links(mail)))
    ours = [link for link in links if _OURS in link]
    yield well_if(
        ours,
        f"{len(ours)} link(s) of ours in the body",
        "print the link into the template where people see it",
    )
    for link in ours:
        yield from examine_link(settings, link)
    if any(_WRAPPED.match(link) for link in links):
        yield Finding(
            "mind", "the body has links that Synerise's click tracking wrapped",
            "leave the opt-out link out of {% preparelink %}: a tracker that is down must not stand in the way out",
        )  # fmt: skip


def _header(settings: Settings, mail: EmailMessage) -> Iterator[Finding]:
    unsubscribe = str(mail.get("List-Unsubscribe", ""))
    addresses = re.findall(r"<([^>]+)>", unsubscribe)
    pages = [address for address in addresses if address.startswith("https://") or _OURS in address]
    yield well_if(
        pages, "List-Unsubscribe names a page", "set the sender account's one-click header in Synerise"
    )
    one_click = str(mail.get("List-Unsubscribe-Post", "")).replace(" ", "") == "List-Unsubscribe=One-Click"
    yield well_if(
        one_click, "List-Unsubscribe-Post allows one click (RFC 8058)", "mail apps show no button without it"
    )
    signed = " ".join(str(value) for value in mail.get_all("DKIM-Signature", [])).lower()
    covered = re.findall(r"[;\s]h=([^;]*)", signed)
    names = {name.strip() for part in covered for name in part.split(":")}
    yield well_if(
        {"list-unsubscribe", "list-unsubscribe-post"} <= names,
        "DKIM signs both headers (RFC 8058 §4)",
        "have the sending domain's DKIM signature cover List-Unsubscribe and List-Unsubscribe-Post",
    )
    for page in pages:
        if _OURS in page:
            yield from examine_link(settings, page)


def _links(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_type() == "text/html":
            yield from (unescape(address) for address in _HREF.findall(_text(part)))
        elif part.get_content_type() == "text/plain":
            yield from _URL.findall(_text(part))


def _text(part: EmailMessage) -> str:
    """Its text, whatever charset it claims."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, ValueError):
        return cast("bytes", part.get_payload(decode=True) or b"").decode("utf-8", "replace")
