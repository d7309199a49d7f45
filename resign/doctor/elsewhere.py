"""The other systems that a workspace tells: which is late, held or paused, and whether their addresses may be gone to."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from resign.alarms.troubled import Trouble, troubles
from resign.clock import Clock
from resign.db import Database
from resign.doctor.finding import Finding
from resign.doctor.shown import shown
from resign.doctor.storage import is_there
from resign.outward.addresses import Network, NotAllowed, NotFound
from resign.outward.client import where_to
from resign.settings import Workspace
from resign.settings.destinations import DestinationTo, WebhookTo
from resign.settings.destinations.place import FolderPlace, HttpPlace

_SECONDS = 5.0


def examine_elsewhere(workspace: Workspace, database: Database, clock: Clock) -> Iterator[Finding]:
    yield from _standing(workspace, database, clock)
    for to in workspace.destinations.values():
        yield from _address(to)


def _standing(workspace: Workspace, database: Database, clock: Clock) -> Iterator[Finding]:
    if not is_there(database):
        return
    try:
        with database.reading() as session:
            found = troubles(session, clock.now(), {workspace.name: workspace.destinations})
    except (SQLAlchemyError, OSError):
        return  # what ails the storage has been said already
    for each in found:
        yield _said(each)


def _said(each: Trouble) -> Finding:
    name, since = _called(each.destination, each.takes == "files"), _since(each.since)
    match each.stands:
        case "stopped":
            group = "outbox" if each.takes == "messages" else "feed"
            named = f"{each.workspace} {each.destination}" if group == "outbox" else each.destination
            return Finding(
                "mind", f"{name} is paused by hand{since}",
                f"by {shown(each.by or '?')}: {shown(each.why or 'no reason was given')}; `resign {group} resume {named}` "
                "ends it",
            )  # fmt: skip
        case "held":
            return Finding(
                "ill", f"{name} is held{since}", f"{each.why}; once that is mended it goes on by itself"
            )
        case "late":
            why = each.why or "`resign outbox list` and the console's page of deliveries tell more"
            return Finding(
                "ill", f"{name} is late: it should have taken something{since}",
                f"{why}; all is kept, and tried again by itself",
            )  # fmt: skip
        case "paused" if each.takes == "files":
            return Finding(
                "mind",
                f"{name} did not take its last file",
                f"{each.why}; all is kept, and tried again by itself",
            )
        case _:
            return Finding(
                "mind",
                f"{name} is paused{since}",
                "it does not answer; what is owed is kept, and told when it does",
            )


def _since(at: datetime | None) -> str:
    return f" since {at:%Y-%m-%d %H:%M} UTC" if at else ""


def _called(name: str, is_feed: bool) -> str:
    return f"the {'feed' if is_feed else 'webhook'} {name}"


def _address(to: DestinationTo) -> Iterator[Finding]:
    """The address itself is not said: it may hold a secret. Nobody is called."""
    asked = _asked(to)
    if asked is None:
        return
    url, networks = asked
    name = _called(to.name, not isinstance(to, WebhookTo))
    try:
        where_to(url, networks, seconds=_SECONDS)
    except NotAllowed as refused:
        yield Finding(
            "ill", f"the address of {name} may not be gone to", f"{refused}; until then nothing is sent there"
        )
    except NotFound as missing:
        yield Finding(
            "ill", f"the address of {name} cannot be looked up",
            f"{missing}: look at its url, and at the name servers of this machine; all is kept meanwhile",
        )  # fmt: skip
    else:
        yield Finding("well", f"the address of {name} was looked up and may be gone to; nobody was called")


def _asked(to: DestinationTo) -> tuple[str, Sequence[Network]] | None:
    """None for what has no address on a network."""
    if isinstance(to, WebhookTo):
        return to.url, to.networks
    match to.place:
        case HttpPlace(url=url):
            return url, to.networks
        case FolderPlace():
            return None
        case place:
            host = f"[{place.host}]" if ":" in place.host else place.host
            return f"https://{host}:{place.port}", to.networks
