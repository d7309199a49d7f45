"""Takes one raw mail apart: is there a way out, in the header and in the body, and does it work?"""

from collections.abc import Iterator
from itertools import chain, islice

from resign.doctor.address import read, unwrapped
from resign.doctor.body import Seen, links
from resign.doctor.finding import Finding
from resign.doctor.headers import examine_headers, pages
from resign.doctor.link import examine_link, opened
from resign.doctor.raw import Mail
from resign.doctor.standing import Ledger
from resign.links import BadLink, Link
from resign.settings import Settings

_MOST_EXAMINED = 10
_MOST_LINKS = 3_000


def examine_mail(settings: Settings, raw: bytes, ledger: Ledger | None = None) -> Iterator[Finding]:
    """`raw` is the mail as it was sent: in most mail programs "show source" or "download original"."""
    mail = Mail(raw)
    if not mail.has_headers:
        yield Finding(
            "ill", "this is no mail: it begins with no header line",
            'give the raw mail, as a file: in most mail programs "show source" or "download original"',
        )  # fmt: skip
        return
    yield from examine_headers(mail, settings.base_url)
    named = pages(mail)
    yield from _of_header(settings, named, ledger)
    seen = list(islice(chain.from_iterable(links(text) for text in mail.texts()), _MOST_LINKS))
    here = {url for url in {link.url for link in seen} if _is_ours(settings, url)}
    ours = [link for link in seen if link.url in here]
    yield from _visible(ours)
    for url in list(dict.fromkeys(link.url for link in ours if link.url not in named))[:_MOST_EXAMINED]:
        yield from _labelled("in the body", examine_link(settings, url))
    yield from _spoiled(settings, ours)
    yield from _tracked([link for link in seen if link.url not in here])
    yield from _whose(settings, named, ours)


def _of_header(settings: Settings, named: list[str], ledger: Ledger | None) -> Iterator[Finding]:
    for url in named[:_MOST_EXAMINED]:
        if _is_ours(settings, url):
            yield from _labelled("in List-Unsubscribe", examine_link(settings, url, ledger))
        else:
            host = read(url).host or "another place"
            yield Finding(
                "mind", f"List-Unsubscribe leads to {host}",
                "the mail app's button is answered there and not here. Where that is Synerise, resign hears of it by the "
                "hook alone; to have it here, see `resign snippets headers`",
            )  # fmt: skip


def _visible(ours: list[Seen]) -> Iterator[Finding]:
    shown = [link for link in ours if link.words and not link.is_hidden]
    if shown:
        yield Finding("well", f"{len(shown)} link(s) of ours in the body, where people see them")
        if all(link.kind == "html" for link in shown):
            yield Finding(
                "mind", "the plain text has no link", "print it there too, for who reads mail without HTML"
            )
    elif ours:
        yield Finding(
            "ill", "the link in the body cannot be seen", "it has no words on it, or its style hides it"
        )
    else:
        yield Finding(
            "ill", "no link of ours in the body",
            "print it into the template where people see it (`resign snippets link`)",
        )  # fmt: skip


def _spoiled(settings: Settings, ours: list[Seen]) -> Iterator[Finding]:
    """Each once, however many links it happened to."""
    if any("&amp;" in link.url for link in ours):
        yield Finding(
            "mind", "a link has &amp; in it once it is read",
            "it was escaped twice, or HTML's & was written into the plain text: what stands behind it, such as the "
            "campaign, is lost",
        )  # fmt: skip
    if any("=3D" in link.url or link.url.partition("?")[0].endswith("=") for link in ours):
        yield Finding(
            "ill", "a link was cut or changed by quoted-printable",
            "the part is written in quoted-printable and does not say so (Content-Transfer-Encoding), or the other way round",
        )  # fmt: skip
    if any(link.goes_on and _opens_only_whole(settings, link) for link in ours):
        yield Finding(
            "ill", "a link in the plain text is broken over two lines",
            "mail apps make only its first line a link: send that part as quoted-printable, or without wrapping its lines",
        )  # fmt: skip


def _opens_only_whole(settings: Settings, link: Seen) -> bool:
    return _opened(settings, link.url) is None and _opened(settings, link.url + link.goes_on) is not None


def _tracked(others: list[Seen]) -> Iterator[Finding]:
    """A link that leads through a tracker without showing where to may be ours all the same."""
    hidden = [link for link in others if read(link.url).is_tracker]
    if hidden:
        yield Finding(
            "mind", f"{len(hidden)} link(s) in the body lead through Synerise's click tracking",
            "make sure that the opt-out link is not among them: leave it out of {% preparelink %}",
        )  # fmt: skip


def _whose(settings: Settings, named: list[str], ours: list[Seen]) -> Iterator[Finding]:
    found = [_opened(settings, url) for url in [*named, *(link.url for link in ours)][: 2 * _MOST_EXAMINED]]
    claims = {(link.workspace, link.profile.kind, link.profile.folded, link.scope) for link in found if link}
    if len(claims) > 1:
        yield Finding(
            "ill", "the links of this mail are not for one and the same person and agreement",
            "a button would opt out somebody else: look for a token that was copied into the template or the sender "
            "account's header by hand",
        )  # fmt: skip
    elif claims and len([link for link in found if link]) > 1:
        yield Finding("well", "all links of this mail are for the same person")


def _is_ours(settings: Settings, url: str) -> bool:
    """By the text alone: on our host, or on another with the path of a link, or wrapped around one of ours."""
    through, inner = unwrapped(url, settings.base_url)
    address = read(inner)
    here = address.origin.partition("://")[2] == settings.base_url.partition("://")[2]
    if through or address.form == "insert" or here:
        return address.form != "elsewhere"
    return address.form == "template" or (address.form == "token" and _opened(settings, inner) is not None)


def _opened(settings: Settings, url: str) -> Link | None:
    address = read(unwrapped(url, settings.base_url)[1])
    if address.form not in {"token", "template"}:
        return None
    try:
        return opened(settings, address)
    except BadLink:
        return None


def _labelled(where: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield Finding(finding.verdict, f"{where}: {finding.what}", finding.remedy)
