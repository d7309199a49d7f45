"""`/p/<token>`: what somebody wants to get, agreement by agreement, or nothing at all. `/c/<token>` completes a double opt-in."""

from collections.abc import Mapping

from flask import Blueprint, Response, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from resign.ledger import ALL, Choice, LedgerUnavailable, NewDecision
from resign.ledger.directly import append
from resign.ledger.newest import Newest
from resign.ledger.standings import standings
from resign.ledger.stops import restorable
from resign.lost_links.requests import asked_after, note_confirmation
from resign.notices.offs import switched_off_since
from resign.public import preferred
from resign.public.asked import MAIL_PROGRAMS, UNHEARD, Body, body, language
from resign.public.choices import Choices, is_understood, read, restored
from resign.public.site import site
from resign.public.stands import asked_for, known, on
from resign.public.visit import Visit
from resign.telemetry.metrics import DECISIONS, REFUSED

blueprint = Blueprint("preferring", __name__)


@blueprint.get("/p/<token>")
def show(token: str) -> Response:
    g.visit = visit = Visit.by(token)
    return preferred.centre(visit, visit.language(), known(visit))


@blueprint.post("/p/<token>")
def choose(token: str) -> Response:
    g.visit = visit = Visit.by(token)
    sent = body()
    in_language = language(visit.workspace.language, asked=sent.language)
    agreements = site().agreements_of(visit.link.workspace)
    confirms = visit.workspace.double_opt_in == "on"
    choices = read(sent, agreements, (), confirms=confirms)
    if not is_understood(sent):
        # What was chosen may not be answered with "nothing has changed".
        REFUSED.labels("unread").inc()
        return preferred.trouble(visit, in_language, choices)
    try:
        choices = read(sent, agreements, _not_out(visit) if choices.refuses else (), confirms=confirms)
        if choices.are_nothing:
            return preferred.same(visit, in_language)
        made = _record(visit, sent, in_language, choices)
    except LedgerUnavailable:
        REFUSED.labels("unavailable").inc()
        return preferred.trouble(visit, in_language, choices)
    if choices.stops:
        return preferred.stopped(visit, in_language, made[-1])
    return preferred.saved(visit, in_language, choices, made, _stands_now(visit))


@blueprint.get("/p/<token>/undo")
def undo_again(token: str) -> Response:
    """Whoever reloads that page sees how everything stands."""
    return show(token)


@blueprint.post("/p/<token>/undo")
def undo(token: str) -> Response:
    """What "stop everything" switched off is on again, and nothing else."""
    g.visit = visit = Visit.by(token)
    sent = body()
    in_language = language(visit.workspace.language, asked=sent.language)
    if sent.kind in UNHEARD:
        return preferred.out_of_order()
    back = _restorable(visit) if sent.is_from_a_page else []
    made = [
        visit.decision("opt-in", sent, in_language, method="preferences", agreement=name) for name in back
    ]
    if not made or not visit.append_if(made, lambda session: _restorable_in(session, visit) == back):
        return preferred.centre(visit, in_language, known(visit))
    choices = restored(site().agreements_of(visit.link.workspace), back)
    return preferred.saved(visit, in_language, choices, made, _stands_now(visit))


@blueprint.get("/c/<token>")
def ask_to_confirm(token: str) -> Response:
    g.visit = visit = Visit.to_confirm(token)
    agreement = visit.confirms.agreement
    in_language = visit.language()
    confirmable, confirmed = _confirmable(visit)
    if confirmed is not None:
        return preferred.confirmed(visit, in_language, agreement, confirmed)
    return (preferred.confirm if confirmable else preferred.confirm_late)(visit, in_language, agreement)


@blueprint.post("/c/<token>")
def confirm(token: str) -> Response:
    g.visit = visit = Visit.to_confirm(token)
    sent = body()
    agreement = visit.confirms.agreement
    in_language = language(visit.workspace.language, asked=sent.language)
    confirmable, confirmed = _confirmable(visit)
    if not confirmable:
        return preferred.confirm_late(visit, in_language, agreement)
    if confirmed is not None:
        return preferred.confirmed(visit, in_language, agreement, confirmed)
    if sent.kind in UNHEARD:
        return preferred.out_of_order()
    if not sent.is_from_a_page:
        # A mail program's "stop" signs nobody up, wherever it was sent.
        return preferred.confirm(visit, in_language, agreement)
    decision = visit.decision(
        "opt-in", sent, in_language,
        method="preferences", agreement=agreement, seen=f"request={visit.confirms.request}",
    )  # fmt: skip
    if not visit.append_if([decision], lambda session: _may_confirm(session, visit) == (True, None)):
        return ask_to_confirm(token)
    return preferred.confirmed(visit, in_language, agreement, decision)


@blueprint.errorhandler(LedgerUnavailable)
def unavailable(_error: LedgerUnavailable) -> Response:
    REFUSED.labels("unavailable").inc()
    return preferred.out_of_order()


def _record(visit: Visit, sent: Body, in_language: str, choices: Choices) -> list[NewDecision]:
    """All that was changed, in one transaction; LedgerUnavailable where it could not be made durable."""
    now = visit.now()
    # What was on is looked up beforehand: afterwards nobody could tell what an undo would restore.
    stood = on(visit) if choices.stops and sent.kind not in MAIL_PROGRAMS else set()
    if choices.stops:
        # "All" is the newest of them: it is what the person is told of, and what their answer is about.
        decided: Mapping[str, Choice] = dict.fromkeys(
            (*site().agreements_of(visit.link.workspace), ALL), "opt-out"
        )
    else:
        decided = choices.decided
    made = [
        visit.decision(
            choice, sent, in_language,
            method="preferences", agreement=agreement, seen=choices.seen(stood),
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


def _restorable(visit: Visit) -> list[str]:
    try:
        with site().database.reading() as session:
            return _restorable_in(session, visit)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error


def _restorable_in(session: Session, visit: Visit) -> list[str]:
    workspace = visit.link.workspace
    return restorable(session, workspace, visit.digest, site().agreements_of(workspace), visit.now())


def _stands_now(visit: Visit) -> Mapping[str, str]:
    """What is recorded is recorded, also where it cannot be read again at once."""
    try:
        return known(visit)
    except LedgerUnavailable:
        return {}


def _confirmable(visit: Visit) -> tuple[bool, Newest | None]:
    """Whether it was asked for lately and nothing was refused since; and the opt-in by which it was confirmed.

    An opt-in from before it was asked for confirms nothing: the person may have been switched off elsewhere.
    """
    try:
        with site().database.reading() as session:
            return _may_confirm(session, visit)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error


def _may_confirm(session: Session, visit: Visit) -> tuple[bool, Newest | None]:
    workspace, agreement = visit.link.workspace, visit.confirms.agreement
    asked = asked_after(session, workspace, visit.digest, visit.confirms, visit.now())
    if asked is None:
        return False, None
    stands = standings(session, workspace, visit.digest, [agreement]).get(agreement)
    if stands is None or stands.seq == asked.after:
        return not switched_off_since(session, workspace, visit.digest, agreement, asked.at), None
    return stands.choice == "opt-in", stands if stands.choice == "opt-in" else None


def _not_out(visit: Visit) -> set[str]:
    """Of which a "no" says something, however the page stood that it came from; LedgerUnavailable where nobody can tell.

    Those that the ledger knows, and holds no lasting opt-out of; and what an email asks to confirm.
    """
    workspace = visit.link.workspace
    try:
        with site().database.reading() as session:
            stands = standings(session, workspace, visit.digest, site().agreements_of(workspace))
            asked = asked_for(session, visit)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error
    return asked | {
        name for name, each in stands.items() if each.choice == "opt-in" or each.until is not None
    }
