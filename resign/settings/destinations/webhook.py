"""An address that is posted to for every decision, signed."""

from dataclasses import dataclass, field

from resign.settings import parse
from resign.settings.destinations.table import Network, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTo:
    """`secrets` all sign, so that one can be replaced; `agreements` are those that it hears of, none for every one.

    `networks` are not on the public internet and may be called all the same. `ok` is a text that an answer must hold
    to count as a yes, for receivers that answer 200 to everything.
    """

    name: str
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    agreements: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    ok: str | None = None


def webhook(table: Table) -> WebhookTo:
    url = table.text("url")
    try:
        parse.webhook(url)
    except ValueError as error:
        raise table.fault(f"url: {error}") from None
    given = table.secret("secrets") if table.has("secrets_file") else None
    secrets = tuple(given.split()) if given else table.several("secrets")
    if not secrets:
        raise table.fault(
            "secrets are missing; `echo whsec_$(openssl rand -base64 32)` makes one. All of them sign"
        )
    for each in secrets:
        try:
            parse.webhook_secret(each)
        except ValueError as error:
            raise table.fault(f"secrets: {error}") from None
    return WebhookTo(
        name=table.name,
        url=url,
        secrets=secrets,
        agreements=table.several("agreements"),
        networks=table.networks(),
        ok=table.text("ok") if table.has("ok") else None,
    )
