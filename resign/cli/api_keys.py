"""`resign api-key`: which other systems may use the API, and what each may do there; set by the operator at the shell."""

import sys
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from resign.api_keys import keys
from resign.api_keys.scopes import SCOPES
from resign.api_keys.tables import ApiKey
from resign.cli.staff_shell import at_the_shell
from resign.clock import SystemClock
from resign.settings import Settings

_key_id = click.argument("key_id", metavar="ID")


@click.group("api-key")
def api_key() -> None:
    """Which other systems may use the API, and what each may do there."""


@api_key.command()
@click.argument("name")
@click.option("--workspace", help="Whose decisions it is about; may be left out where there is one alone.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help="May be given several times.",
)
@click.option("--origin", help="The system that uses it, which is not told its own decisions: `crm` say.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) on which it ends.")
def add(
    *, name: str, workspace: str | None, scopes: tuple[str, ...], origin: str | None, expires: datetime | None
) -> None:
    """Makes a key and prints it, once. NAME stands in the record of each decision that comes with it."""
    with at_the_shell() as (session, settings, by):
        ends = expires.replace(tzinfo=UTC) if expires else None
        made = keys.add(
            session, name, _workspace(settings, workspace), scopes, SystemClock().now(), by,
            origin=origin, expires_at=ends,
        )  # fmt: skip
        session.commit()
    _show(made.text)


@api_key.command("list")
def list_keys() -> None:
    """Every key with what it may do, when it ends, and when it was last used."""
    now = SystemClock().now()
    with at_the_shell() as (session, _, _):
        found = keys.keys(session)
    if not found:
        click.echo("There is no key yet: resign api-key add NAME --scope decisions:write")
        return
    table = Table("id", "name", "workspace", "origin", "scopes", "works", "used last (UTC)")
    for each in found:
        table.add_row(*map(escape, _row(each, now)))
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


@api_key.command()
@_key_id
def revoke(key_id: str) -> None:
    """Ends the key ID: from the next request on it opens nothing."""
    with at_the_shell() as (session, _, by):
        ended = keys.revoke(session, _found(session, key_id), SystemClock().now(), by)
        session.commit()
    click.echo(f"{key_id} is revoked." if ended else f"{key_id} was revoked before.")


@api_key.command()
@_key_id
@click.option(
    "--keep", default=24, show_default=True, type=click.IntRange(0, 24 * 90), help="Hours that the old key works on."
)  # fmt: skip
def rotate(key_id: str, keep: int) -> None:
    """Makes another key like ID and prints it, once; the old one works on for a while."""
    with at_the_shell() as (session, _, by):
        made = keys.rotate(session, _found(session, key_id), timedelta(hours=keep), SystemClock().now(), by)
        session.commit()
    _show(made.text)


def _workspace(settings: Settings, named: str | None) -> str:
    there = sorted(settings.workspaces)
    if named is None and len(there) == 1:
        return there[0]
    if named not in there:
        raise click.UsageError(f"Name the --workspace; there are: {', '.join(there)}")
    return named


def _found(session: Session, key_id: str) -> ApiKey:
    found = keys.key_of(session, key_id)
    if found is None:
        click.echo("There is no key of this id; see resign api-key list", err=True)
        sys.exit(1)
    return found


def _row(key: ApiKey, now: datetime) -> tuple[str, ...]:
    if key.revoked_at is not None:
        works = "revoked"
    elif not key.works(now):
        works = "expired"
    else:
        works = f"until {key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "yes"
    used = f"{key.used_at:%Y-%m-%d %H:%M}" if key.used_at else "never"
    return key.key_id, key.name, key.workspace, key.origin or "", key.granted, works, used


def _show(text: str) -> None:
    click.echo(text)
    click.echo("It is shown this once: only a digest of it is kept.", err=True)
