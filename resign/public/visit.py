"""One visit by a working link: who it is for, where its pages lie, and what is decided in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from resign.ledger import Choice, LedgerUnavailable, Method, NewDecision, decide
from resign.ledger.directly import append, stop_others
from resign.ledger.newest import last_language
from resign.ledger.pauses import will_end
from resign.links import SCOPE, BadLink, Confirming, Link, confirmed_by
from resign.outbox.standing import Standing, standing
from resign.public.address import LINK
from resign.public.asked import Body, campaign, language, query
from resign.public.site import site
from resign.settings import Workspace
from resign.telemetry.metrics import DECISIONS


class OtherSender(Exception):
    """A good link, opened under another brand's address; `address` is where it belongs."""

    def __init__(self, address: str) -> None:
        super().__init__("a link of another sender")
        self.address = address


@dataclass(frozen=True, slots=True)
class Visit:
    """`token` is the text that came in: it opens, so it is made of letters, digits, `-`, `_` and two dots."""

    token: str
    link: Link
    workspace: Workspace
    query: str

    @classmethod
    def by(cls, token: str) -> "Visit":
        """Opens the link; raises BadLink for whatever cannot be opened, and OtherSender under another brand's address."""
        link = request.environ.get(LINK) or site().links.open(token)
        if link.scope != SCOPE:
            raise BadLink
        return _at_home(cls(token, link, site().workspaces[link.workspace], query()), "/u/")

    @classmethod
    def to_confirm(cls, token: str) -> "Visit":
        """Opens a link that completes a double opt-in, and no other."""
        link = site().links.open(token)
        visit = cls(token, link, site().workspaces[link.workspace], query())
        if visit.confirms.agreement not in site().agreements_of(link.workspace):
            raise BadLink
        return _at_home(visit, "/c/")

    @classmethod
    def by_template(cls) -> "Visit":
        """Opens a template-signed link; its pages go on by a token of ours, so that the address stays out of theirs."""
        link = site().template_links.open(request.args.get("e", ""), request.args.get("sig", ""))
        token = site().links.mint(link.workspace, link.profile, link.scope)
        return _at_home(cls(token, link, site().workspaces[link.workspace], query()), "/u/")

    @property
    def path(self) -> str:
        return f"/u/{self.token}"

    def path_to(self, page: str = "") -> str:
        """The path of the link, or of a page below it, with what its query carries on."""
        return self._with_query(f"{self.path}/{page}" if page else self.path)

    @property
    def confirms(self) -> Confirming:
        """What a link of a double opt-in is about; BadLink for any other."""
        confirmed = confirmed_by(self.link.scope)
        if confirmed is None:
            raise BadLink
        return confirmed

    @property
    def preferences(self) -> str:
        """The same token where it opens there, too, so that what was shown follows from the link's own key."""
        own = (
            self.token
            if self.link.scope == SCOPE
            else site().links.mint(self.link.workspace, self.link.profile)
        )
        return f"/p/{own}"

    def path_to_preferences(self) -> str:
        return self._with_query(self.preferences)

    def path_to_restoring(self) -> str:
        return self._with_query(f"{self.preferences}/undo")

    def path_to_confirming(self) -> str:
        return self._with_query(f"/c/{self.token}")

    def _with_query(self, path: str) -> str:
        return f"{path}?{self.query[1:]}" if self.query else path

    @property
    def digest(self) -> str:
        return self.link.profile.digest(site().digest_key(self.link.workspace))

    @property
    def masked(self) -> str:
        return self.link.profile.masked()

    def language(self) -> str:
        """B7 for a page that is only looked at: as the link asks, as the person decided last, and so on."""
        try:
            with site().database.reading() as session:
                remembered = last_language(session, self.link.workspace, self.digest)
        except (SQLAlchemyError, OSError):
            remembered = None
        return language(self.workspace.language, remembered)

    def standing(self) -> Standing | None:
        """Where the person stands; LedgerUnavailable where that cannot be read."""
        try:
            with site().database.reading() as session:
                stands = standing(session, self.link.workspace, self.digest, SCOPE)
                key = site().digest_key(self.link.workspace)
                if stands and stands.until and not will_end(session, stands.newest.seq, key, self.now()):
                    return replace(stands, is_for_good=True)
                return stands
        except (SQLAlchemyError, OSError) as error:
            site().intake.refusals.note(type(error).__name__)
            raise LedgerUnavailable(type(error).__name__) from error

    def decide(
        self, choice: Choice, sent: Body, language: str, *, until: datetime | None = None
    ) -> NewDecision:
        """Appends a decision, durably, with the page it was made on; LedgerUnavailable where it could not be."""
        method: Method = "page" if sent.page else "one-click"
        decision = self.decision(choice, sent, language, method=method, until=until)
        site().intake.append(decision)
        DECISIONS.labels(self.link.workspace, choice, method).inc()
        return decision

    def append_if(self, decisions: Sequence[NewDecision], still: Callable[[Session], bool]) -> bool:
        """Appends opt-ins where what speaks for them `still` holds.

        Looked at and written while nobody else may append: an opt-out that was acknowledged meanwhile must not be
        overtaken by what was judged before it. LedgerUnavailable where it could not be made durable.
        """
        try:
            with site().database.writing() as session:
                stop_others(session)
                if not still(session):
                    return False
                append(session, decisions)
                session.commit()
        except (SQLAlchemyError, OSError) as error:
            site().intake.refusals.note(type(error).__name__)
            raise LedgerUnavailable(type(error).__name__) from error
        for decision in decisions:
            DECISIONS.labels(self.link.workspace, decision.choice, decision.row["method"]).inc()
        return True

    def decision(
        self,
        choice: Choice,
        sent: Body,
        language: str,
        *,
        method: Method,
        agreement: str = SCOPE,
        until: datetime | None = None,
        seen: str | None = None,
    ) -> NewDecision:
        """A decision that is not written yet; the text of the page it was made on is durable."""
        shown = site().pages.shown(sent.page, sent.language) if sent.page else None
        if shown is not None:
            site().shown.keep(digest=shown.digest, page=shown.name, language=shown.language, text=shown.text)
        return decide(
            workspace=self.link.workspace,
            digest_key=site().digest_key(self.link.workspace),
            profile=self.link.profile,
            agreement=agreement,
            choice=choice,
            method=method,
            at=self.now(),
            campaign=campaign(),
            language=language if sent.page else None,
            page=f"{shown.theme}/{shown.name}" if shown else None,
            shown=sent.page,
            link_key=self.link.key_id,
            body=sent.kind,
            until=until,
            seen=seen,
        )

    def now(self) -> datetime:
        return site().clock.now()


def _at_home(visit: Visit, under: str) -> Visit:
    workspace = visit.link.workspace
    if site().is_elsewhere(request.host, workspace):
        asked = request.args.get("l")
        tongue = f"&l={asked}" if asked in site().catalogues.languages else ""
        more = f"{tongue}{visit.query}"
        raise OtherSender(f"{site().url_of(workspace)}{under}{visit.token}{'?' + more[1:] if more else ''}")
    return visit
