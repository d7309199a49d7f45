"""How each agreement stands now: what the profile shows where it can be seen at once, otherwise what the ledger holds."""

from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from resign.ledger import LedgerUnavailable
from resign.ledger.pauses import will_end
from resign.ledger.standings import standings
from resign.links import SCOPE
from resign.lost_links.requests import waiting
from resign.notices.offs import switched_off_since
from resign.outbox.standing import is_under_way
from resign.public.site import site
from resign.public.visit import Visit
from resign.themes.beside import stood

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
            resting = {
                name: newest.until
                for name, newest in decided.items()
                if newest.until is not None
                and will_end(session, newest.seq, site().digest_key(workspace), visit.now())
            }
            asked = asked_for(session, visit)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerUnavailable(type(error).__name__) from error
    look = site().looks.get(workspace)
    shown = look(visit.link.profile) if look else {}
    choices = {name: newest.choice for name, newest in decided.items()}
    choices |= {name: choice for name, choice in shown.items() if name not in firm}
    marks = {name: _STATES[choice] for name, choice in choices.items()}
    beside = {
        name: stood(asked=name in asked, until=resting.get(name))
        for name in {*resting, *asked}
        # Switched on elsewhere, they neither rest nor wait.
        if marks.get(name) != "on"
    }
    # Nothing is marked there: "no" would be one for good, or end the wait, and must be said, not sent along.
    return {**marks, **beside}


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
    return {name for name, word in stands.items() if word == "on"} | never


def is_off_there(visit: Visit) -> bool:
    """Whether the profile shows, where it can be seen at once, that the person is out at Synerise already."""
    look = site().looks.get(visit.link.workspace)
    return look is not None and look(visit.link.profile).get(SCOPE) == "opt-out"


def asked_for(session: Session, visit: Visit) -> set[str]:
    """What an email asks to confirm before it is on."""
    if visit.workspace.double_opt_in != "on":
        return set()
    whose = (visit.link.workspace, visit.digest)
    since = waiting(session, *whose, site().agreements_of(visit.link.workspace), visit.now())
    return {name for name, at in since.items() if not switched_off_since(session, *whose, name, at)}
