"""The page on which a decision was made, rendered again byte for byte from what the ledger holds (C2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.i18n import SOURCE, Catalogues
from resign.ids import reference
from resign.ledger import ALL
from resign.ledger.stops import ON
from resign.ledger.tables import Decision, ShownPage
from resign.links import SCOPE, Links, confirming
from resign.outbox.tables import MessageRow
from resign.profile import Kind, Profile
from resign.settings import Workspace
from resign.themes.beside import checked, marked, said
from resign.themes.page import again, digest_of

_CONFIRMS = {"confirm", "confirmed", "confirm-late"}
_PREFERS = {"preferences", "preferences-trouble", "preferences-saved", "preferences-same", "stopped"}
# Stands in the place of the person's own link where a page is looked at.
BLANK = "•••"
_MARKERS = re.compile(r"\{\{([a-z_]+)")


WITHOUT_A_PAGE = "it was made without a page of ours: by a mail program's own button, or not by the person"
NOT_KEPT = "the page's text is not kept: it was none of ours, or older than the release that took the press"
CHANGED = "the kept text is not the one that the decision names: it was changed in the database"
NO_ADDRESS = "the address was deleted by retention, so that only the page's text is left"
NOT_IN_THE_LEDGER = "what stood there does not follow from the ledger: %(names)s"
REASONS = (WITHOUT_A_PAGE, NOT_KEPT, CHANGED, NO_ADDRESS, NOT_IN_THE_LEDGER)


class CannotShow(Exception):
    """Why the page cannot be rendered again: one of REASONS, and the values of its places."""

    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason % values if values else reason)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True)
class AsShown:
    """The very bytes, and what they are known by. `token` is the person's own link, which stands in them."""

    page: str
    language: str
    digest: str
    content: bytes
    token: str = field(repr=False)

    @property
    def without_the_link(self) -> bytes:
        """For whoever may look at the page and must not be able to press its buttons in the person's name."""
        return self.content.replace(self.token.encode(), BLANK.encode())


def as_shown(
    session: Session, decision: Decision, links: Links, catalogues: Catalogues, title: str = ""
) -> AsShown:
    """The page as the person saw it when they pressed. `title` is what the agreement is called, where one was confirmed.

    Its text was kept under its digest before the decision was; a person's few values follow from the decision
    and from the one before it. CannotShow for what was made without a page of ours, by one-click say.
    """
    page = kept_page(session, decision)
    if decision.identifier is None:
        raise CannotShow(NO_ADDRESS)
    token = _token(decision, page.page, links)
    values = _values(session, decision, page, token, catalogues, title)
    missing = set(_MARKERS.findall(page.text)) - values.keys() - {"page"}
    if missing:
        raise CannotShow(NOT_IN_THE_LEDGER, names=", ".join(sorted(missing)))
    return AsShown(decision.page or page.page, page.language, page.digest, again(page.text, values), token)


def kept_page(session: Session, decision: Decision) -> ShownPage:
    """The text with its markers, known to be the one that the decision names."""
    if decision.shown is None:
        raise CannotShow(WITHOUT_A_PAGE)
    page = session.get(ShownPage, decision.shown)
    if page is None:
        raise CannotShow(NOT_KEPT)
    if digest_of(page.text) != decision.shown:
        raise CannotShow(CHANGED)
    return page


def title_of(workspace: Workspace, decision: Decision, catalogues: Catalogues) -> str:
    """What its agreement is called on a page in the decision's language; empty for one that is not offered any more."""
    language = decision.language or SOURCE
    if decision.agreement == SCOPE:
        return catalogues.gettext(language, "Marketing emails")
    titles = next((each.title for each in workspace.agreements if each.name == decision.agreement), {})
    return titles.get(language) or titles.get(workspace.language) or next(iter(titles.values()), "")


def _token(decision: Decision, name: str, links: Links) -> str:
    profile = Profile(cast("Kind", decision.kind), decision.identifier or "")
    scope = _scope(decision) if name in _CONFIRMS else SCOPE
    return links.mint_by(decision.link_key, decision.workspace, profile, scope)


def _values(
    session: Session, decision: Decision, page: ShownPage, token: str, catalogues: Catalogues, title: str
) -> Mapping[str, Any]:
    profile = Profile(cast("Kind", decision.kind), decision.identifier or "")
    query = f"&c={quote(decision.campaign, safe='')}" if decision.campaign else ""
    more = f"?{query[1:]}" if query else ""
    own = f"/{_door(page.page)}/{token}"
    values: dict[str, Any] = {
        "link": own,
        "query": query,
        "masked": profile.masked(),
        "action": own + more,
        "undo": f"{own}/undo{more}",
        "pause": f"{own}/pause{more}",
        "reason": f"/u/{token}/reason{more}",
        "record": f"{own}/record{more}",
        "centre": f"/p/{token}",
        # What stands in pages of the time before `centre`.
        "preferences": f"/p/{token}{more}",
        "agreement": title,
    }
    if decision.seen is not None:
        stood = dict(part.rstrip(ON).partition("=")[::2] for part in decision.seen.split())
        values |= {
            "was": stood,
            "to": {agreement: marked(word) for agreement, word in stood.items()},
            "now": {
                agreement: said(checked(word), page.language, catalogues) for agreement, word in stood.items()
            },
        }
    # The page of "everything" tells of that, whichever agreement is then decided on it.
    about = ALL if page.page == "stopped" else decision.agreement
    return {**values, **_about_the_one_before(session, decision, about, catalogues)}


def _scope(decision: Decision) -> str:
    """The request that was confirmed stands in what was seen; an older release's link named none."""
    number = re.fullmatch(r"request=(\d+)", decision.seen or "")
    return confirming(decision.agreement, int(number[1]) if number else None)


def _door(name: str) -> str:
    if name in _CONFIRMS:
        return "c"
    return "p" if name in _PREFERS else "u"


def _about_the_one_before(
    session: Session, decision: Decision, about: str, catalogues: Catalogues
) -> Mapping[str, str]:
    """A page that tells of a decision tells of the newest one before the press."""
    language = decision.language or "en"
    before = session.scalar(
        select(Decision)
        .where(
            Decision.workspace == decision.workspace,
            Decision.digest == decision.digest,
            Decision.agreement == about,
            Decision.seq < decision.seq,
        )
        .order_by(Decision.seq.desc())
        .limit(1)
    )
    if before is None:
        return {}
    told = {"recorded_at": catalogues.moment(before.at, language), "reference": reference(before.id)}
    if before.until is not None:
        told["until"] = catalogues.day(before.until, language)
    confirmed_at = session.scalar(
        select(MessageRow.confirmed_at)
        .where(MessageRow.decision_seq == before.seq, MessageRow.confirmed_at.is_not(None))
        .limit(1)
    )
    if confirmed_at is None and before.method == "synerise":
        confirmed_at = before.at
    if confirmed_at is not None:
        told["confirmed_at"] = catalogues.moment(confirmed_at, language)
    return told
