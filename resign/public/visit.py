"""One visit by a working link: who it is for, where its pages lie, and what is decided in it."""

from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from resign.ledger import Choice, LedgerUnavailable, Method, NewDecision, decide
from resign.links import Link
from resign.outbox.standing import Standing, standing
from resign.public.address import LINK
from resign.public.asked import Body, campaign, query
from resign.public.site import site
from resign.settings import Workspace
from resign.telemetry.metrics import DECISIONS


@dataclass(frozen=True, slots=True)
class Visit:
    """`token` is the text that came in: it opens, so it is made of letters, digits, `-`, `_` and two dots."""

    token: str
    link: Link
    workspace: Workspace
    query: str

    @classmethod
    def by(cls, token: str) -> "Visit":
        """Opens the link; raises BadLink for whatever cannot be opened."""
        link = request.environ.get(LINK) or site().links.open(token)
        return cls(token, link, site().workspaces[link.workspace], query())

    @classmethod
    def by_template(cls) -> "Visit":
        """Opens a template-signed link; its pages go on by a token of ours, so that the address stays out of theirs."""
        link = site().template_links.open(request.args.get("e", ""), request.args.get("sig", ""))
        token = site().links.mint(link.workspace, link.profile, link.scope)
        return cls(token, link, site().workspaces[link.workspace], query())

    @property
    def path(self) -> str:
        return f"/u/{self.token}"

    def path_to(self, page: str = "") -> str:
        """The path of the link, or of a page below it, with what its query carries on."""
        path = f"{self.path}/{page}" if page else self.path
        return f"{path}?{self.query[1:]}" if self.query else path

    @property
    def masked(self) -> str:
        return self.link.profile.masked()

    def standing(self) -> Standing | None:
        """Where the person stands; LedgerUnavailable where that cannot be read."""
        digest = self.link.profile.digest(site().digest_key(self.link.workspace))
        try:
            with site().database.reading() as session:
                return standing(session, self.link.workspace, digest, self.link.scope)
        except (SQLAlchemyError, OSError) as error:
            site().intake.refusals.note(type(error).__name__)
            raise LedgerUnavailable(type(error).__name__) from error

    def decide(self, choice: Choice, sent: Body, language: str) -> NewDecision:
        """Appends a decision, durably, with the page it was made on; LedgerUnavailable where it could not be."""
        method: Method = "page" if sent.page else "one-click"
        shown = site().pages.shown(sent.page) if sent.page else None
        if shown is not None:
            site().shown.keep(digest=shown.digest, page=shown.name, language=shown.language, text=shown.text)
        decision = decide(
            workspace=self.link.workspace,
            digest_key=site().digest_key(self.link.workspace),
            profile=self.link.profile,
            agreement=self.link.scope,
            choice=choice,
            method=method,
            at=self.now(),
            campaign=campaign(),
            language=language if sent.page else None,
            page=f"{shown.theme}/{shown.name}" if shown else None,
            shown=sent.page,
            link_key=self.link.key_id,
            body=sent.kind,
        )
        site().intake.append(decision)
        DECISIONS.labels(self.link.workspace, choice, method).inc()
        return decision

    def now(self) -> datetime:
        return site().clock.now()
