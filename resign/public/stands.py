"""How each agreement stands now: what the profile shows where it can be seen at once, otherwise what the ledger holds."""

from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from resign.ledger import LedgerUnavailable
from resign.ledger.standings import standings
from resign.links import SCOPE
from resign.outbox.standing import is_under_way
from resign.public.site import site
from resign.public.visit import Visit

_STATES = {"opt-in": "on", "opt-out": "off"}


def known(visit: Visit) -> Mapping[str, str]:
    """By agreement `on` or `off`; those of which nothing is known are left out.

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
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error
    look = site().looks.get(workspace)
    shown = look(visit.link.profile) if look else {}
    choices = {name: newest.choice for name, newest in decided.items()}
    choices |= {name: choice for name, choice in shown.items() if name not in firm}
    # On a break nothing is marked: "no" would be one for good, and must be said, not sent along.
    resting = {name for name, newest in decided.items() if newest.until is not None}
    return {name: _STATES[choice] for name, choice in choices.items() if name not in resting}


def on(visit: Visit) -> set[str]:
    """What is on for certain, as far as it can be known now; the newsletter also where nobody ever said otherwise."""
    workspace = visit.link.workspace
    try:
        stands = known(visit)
        with site().database.reading() as session:
            decided = standings(session, workspace, visit.digest, [SCOPE])
    except (LedgerUnavailable, SQLAlchemyError, OSError):
        return set()
    never = {SCOPE} - stands.keys() - decided.keys()
    return {name for name, state in stands.items() if state == "on"} | never


def is_off_there(visit: Visit) -> bool:
    """Whether the profile shows, where it can be seen at once, that the person is out at Synerise already."""
    look = site().looks.get(visit.link.workspace)
    return look is not None and look(visit.link.profile).get(SCOPE) == "opt-out"
