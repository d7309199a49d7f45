"""The table of settings. Each field carries its variable, its meaning and how it is read; the docs come from it."""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from resign.settings import identity_provider, offered, parse
from resign.settings.destinations import DestinationTo, destinations
from resign.settings.identity_provider import Grants
from resign.settings.offered import CustomAgreement
from resign.settings.parse import KeyRing

REQUIRED = object()


def setting(
    meaning: str,
    read: Callable[[Any], Any],
    default: object = None,
    *,
    secret: bool = False,
    remedy: str | None = None,
    table: bool = False,
) -> Any:  # noqa: ANN401 - a dataclass field stands for whatever its annotation says
    """One row. `default` is text, read like a given value; None means none; REQUIRED means it must be given.

    `remedy` is what the operator is told who left it out: a sentence, for every setting that can be missed.
    A `table` may stand as one in the TOML file; in a variable it is TOML text.
    """
    row = {
        "meaning": meaning,
        "read": read,
        "default": default,
        "secret": secret,
        "remedy": remedy,
        "table": table,
    }
    return field(metadata=row, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One Synerise workspace: from `RESIGN_*` variables, or from a `[workspaces.NAME]` table."""

    name: str
    keys: KeyRing = setting(
        "link keys, `id:secret,id:secret`, oldest to newest: the newest signs, all open",
        parse.keys, REQUIRED, secret=True,
        remedy="Write one link key as `k1:SECRET`; `openssl rand -hex 32` makes a good secret. "
        "Keep it: without it no link in an old mail opens",
    )  # fmt: skip
    digest_key: str = setting(
        "key of the digests by which addresses are searched and suppressed; it never changes",
        parse.secret, REQUIRED, secret=True,
        remedy="Give the secret by which addresses are digested; `openssl rand -hex 32` makes a good one. "
        "Keep it: with another one nobody who opted out is recognised",
    )  # fmt: skip
    sender: str = setting(
        "who sends the mails, as people know it: `Fjord & Fern Ltd`",
        parse.text, REQUIRED,
        remedy="Give the name by which people know who sends the mails, such as Fjord & Fern Ltd",
    )  # fmt: skip
    contact: str = setting(
        "where people write when a link fails: an e-mail address or a page",
        parse.contact, REQUIRED,
        remedy="Give an e-mail address to which people can write when a link fails, "
        "or a page that begins with https://",
    )  # fmt: skip
    language: str = setting("the pages' language where nothing else tells", parse.language, "en")
    time_zone: ZoneInfo = setting(
        "whose midnight ends a day in reports, and a break, such as `Europe/Warsaw`; after a change run `resign report rebuild`",
        parse.time_zone, "UTC",
    )  # fmt: skip
    synerise_url: str = setting("Synerise's API host", parse.api_origin, "https://api.synerise.com")
    synerise_api_key: str = setting(
        "the workspace's API key",
        parse.text, REQUIRED, secret=True,
        remedy="Make an API key of the type Workspace in the workspace's settings in Synerise, and give it here",
    )  # fmt: skip
    synerise_auth: Literal["login", "basic"] = setting(
        "how to sign in: `login` (JWT) or `basic`", parse.one_of("login", "basic"), "login"
    )
    synerise_workspace_guid: str | None = setting(
        "the workspace's GUID, for `basic`",
        parse.guid,
        remedy="Give the workspace's GUID; Synerise shows it in the workspace's settings",
    )
    synerise_tell: Literal["profile", "event", "incoming"] = setting(
        "how Synerise is told: `profile` update, tracked `event`, or `incoming` integration",
        parse.one_of("profile", "event", "incoming"), "profile",
    )  # fmt: skip
    synerise_emails: Literal["unique", "non-unique"] = setting(
        "whether e-mails are `unique` in the workspace", parse.one_of("unique", "non-unique"), "unique"
    )
    synerise_attribute: str | None = setting(
        "the agreement's attribute where e-mails are not unique",
        parse.attribute,
        remedy="Give the name of the attribute that the workspace uses as its e-mail agreement",
    )
    synerise_sign_up_attribute: str = setting(
        "the attribute that becomes `enabled` to start Synerise's sign-up workflow, for an opt-in that was only asked for",
        parse.attribute, "newsletter_agreement_enabled",
    )  # fmt: skip
    synerise_creates: Literal["opt-ins", "all", "nobody"] = setting(
        "whom an import or the API may bring into being at Synerise: `opt-ins` that have evidence, `all`, or `nobody`",
        parse.one_of("opt-ins", "all", "nobody"), "opt-ins",
    )  # fmt: skip
    synerise_event: str = setting("action name of the tracked event", parse.action, "newsletter.optout")
    synerise_undo_event: str = setting(
        "action name of the event that an undo sends", parse.action, "newsletter.optout.undone"
    )
    synerise_incoming_url: str | None = setting(
        "the incoming integration's address, as Synerise shows it",
        parse.address_url,
        remedy="Copy the integration's address from Synerise, where it stands under Automation > Incoming",
    )
    synerise_webhook_token: str | None = setting(
        "what Synerise's outgoing integration signs in with, as bearer token or as Basic password; "
        "without it the hook answers 404",
        parse.secret, secret=True,
    )  # fmt: skip
    synerise_link_event: str = setting(
        "action name of the event by which a lost link is asked for", parse.action, "resign.linkRequested"
    )
    link_attribute: str = setting(
        "the profile attribute that tokens are written to", parse.insert_name, "resign_token"
    )
    synerise_confirm_event: str = setting(
        "action name of the event by which the mail of a double opt-in is asked for",
        parse.action, "resign.confirmRequested",
    )  # fmt: skip
    public_url: str | None = setting(
        "public origin of this workspace's links, where it has a host name of its own; else `RESIGN_BASE_URL`",
        parse.origin,
    )
    agreements: tuple[CustomAgreement, ...] = setting(
        "agreements of the workspace's own, each a table (or TOML text); with any there is a preference centre",
        offered.agreements, "", table=True,
    )  # fmt: skip
    destinations: Mapping[str, DestinationTo] = setting(
        "other systems that hear of the workspace's decisions, each a table (or TOML text)",
        destinations, "", secret=True, table=True,
    )  # fmt: skip
    double_opt_in: Literal["on", "off"] = setting(
        "whether what a person switches `on` in the preference centre is confirmed by e-mail first",
        parse.one_of("on", "off"), "on",
    )  # fmt: skip
    pauses: tuple[int, ...] = setting(
        "the breaks that are offered below the button, in months, `1,3` say, or `off`", offered.pauses, "off"
    )
    reasons: Mapping[str, Mapping[str, str]] | None = setting(
        "the reasons that are offered after an opt-out: `shipped`, `off`, or a table (or TOML text) of texts by language",
        offered.reasons, "shipped", table=True,
    )  # fmt: skip
    mails_kept: int = setting(
        "days that a mail is remembered of which Synerise told (`message.sent`), for the time from mail to opt-out; "
        "`0` keeps none of them",
        parse.whole(0, 90), "0",
    )  # fmt: skip
    template_keys: KeyRing | None = setting(
        "key pairs of template-signed links, `first:second,first:second`, oldest to newest; "
        "without them such links are refused",
        parse.key_pairs, secret=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for the whole installation, and its workspaces by name."""

    workspaces: Mapping[str, Workspace]
    data_dir: Path = setting("where the embedded default keeps its files", parse.folder, "./var")
    database_url: str = setting(
        "SQLAlchemy URL; without it a SQLite file under `RESIGN_DATA_DIR`",
        parse.database_url,
        "",
        secret=True,
    )
    base_url: str = setting("public origin that links are minted for", parse.origin, "http://127.0.0.1:8000")
    bind: tuple[str, int] = setting("address the web process listens on", parse.bind, "127.0.0.1:8000")
    console_bind: tuple[str, int] | None = setting(
        "address the console listens on, or `off`", parse.bind_or_off, "127.0.0.1:8020"
    )
    console_url: str = setting(
        "origin by which staff reach the console, `https://` unless that is this machine; "
        "without it `http://` and the address it listens on",
        parse.console_origin,
        "",
    )
    console_second_factor: Literal["required", "optional"] = setting(
        "whether whoever signs in to the console with a password needs a second factor: `required` or `optional`",
        parse.one_of("required", "optional"), "required",
    )  # fmt: skip
    worker_bind: tuple[str, int] | None = setting(
        "address where a worker on its own shows `/metrics`; without it, nowhere", parse.bind
    )
    metrics_token: str | None = setting(
        "bearer token that `/metrics` asks for; without it, anybody who reaches the address may read them",
        parse.secret,
        secret=True,
    )
    web_workers: int = setting("web processes", parse.whole(1, 64), "2")
    web_threads: int = setting("threads in each web process", parse.whole(1, 256), "32")
    deliveries: int = setting("calls to Synerise under way at once, per worker", parse.whole(1, 256), "16")
    reconcile_at: time | None = setting(
        "when the worker compares the ledger with Synerise every day, UTC, or `off`", parse.daily, "03:00"
    )
    reconcile_calls: int = setting(
        "calls a day (UTC) and workspace for comparing with Synerise, `resign reconcile` included",
        parse.whole(1, 10_000_000), "50000",
    )  # fmt: skip
    alarm_webhook: str | None = setting(
        "address that the worker posts alarms to; without it they are shown, and told to nobody",
        parse.webhook, secret=True,
    )  # fmt: skip
    alarm_webhook_secret: str | None = setting(
        "what those posts are signed with, `whsec_` and base64, as Standard Webhooks writes it",
        parse.webhook_secret, secret=True,
        remedy="Give the secret by which its receiver knows our alarms; `echo whsec_$(openssl rand -base64 32)` makes one",
    )  # fmt: skip
    oidc_issuer: str | None = setting(
        "the identity provider by which staff may sign in to the console: its address, as its own discovery document "
        "has it; with it the three below must be given",
        identity_provider.issuer,
        remedy="Give the identity provider's address, as its own discovery document has it",
    )  # fmt: skip
    oidc_client_id: str | None = setting(
        "what the identity provider calls the console",
        parse.text,
        remedy="Register the console with the identity provider, and give the client id that it has there",
    )
    oidc_client_secret: str | None = setting(
        "the secret that the identity provider gave to the console",
        parse.text,
        secret=True,
        remedy="Give the client secret that the identity provider has for the console",
    )
    oidc_groups: Mapping[str, Grants] = setting(
        "the roles of the identity provider's groups, a table (or TOML text) such as "
        '`opt-out-support = ["support@shop"]`; who is in none of them has no account',
        identity_provider.groups, "", table=True,
        remedy='Give the roles of at least one group, such as staff = ["support@*"]',
    )  # fmt: skip
    oidc_groups_claim: str = setting(
        "the claim in which the identity provider names the groups", parse.text, "groups"
    )
    oidc_scope: str = setting(
        "what the identity provider is asked for", identity_provider.scope, "openid profile"
    )
    proxies: int = setting(
        "how many proxies of yours stand in front and add `X-Forwarded-For`", parse.whole(0, 8), "0"
    )

    @property
    def named(self) -> Mapping[str, Collection[str]]:
        """By workspace the destinations beside Synerise."""
        return {name: workspace.destinations.keys() for name, workspace in self.workspaces.items()}

    def url_of(self, workspace: str) -> str:
        """The public origin that a workspace's links are minted for."""
        return self.workspaces[workspace].public_url or self.base_url


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table, as docs and reader use it."""

    key: str
    meaning: str
    read: Callable[[Any], Any]
    default: object
    secret: bool
    remedy: str | None
    table: bool
    per_workspace: bool

    @property
    def variable(self) -> str:
        return f"RESIGN_{self.key.upper()}"


def _rows(owner: type, *, per_workspace: bool) -> tuple[Setting, ...]:
    return tuple(
        Setting(row.name, **row.metadata, per_workspace=per_workspace)
        for row in dataclasses.fields(owner)
        if row.metadata
    )


SETTINGS: tuple[Setting, ...] = _rows(Settings, per_workspace=False) + _rows(Workspace, per_workspace=True)
