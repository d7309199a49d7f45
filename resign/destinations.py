"""Who hears of a workspace's decisions: Synerise, and every other system that its settings name."""

from collections.abc import Iterator

from resign.clock import Clock
from resign.outbox.contract import Destination
from resign.settings import Workspace
from resign.settings.destinations import WebhookTo
from resign.synerise import AttributesDestination, SignUpDestination, SyneriseDestination
from resign.webhooks import WebhookDestination

# Connections for what is done beside delivering opt-outs: it must not crowd them out at Synerise.
BESIDE = 8
_SYNERISE = (SyneriseDestination.name, AttributesDestination.name, SignUpDestination.name)


def names_of(workspace: Workspace) -> tuple[str, ...]:
    """Those that take messages, the first of them Synerise. Files take none: they are written of the ledger."""
    return (*_SYNERISE, *(to.name for to in _posted_to(workspace)))


def destinations_of(workspace: Workspace, clock: Clock, *, deliveries: int) -> list[Destination]:
    return [
        SyneriseDestination(workspace, clock, connections=deliveries),
        # Also without agreements: what is still owed of one that was taken out has to end somewhere visible.
        AttributesDestination(workspace, clock, connections=BESIDE),
        SignUpDestination(workspace, clock, connections=BESIDE),
        *(WebhookDestination(workspace.name, to, clock) for to in _posted_to(workspace)),
    ]


def webhook_of(workspace: Workspace, name: str, clock: Clock) -> WebhookDestination | None:
    """None where the workspace has no webhook of that name. Close it."""
    found = next((to for to in _posted_to(workspace) if to.name == name), None)
    return WebhookDestination(workspace.name, found, clock) if found is not None else None


def _posted_to(workspace: Workspace) -> Iterator[WebhookTo]:
    for to in workspace.destinations.values():
        match to:
            case WebhookTo():
                yield to
