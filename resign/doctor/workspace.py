"""One workspace: Synerise's host and key, what must stand in its interface, and whether it can tell us anything."""

from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from resign.clock import Clock
from resign.db import Database
from resign.doctor.elsewhere import examine_elsewhere
from resign.doctor.finding import Finding, Verdict
from resign.doctor.lanes import examine_lanes
from resign.doctor.reachability import host_of, is_local, is_number
from resign.doctor.storage import is_there
from resign.notices.tables import NoticeRow
from resign.settings import Settings, Workspace
from resign.synerise import check

# Azure EU, Azure US, Google Cloud (the Magento plugin's `Environment.php`).
_HOSTS = frozenset({"api.synerise.com", "api.azu.synerise.com", "api.geb.synerise.com"})


def examine_workspace(
    settings: Settings, workspace: Workspace, database: Database, clock: Clock
) -> Iterator[Finding]:
    for finding in chain(
        _host(workspace),
        _by_hand(workspace),
        _hook(settings, workspace),
        _heard(workspace, database),
        examine_lanes(workspace, database),
        examine_elsewhere(workspace, database, clock),
        _template_keys(workspace),
        _key(workspace, clock),
    ):
        yield Finding(finding.verdict, f"{workspace.name}: {finding.what}", finding.remedy)


def _host(workspace: Workspace) -> Iterator[Finding]:
    host = host_of(workspace.synerise_url)
    if host in _HOSTS:
        yield Finding("well", f"Synerise is asked at {host}")
        return
    yield Finding(
        "mind", f"Synerise is asked at {host}, which is none of its known hosts",
        f"for a real workspace set RESIGN_SYNERISE_URL to https:// and one of {', '.join(sorted(_HOSTS))}",
    )  # fmt: skip


def _by_hand(workspace: Workspace) -> Iterator[Finding]:
    """What no documented call answers, so that a person has to look."""
    if workspace.synerise_tell == "event":
        pair = f"{workspace.synerise_event} and {workspace.synerise_undo_event}"
        yield Finding(
            "mind", f"opt-outs wait for an automation on the events {pair}",
            "look by hand: both must be listed under Data Modeling Hub > Events, which happens when each was sent once; "
            "the API key's list of allowed events must let them pass; the workflows must run (`resign snippets automation`)",
        )  # fmt: skip
    if workspace.synerise_tell == "incoming":
        yield Finding(
            "mind", "opt-outs wait for the workflow behind the incoming integration",
            "look by hand that it runs: a stopped one takes everything and switches nothing",
        )  # fmt: skip
    yield Finding(
        "mind", f"lost links are mailed by an automation on the event {workspace.synerise_link_event}",
        "look by hand that it is there and runs (`resign snippets lost-link`); without it nobody who asks for a link gets one",
    )  # fmt: skip


def _hook(settings: Settings, workspace: Workspace) -> Iterator[Finding]:
    if workspace.synerise_webhook_token is None:
        yield Finding(
            "mind", "what Synerise does without us is not heard of: the hook answers 404",
            "set RESIGN_SYNERISE_WEBHOOK_TOKEN, and build the outgoing integrations of `resign snippets integrations`; until "
            "then an opt-out by Synerise's own link shows up only in the daily comparison",
        )  # fmt: skip
        return
    address = f"{settings.base_url}/hooks/synerise/{workspace.name}"
    host = host_of(settings.base_url)
    verdict, remedy = _reach(host, urlsplit(settings.base_url).scheme)
    yield Finding(verdict, f"Synerise's outgoing integration posts to {address}", remedy)


def _reach(host: str, scheme: str) -> tuple[Verdict, str]:
    local: Verdict = "mind" if is_local(host) else "ill"
    if is_number(host):
        return (
            local,
            "Synerise refuses addresses that are numbers: give the host a name, and set RESIGN_BASE_URL to it",
        )
    if is_local(host):
        return local, "only this machine or its own network knows that name: Synerise cannot reach it"
    if scheme != "https":
        return "ill", "the token would travel in clear: set RESIGN_BASE_URL to an https address"
    return "well", ""


def _heard(workspace: Workspace, database: Database) -> Iterator[Finding]:
    """The best sign that the way in works is that something came in on it."""
    if workspace.synerise_webhook_token is None or not is_there(database):
        return
    newest = select(func.max(NoticeRow.arrived_at)).where(NoticeRow.workspace == workspace.name)
    try:
        with database.reading() as session:
            at = session.scalar(newest)
    except (SQLAlchemyError, OSError):
        return  # what ails the storage has been said already
    if at is None:
        yield Finding(
            "mind", "Synerise has never posted to the hook",
            "switch a profile of your own off and on in Synerise; then look for `webhook.response` on its card",
        )  # fmt: skip
    else:
        yield Finding("well", f"Synerise last posted to the hook at {at:%Y-%m-%d %H:%M} UTC")


def _template_keys(workspace: Workspace) -> Iterator[Finding]:
    if workspace.template_keys is None:
        return
    if workspace.synerise_emails == "non-unique":
        yield Finding(
            "ill", "template-signed links are on, and an address names nobody where e-mails are not unique",
            "unset RESIGN_TEMPLATE_KEYS, and use the token in the profile's attribute",
        )  # fmt: skip
        return
    yield Finding(
        "mind", "template-signed links are on",
        "whoever edits templates in Synerise can read the keys and sign a link for anybody; the address can be read in "
        "every such link, also in the logs of proxies. Unset RESIGN_TEMPLATE_KEYS if no template uses them",
    )  # fmt: skip


def _key(workspace: Workspace, clock: Clock) -> Iterator[Finding]:
    for found in check(workspace, clock):
        verdict: Verdict = "ill" if not found.ok else "mind" if found.remedy else "well"
        yield Finding(verdict, found.what, found.remedy)
