"""`resign staff list`, `sessions` and `deeds`: what there is, and what was done."""

import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.cli.staff_shell import at_the_shell, found
from resign.clock import SystemClock
from resign.staff import accounts, deeds
from resign.staff import sessions as kept
from resign.staff.tables import Account, Deed, Grant


@click.command("list")
def list_staff() -> None:
    """Every account with its roles and whether it has a second factor."""
    with at_the_shell() as (session, _, _):
        everybody, grants = accounts.accounts(session), accounts.all_grants(session)
    if not everybody:
        click.echo("There is no account yet: resign staff add NAME --role admin")
        return
    table = Table("name", "may sign in", "second factor", "roles")
    for each in everybody:
        table.add_row(*map(escape, _row(each, grants.get(each.id, ()))))
    _print(table)


@click.command()
@click.argument("name")
@click.option("--end", is_flag=True, help="Ends all of them.")
def sessions(name: str, *, end: bool) -> None:
    """Where an account is signed in."""
    with at_the_shell() as (session, _, by):
        who, now = found(session, name), SystemClock().now()
        there = kept.sessions_of(session, who.id, now)
        if end:
            accounts.sign_out(session, who, now, by)
            session.commit()
    if not there:
        click.echo(f"{who.name} is signed in nowhere.")
        return
    if end:
        click.echo(f"{who.name} was signed out everywhere.")
        return
    table = Table("browser", "since (UTC)", "seen last (UTC)", "signed in")
    for each in there:
        level = "wholly" if each.level == "full" else "half way"
        table.add_row(
            each.agent or "unknown",
            f"{each.created_at:%Y-%m-%d %H:%M}",
            f"{each.seen_at:%Y-%m-%d %H:%M}",
            level,
        )
    _print(table)


@click.command("deeds")
@click.option("--staff", "name", help="Of this account.")
@click.option("--workspace", help="In this workspace.")
@click.option("--action", help="Of this kind, such as opened-person.")
@click.option("--subject", help="About the person with this digest.")
@click.option(
    "--before",
    type=click.IntRange(1, (1 << 63) - 1),
    help="Goes on where the last page ended, which names the number.",
)
def list_deeds(
    *, name: str | None, workspace: str | None, action: str | None, subject: str | None, before: int | None
) -> None:
    """What was done and looked at in the console, and by `resign staff`; the newest first."""
    with at_the_shell() as (session, _, _):
        page = deeds.deeds(
            session,
            name=name,
            workspace=workspace,
            action=action,
            subjects=subject and [subject],
            before=before,
        )
    if not page.deeds:
        click.echo("Nothing was noted.")
        return
    table = Table("when (UTC)", "who", "did", "workspace", "about", "more")
    for deed in page.deeds:
        table.add_row(*map(escape, _told(deed)))
    _print(table)
    if page.older:
        click.echo(f"There is more: --before {page.older}")


def _row(account: Account, grants: Sequence[Grant]) -> tuple[str, ...]:
    roles = ", ".join(f"{each.role}@{each.workspace}" for each in grants) or "none"
    second = "yes" if account.has_second_factor else "no"
    return (
        account.name,
        "yes" if account.is_active else "no",
        second if account.is_local else "at the identity provider",
        roles,
    )


def _told(deed: Deed) -> tuple[str, ...]:
    return (
        f"{deed.at:%Y-%m-%d %H:%M:%S}",
        deed.name,
        deed.action,
        deed.workspace or "",
        deed.subject or "",
        deed.detail or "",
    )


def _print(table: Table) -> None:
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)
