"""The installation as a whole: the address of the links, the storage, the daily comparison, and each workspace."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from resign.clock import Clock
from resign.db import Database
from resign.doctor.alarms import examine_alarms
from resign.doctor.finding import Finding
from resign.doctor.reachability import host_of, is_local
from resign.doctor.storage import examine_storage
from resign.doctor.workspace import examine_workspace
from resign.settings import Settings


def examine(settings: Settings, database: Database, clock: Clock) -> Iterator[Finding]:
    """Finding after finding, as each is made: the last ones ask Synerise, which may take seconds."""
    yield Finding("well", f"settings: {len(settings.workspaces)} workspace(s), all of them valid")
    yield _origin(settings)
    yield from examine_storage(settings, database, clock)
    yield from examine_alarms(database, clock, settings.named)
    yield _comparison(settings)
    for workspace in settings.workspaces.values():
        yield from examine_workspace(settings, workspace, database, clock)


def _origin(settings: Settings) -> Finding:
    if urlsplit(settings.base_url).scheme == "https":
        return Finding("well", f"links are minted for {settings.base_url}")
    local = is_local(host_of(settings.base_url))
    remedy = (
        "set RESIGN_BASE_URL to the https address that people will open: mail apps post to https only (RFC 8058), "
        "and a link that was sent can never be changed"
    )
    return Finding("mind" if local else "ill", f"links are minted for {settings.base_url}", remedy)


def _comparison(settings: Settings) -> Finding:
    if settings.reconcile_at is None:
        return Finding(
            "mind", "nothing is compared with Synerise by itself",
            "set RESIGN_RECONCILE_AT to an hour, or run `resign reconcile`: without it nobody notices who was switched "
            "on again over there",
        )  # fmt: skip
    return Finding(
        "well",
        f"the ledger is compared with Synerise daily at {settings.reconcile_at:%H:%M} UTC, at most "
        f"{settings.reconcile_calls} calls a day for each workspace",
    )
