"""`/p/<token>`: what somebody wants to get, agreement by agreement, or nothing at all. `/c/<token>` completes a double opt-in."""

from collections.abc import Mapping

from flask import Blueprint, Response, g
from sqlalchemy.exc import SQLAlchemyError

from resign.ledger import ALL, Choice, LedgerUnavailable, NewDecision
from resign.ledger.directly import append
from resign.ledger.newest import Newest
from resign.ledger.standings import standings
from resign.links import SCOPE, confirmed_by
from resign.lost_links.requests import asked_to_confirm, note_confirmation
from resign.public import preferred
from resign.public.asked import Body, body, language
from resign.public.choices import Choices, read
from resign.public.site import site
from resign.public.stands import known
from resign.public.visit import Visit
from resign.telemetry.metrics import DECISIONS, REFUSED

blueprint = Blueprint("preferring", __name__)


@blueprint.get("/p/<token>")
def show(token: str) -> Response:
    g.visit = visit = Visit.by(token)
    return preferred.centre(visit, language(visit.workspace.language), known(visit))


@blueprint.post("/p/<token>")
def choose(token: str) -> Response:
    g.visit = visit = Visit.by(token)
    sent = body()
    in_language = language(visit.workspace.language, asked=sent.language)
    agreements = site().agreements_of(visit.link.workspace)
    choices = read(sent, agreements, confirms=visit.workspace.double_opt_in == "on")
    if choices.are_nothing:
        return preferred.same(visit, in_language)
    try:
        made = _record(visit, sent, in_language, choices)
    except LedgerUnavailable:
        REFUSED.labels("unavailable").inc()
        return preferred.trouble(visit, in_language, choices)
    if choices.stops:
        return preferred.stopped(visit, in_language, made[0])
    return preferred.saved(visit, in_language, choices, made)


@blueprint.get("/c/<token>")
def ask_to_confirm(token: str) -> Response:
    g.visit = visit = Visit.to_confirm(token)
    agreement = confirmed_by(visit.link.scope) or SCOPE
    in_language = language(visit.workspace.language)
    confirmable, stands = _confirmable(visit, agreement)
    if stands is not None and stands.choice == "opt-in" and confirmable:
        return preferred.confirmed(visit, in_language, agreement, stands)
    return (preferred.confirm if confirmable else preferred.confirm_late)(visit, in_language, agreement)


@blueprint.post("/c/<token>")
def confirm(token: str) -> Response:
    g.visit = visit = Visit.to_confirm(token)
    sent = body()
    agreement = confirmed_by(visit.link.scope) or SCOPE
    in_language = language(visit.workspace.language, asked=sent.language)
    confirmable, stands = _confirmable(visit, agreement)
    if not confirmable:
        return preferred.confirm_late(visit, in_language, agreement)
    if stands is not None and stands.choice == "opt-in":
        return preferred.confirmed(visit, in_language, agreement, stands)
    decision = visit.decision("opt-in", sent, in_language, method="preferences", agreement=agreement)
    site().intake.append(decision)
    DECISIONS.labels(visit.link.workspace, "opt-in", "preferences").inc()
    return preferred.confirmed(visit, in_language, agreement, decision)


@blueprint.errorhandler(LedgerUnavailable)
def unavailable(_error: LedgerUnavailable) -> Response:
    REFUSED.labels("unavailable").inc()
    return preferred.out_of_order()


def _record(visit: Visit, sent: Body, in_language: str, choices: Choices) -> list[NewDecision]:
    """All that was changed, in one transaction; LedgerUnavailable where it could not be made durable."""
    now = visit.now()
    if choices.stops:
        decided: Mapping[str, Choice] = dict.fromkeys(
            (ALL, *site().agreements_of(visit.link.workspace)), "opt-out"
        )
    else:
        decided = choices.decided
    made = [
        visit.decision(
            choice, sent, in_language,
            method="preferences", agreement=agreement, seen=choices.seen,
        )
        for agreement, choice in decided.items()
    ]  # fmt: skip
    try:
        with site().database.writing() as session:
            if made:
                append(session, made)
            for agreement in choices.asked:
                note_confirmation(
                    session, visit.link.workspace, visit.link.profile, visit.digest, agreement, now
                )
            session.commit()
    except (SQLAlchemyError, OSError) as error:
        site().intake.refusals.note(type(error).__name__)
        raise LedgerUnavailable(type(error).__name__) from error
    for decision in made:
        DECISIONS.labels(visit.link.workspace, decision.choice, "preferences").inc()
    return made


def _confirmable(visit: Visit, agreement: str) -> tuple[bool, Newest | None]:
    """Whether it was asked for lately, and nothing was refused since; and where the person stands."""
    workspace = visit.link.workspace
    try:
        with site().database.reading() as session:
            asked = asked_to_confirm(session, workspace, visit.digest, agreement, visit.now())
            stands = standings(session, workspace, visit.digest, [agreement]).get(agreement)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error
    refused_since = (
        asked is not None and stands is not None and stands.choice == "opt-out" and stands.at > asked
    )
    return asked is not None and not refused_since, stands
