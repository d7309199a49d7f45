"""The two header fields of one-click (RFC 8058), the signature over them, and what Gmail and Yahoo make of it."""

import re
from collections.abc import Iterator
from email.utils import parseaddr

from resign.doctor.finding import Finding
from resign.doctor.raw import Mail
from resign.doctor.shown import shown
from resign.doctor.signature import BOTH, Signature, read_signatures

ONE_CLICK = "List-Unsubscribe=One-Click"
_FIELD = "list-unsubscribe"
_POST = "list-unsubscribe-post"
_SETTING = "set the sender account's one-click header in Synerise (`resign snippets headers`)"
_NO_TEST = "; Synerise leaves it off test mails, so take one that a campaign sent"


def pages(mail: Mail) -> list[str]:
    """The web addresses in List-Unsubscribe. Blanks within the brackets do not count (RFC 2369 §2)."""
    return [uri for uri in _uris(mail) if uri.lower().startswith(("https:", "http:"))]


def examine_headers(mail: Mail, base_url: str) -> Iterator[Finding]:
    field, post = list(_field(mail, base_url)), list(_one_click(mail))
    signature = list(_signatures(mail))
    yield from (*field, *post, *signature)
    ill = any(finding.verdict == "ill" for finding in (*field, *post, *signature))
    if ill:
        yield Finding(
            "mind", "Gmail and Yahoo would show no button that works for this mail",
            "both ask senders of more than some thousand mails a day for one click as in RFC 8058, signed, and may put mail "
            "without it into the spam folder",
        )  # fmt: skip
    else:
        yield Finding(
            "well",
            "Gmail and Yahoo would show their Unsubscribe beside the sender and post to this link, if the signature verifies",
        )


def _field(mail: Mail, base_url: str) -> Iterator[Finding]:
    values, uris, found = mail.fields(_FIELD), _uris(mail), pages(mail)
    if not values:
        yield Finding("ill", "List-Unsubscribe is missing", _SETTING + _NO_TEST)
        return
    if len(values) > 1:
        yield Finding(
            "ill", f"List-Unsubscribe is there {len(values)} times",
            "let one of them go: Synerise's own and a custom one, or another system's on the way; each mail app picks its own",
        )  # fmt: skip
    if any("=?" in value for value in values):
        yield Finding(
            "ill", "List-Unsubscribe was encoded like a subject line (=?…?=)",
            "no mail app decodes that: something on the way folded a long address; write it on a line of its own",
        )  # fmt: skip
    if not uris:
        yield Finding("ill", "List-Unsubscribe has no address in angle brackets", "write it as <https://…>")
        return
    secure = [uri for uri in found if uri.lower().startswith("https:")]
    if len(found) == len(secure) == 1:
        yield Finding("well", "List-Unsubscribe names one https address")
    elif not secure:
        yield Finding("ill", "List-Unsubscribe names no https address", _for_https(found, base_url))
    else:
        yield Finding(
            "ill", f"List-Unsubscribe names {len(found)} web addresses",
            "RFC 8058 §3.1 asks for exactly one, with https",
        )  # fmt: skip
    if any(uri.lower().startswith("mailto:") for uri in uris):
        yield Finding(
            "mind", "List-Unsubscribe names a mailbox too",
            "somebody, or Synerise, must act on what arrives there: resign does not hear of it",
        )  # fmt: skip


def _for_https(found: list[str], base_url: str) -> str:
    if any(uri.lower().startswith(f"{base_url}/".lower()) for uri in found):
        return f"it begins with RESIGN_BASE_URL, which is {base_url}: set that to the https address that people will open"
    return _SETTING


def _one_click(mail: Mail) -> Iterator[Finding]:
    values = mail.fields(_POST)
    if not values:
        yield Finding(
            "ill", "List-Unsubscribe-Post is missing",
            "without it mail apps open the page at the most, and post nothing: whether Synerise sends it in the custom modes "
            "is not documented; ask for it",
        )  # fmt: skip
    elif values != [ONE_CLICK]:
        yield Finding(
            "ill", "List-Unsubscribe-Post is not exactly what RFC 8058 says",
            f"it must be there once, and read {ONE_CLICK}",
        )  # fmt: skip
    else:
        yield Finding("well", "List-Unsubscribe-Post allows one click (RFC 8058)")


def _signatures(mail: Mail) -> Iterator[Finding]:
    given = mail.fields("dkim-signature")
    readable = read_signatures(given)
    if not readable:
        why = (
            "none of its signatures can be read"
            if given
            else "the mail as it left is not signed, or this is a copy"
        )
        yield Finding(
            "ill", "no DKIM signature", f"{why}: sign with the sending domain, and take the raw mail as it arrived"
        )  # fmt: skip
        return
    times = {name: len(mail.fields(name)) for name in BOTH}
    covering = [one for one in readable if all(one.covers(name, times[name]) for name in BOTH)]
    if not covering:
        yield Finding(
            "ill", "DKIM signs both headers (RFC 8058 §4): it does not",
            "add List-Unsubscribe and List-Unsubscribe-Post to the signed fields (h=) of the sending domain's signature, "
            "where the mails are signed: at Synerise or at its SMTP provider",
        )  # fmt: skip
        return
    domains = ", ".join(shown(one.domain) for one in covering)
    yield Finding("well", f"DKIM covers both headers: {domains} (read, not verified)")
    yield from _doubts(mail, covering)


def _doubts(mail: Mail, covering: list[Signature]) -> Iterator[Finding]:
    sender = parseaddr((mail.fields("from") or [""])[0])[1].rpartition("@")[2].lower()
    if not any(_same_house(one.domain, sender) for one in covering):
        yield Finding(
            "mind", "the signature over them is of another domain than the sender's",
            "Gmail and Yahoo want a signature of the From address's own domain (DMARC)",
        )  # fmt: skip
    if all(one.is_partial for one in covering):
        yield Finding(
            "mind", "the signature covers a part of the body only (l=)", "anybody can add to such a mail: sign all of it"
        )  # fmt: skip


def _same_house(domain: str, sender: str) -> bool:
    return domain == sender or domain.endswith(f".{sender}") or sender.endswith(f".{domain}")


def _uris(mail: Mail) -> list[str]:
    values = mail.fields(_FIELD)
    return [re.sub(r"\s+", "", uri) for value in values for uri in re.findall(r"<([^<>]*)>", value)]
