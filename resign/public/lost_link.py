"""The lost-link form: an address in, always the same answer, and nothing is looked up while somebody waits (B11)."""

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError

from resign.lost_links.requests import note
from resign.profile import MOST_CHARACTERS, BadProfile, Profile
from resign.public.answer import RETRY_AFTER, problem, unlinked
from resign.public.asked import strangers_body
from resign.public.site import site
from resign.telemetry.metrics import REFUSED
from resign.themes.contexts import LostLink, LostLinkWrong, Problem


def form() -> Response:
    return unlinked("lost-link", LostLink())


def ask() -> Response:
    sent = strangers_body()
    if sent.kind == "unread":
        return _unavailable()
    try:
        profile = Profile.of("email", sent.email)
    except BadProfile:
        return unlinked("lost-link-wrong", LostLinkWrong(email=_to_be_mended(sent.email)), 422, sent.language)
    now = site().clock.now()
    if wait := site().link_requests.wait(request.remote_addr, now):
        REFUSED.labels("too-many-requests").inc()
        retry_after = {"Retry-After": str(wait)}
        return unlinked("lost-link-many", Problem(), 429, sent.language, **retry_after)
    if site().link_requests.is_enough_for(profile):
        REFUSED.labels("enough-requests").inc()
        return _promise(sent.language)
    brand = site().workspace_of(request.host)
    meant = [brand] if brand else list(site().workspaces)
    digests = {name: profile.digest(site().digest_key(name)) for name in meant}
    try:
        with site().database.writing() as session:
            note(session, profile, digests, now)
            session.commit()
    except (SQLAlchemyError, OSError):
        return _unavailable()
    return _promise(sent.language)


def _promise(language: str | None) -> Response:
    return unlinked("lost-link-sent", LostLink(), asked=language)


def _unavailable() -> Response:
    REFUSED.labels("unavailable").inc()
    return problem("trouble", 503, **{"Retry-After": RETRY_AFTER})


def _to_be_mended(typed: str) -> str:
    return "".join(letter for letter in typed if letter.isprintable())[:MOST_CHARACTERS]
