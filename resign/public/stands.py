"""How each agreement stands now: what the profile shows where it can be seen at once, otherwise what the ledger holds."""

from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from resign.ledger import LedgerUnavailable, outs_since_last_opt_in
from resign.ledger.standings import standings
from resign.links import SCOPE
from resign.lost_links.requests import waits
from resign.notices.offs import switched_off_since
from resign.outbox.standing import is_under_way
from resign.public.site import site
from resign.public.visit import Visit
from resign.themes.beside import marked, stood

_STATES = {"opt-in": "on", "opt-out": "off"}


def known(visit: Visit) -> Mapping[str, str]:
    """By agreement how it stands, as `resign.themes.beside` writes it; those of which nothing is known are left out.

    While a decision is still on its way to Synerise, the profile does not show it yet, and the ledger is right.
    """
    workspace = visit.link.workspace
    try:
        with site().database.reading() as session:
            decided = standings(session, workspace, visit.digest, site().agreements_of(workspace))
            # "Everything" was told of the agreements of that day; of a later one no profile knows.
            firm = {
                name for name, newest in decided.items() if newest.on_all or is_under_way(session, newest)
            }
            breaks = {name: newest.until for name, newest in decided.items() if newest.until is not None}
            resting = {name: until for name, until in breaks.items() if _begins_again(session, visit, name)}
            asked = _asked(session, visit)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error
    look = site().looks.get(workspace)
    shown = look(visit.link.profile) if look else {}
    choices = {name: newest.choice for name, newest in decided.items()}
    choices |= {name: choice for name, choice in shown.items() if name not in firm}
    # On a break nothing is marked: "no" would be one for good, and must be said, not sent along.
    marks = {name: _STATES[choice] for name, choice in choices.items() if name not in breaks}
    return {
        name: stood(
            marks.get(name, ""), asked=name in asked and marks.get(name) != "on", until=resting.get(name)
        )
        for name in {*marks, *resting, *asked}
    }


def on(visit: Visit) -> set[str]:
    """What is on for certain, as far as it can be known now; the newsletter also where nobody ever said otherwise."""
    workspace = visit.link.workspace
    try:
        stands = known(visit)
        with site().database.reading() as session:
            decided = standings(session, workspace, visit.digest, [SCOPE])
    except (LedgerUnavailable, SQLAlchemyError, OSError):
        return set()
    never = {SCOPE} - {name for name, word in stands.items() if marked(word)} - decided.keys()
    return {name for name, word in stands.items() if marked(word) == "on"} | never


def is_off_there(visit: Visit) -> bool:
    """Whether the profile shows, where it can be seen at once, that the person is out at Synerise already."""
    look = site().looks.get(visit.link.workspace)
    return look is not None and look(visit.link.profile).get(SCOPE) == "opt-out"


def _begins_again(session: Session, visit: Visit, agreement: str) -> bool:
    """Not where an opt-out without an end lies between the last opt-in and the break."""
    outs = outs_since_last_opt_in(session, visit.link.workspace, visit.digest, agreement)
    return all(out.until is not None for out in outs)


def _asked(session: Session, visit: Visit) -> set[str]:
    if visit.workspace.double_opt_in != "on":
        return set()
    whose, now = (visit.link.workspace, visit.digest), visit.now()
    since = {name: waits(session, *whose, name, now) for name in site().agreements_of(visit.link.workspace)}
    return {name for name, at in since.items() if at and not switched_off_since(session, *whose, name, at)}
