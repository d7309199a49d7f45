"""Takes one link apart: who it is for, which key vouches for it, where it leads, and what it would do."""

import re
from collections.abc import Iterator

from resign.doctor.address import Address, read, unwrapped
from resign.doctor.finding import Finding, well_if
from resign.doctor.standing import Ledger
from resign.links import BadLink, Link, Links
from resign.links.template import TemplateLinks
from resign.settings import Settings

_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,8}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# Signs that a mail program or a person takes along from the text around a link.
_TRAILING = ".,;:!?)]>'\"="


def examine_link(settings: Settings, text: str, ledger: Ledger | None = None) -> Iterator[Finding]:
    """`text` is a whole address, or a token alone. With a ledger: also where the person stands."""
    through, inner = unwrapped(text, settings.base_url)
    for outer in through:
        yield _wrapping(outer)
    address = read(inner)
    if address.form in {"insert", "form", "elsewhere", "none"}:
        yield _no_link(settings, address)
        return
    try:
        link = opened(settings, address)
    except BadLink:
        yield Finding("ill", "the link cannot be read", _why_not(settings, address))
        return
    yield from _claims(settings, address, link)
    yield from _way(settings, address)
    if ledger is not None:
        yield from ledger.about(link)


def opened(settings: Settings, address: Address) -> Link:
    """BadLink for whatever cannot be opened."""
    if address.form == "template":
        return TemplateLinks(settings.workspaces.values()).open(address.e, address.sig)
    return Links(settings.workspaces.values()).open(address.token)


def _wrapping(outer: Address) -> Finding:
    what = f"it was wrapped: people are led through {outer.host or 'another address'} first"
    if outer.is_tracker:
        return Finding(
            "mind", what,
            "that is Synerise's click tracking: leave the opt-out link out of {% preparelink %}, because a tracker "
            "that is down, or a mail app's POST that it answers with a redirect, stands in the way out",
        )  # fmt: skip
    return Finding(
        "mind", what, "a redirect turns a mail app's POST into nothing: let the link lead here directly"
    )


def _no_link(settings: Settings, address: Address) -> Finding:
    if address.form == "insert":
        return Finding(
            "ill", "an insert was printed and not filled in",
            "take a mail that was sent, not the template or a preview; in a sender account's header this means "
            "that Synerise fills nothing in there",
        )  # fmt: skip
    if address.form == "form":
        return Finding(
            "ill", "the link has no token: it leads to the form for lost links, and the mail app's button does nothing",
            "the profile had no token when the mail was made: run `resign links push`, and put the guard of "
            "`resign snippets link` at the top of the template",
        )  # fmt: skip
    if address.is_tracker:
        return Finding(
            "mind", f"it leads to Synerise's click tracking at {address.host}, and where to from there it does not show",
            "leave the opt-out link out of {% preparelink %}; to look at this one, open it and copy the address it ends at",
        )  # fmt: skip
    if address.form == "elsewhere":
        return Finding(
            "ill", f"it leads to {address.origin} and is no link of ours", f"ours begin with {settings.base_url}/u/"
        )  # fmt: skip
    return Finding(
        "ill", "the link cannot be read", "give a whole address, from https:// on, or the token alone"
    )


def _why_not(settings: Settings, address: Address) -> str:
    if address.form == "template":
        return _why_not_signed(settings)
    token = address.token
    stripped = token.rstrip(_TRAILING)
    if stripped != token and _opens(settings, stripped):
        return "it opens without the sign at its end, which came from the text around it: leave that off"
    if not _SHAPE.fullmatch(token):
        return (
            "it was cut, or changed on its way: compare it with the mail's source. In a raw mail, quoted-printable "
            "breaks lines with `=` and writes `=` as `=3D`"
        )
    ids = [key_id for workspace in settings.workspaces.values() for key_id, _ in workspace.keys]
    if (named := token.partition(".")[0]) not in ids:
        return (
            f"it was signed by key {named}, and the ring has {', '.join(dict.fromkeys(ids))}: the key was retired, "
            "or it is another installation's link. Whoever opens it is led to the form for lost links"
        )
    return "key and form are right and the signature is not: it was cut or changed on its way; compare it with the mail's source"


def _why_not_signed(settings: Settings) -> str:
    if not any(workspace.template_keys for workspace in settings.workspaces.values()):
        return "a template signed it, and RESIGN_TEMPLATE_KEYS is not set, so that such links are refused"
    return (
        "a template signed it with other keys, or of another spelling of the address: compare the template with "
        "`resign snippets template-link`"
    )


def _opens(settings: Settings, token: str) -> bool:
    try:
        Links(settings.workspaces.values()).open(token)
    except BadLink:
        return False
    return True


def _claims(settings: Settings, address: Address, link: Link) -> Iterator[Finding]:
    yield Finding(
        "well", f"workspace {link.workspace}, profile {link.profile.masked()} ({link.profile.kind})"
    )
    yield Finding("well", f"it is for: {link.scope}")
    if address.form == "template":
        yield Finding(
            "mind", "a mail template signed it, and the person's address can be read in it",
            "whoever edits templates can sign such links; a token in a profile attribute has neither fault",
        )  # fmt: skip
        return
    ring = [key_id for key_id, _ in settings.workspaces[link.workspace].keys]
    newest = ring[-1] == link.key_id
    yield Finding(
        "well", f"signed by key {link.key_id}, {'the newest' if newest else 'an older one that still opens'}"
    )
    again = Links(settings.workspaces.values()).mint(link.workspace, link.profile, link.scope)
    if newest and again != address.token:
        yield Finding(
            "mind", "it opens, but is spelled otherwise than we mint it", "something on the way re-encoded it"
        )


def _way(settings: Settings, address: Address) -> Iterator[Finding]:
    """Where it leads, as far as its text shows; a token alone leads nowhere."""
    if not address.host:
        return
    if address.origin.partition("://")[2] == settings.base_url.partition("://")[2] and (
        address.scheme == "http" and settings.base_url.startswith("https:")
    ):
        yield Finding(
            "ill", "it begins with http://", "whatever leads on to https:// loses the mail app's POST: print https://"
        )  # fmt: skip
    else:
        yield well_if(
            address.origin == settings.base_url, f"it leads to {address.origin}", f"links are minted for {settings.base_url}"
        )  # fmt: skip
    if address.before:
        yield Finding("ill", "its path does not begin with /u/", "our pages lie at the top of their host")
    if address.added:
        yield Finding(
            "mind", f"something added {', '.join(address.added)}",
            "they are ignored here and never logged; that they are there means that the link was tracked",
        )  # fmt: skip
