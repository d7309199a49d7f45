"""`resign staff`: who may sign in to the console and what they may do, set by the operator at the shell."""

import click

from resign.cli.staff_shell import at_the_shell, found, new_password
from resign.cli.staff_shown import list_deeds, list_staff, sessions
from resign.clock import SystemClock
from resign.settings import Settings
from resign.staff import accounts
from resign.staff.granted import grants_of
from resign.staff.roles import EVERYWHERE, ROLES

_name = click.argument("name")
_role = click.option(
    "--role", "roles", multiple=True, type=click.Choice(ROLES), help="May be given several times."
)
_needed_role = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="May be given several times.",
)
_workspace = click.option(
    "--workspace",
    "workspaces",
    multiple=True,
    help="Where they have the role; without it, everywhere. May be given several times.",
)
_generate = click.option("--generate", is_flag=True, help="Makes a good password and prints it, once.")
_force = click.option("--force", is_flag=True, help="Also where no admin is left then.")


@click.group()
def staff() -> None:
    """Who may sign in to the console, and with which roles."""


@staff.command()
@_name
@_role
@_workspace
@_generate
def add(name: str, roles: tuple[str, ...], workspaces: tuple[str, ...], *, generate: bool) -> None:
    """Adds an account. Its password is asked for, or read from standard input.

    The roles: `support` searches, sees and acts for a person; `marketer` has reports and themes; `operator` has
    deliveries, imports and API keys, and sees the settings; `admin` has the staff and nothing else.
    """
    chosen = new_password(generate=generate)
    with at_the_shell() as (session, settings, by):
        now = SystemClock().now()
        added = accounts.add(session, name, chosen, now, by)
        for place in _places(settings, workspaces):
            for role in roles:
                accounts.grant(session, added, role, place, now, by)
        session.commit()
    click.echo(f"{added.name} can sign in.")
    _show(chosen, generated=generate)
    if not roles:
        click.echo("They have no role yet; give one with resign staff grant", err=True)


@staff.command()
@_name
@_needed_role
@_workspace
def grant(name: str, roles: tuple[str, ...], workspaces: tuple[str, ...]) -> None:
    """Gives roles to an account."""
    with at_the_shell() as (session, settings, by):
        who, now = found(session, name), SystemClock().now()
        given = [
            f"{role}@{place}"
            for place in _places(settings, workspaces)
            for role in roles
            if accounts.grant(session, who, role, place, now, by)
        ]
        session.commit()
    click.echo(f"{who.name} was given: {', '.join(given)}" if given else f"{who.name} had that already.")


@staff.command()
@_name
@_needed_role
@click.option(
    "--workspace", "workspaces", multiple=True, help="Where; without it, wherever they have the role."
)
@_force
def revoke(name: str, roles: tuple[str, ...], workspaces: tuple[str, ...], *, force: bool) -> None:
    """Takes roles from an account."""
    with at_the_shell() as (session, _, by):
        who, now = found(session, name), SystemClock().now()
        taken = [
            f"{role}@{place}"
            for place in workspaces or sorted(grants_of(session, who.id))
            for role in roles
            if accounts.revoke(session, who, role, place, now, by, force=force)
        ]
        session.commit()
    click.echo(f"{who.name} has no longer: {', '.join(taken)}" if taken else f"{who.name} did not have that.")


@staff.command()
@_name
@_generate
def password(name: str, *, generate: bool) -> None:
    """Sets an account's password, and ends all its sessions."""
    chosen = new_password(generate=generate)
    with at_the_shell() as (session, _, by):
        who = found(session, name)
        accounts.set_password(session, who, chosen, SystemClock().now(), by)
        session.commit()
    click.echo(f"{who.name} has another password, and was signed out everywhere.")
    _show(chosen, generated=generate)


@staff.command("reset-second-factor")
@_name
def reset_second_factor(name: str) -> None:
    """For a lost telephone: takes the second factor and the recovery codes away, and ends all sessions."""
    with at_the_shell() as (session, _, by):
        who = found(session, name)
        accounts.reset_second_factor(session, who, SystemClock().now(), by)
        session.commit()
    click.echo(f"{who.name} has no second factor any more, and was signed out everywhere.")


@staff.command()
@_name
@_force
def disable(name: str, *, force: bool) -> None:
    """Lets nobody sign in with an account any more, and ends all its sessions."""
    with at_the_shell() as (session, _, by):
        who = found(session, name)
        accounts.disable(session, who, SystemClock().now(), by, force=force)
        session.commit()
    click.echo(f"{who.name} cannot sign in any more.")


@staff.command()
@_name
def enable(name: str) -> None:
    """Lets a disabled account sign in again, with the roles that it had."""
    with at_the_shell() as (session, _, by):
        who = found(session, name)
        accounts.enable(session, who, SystemClock().now(), by)
        session.commit()
    click.echo(f"{who.name} can sign in again.")


for _command in (list_staff, sessions, list_deeds):
    staff.add_command(_command)


def _places(settings: Settings, workspaces: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [each for each in workspaces if each not in settings.workspaces and each != EVERYWHERE]
    if unknown:
        there = ", ".join(sorted(settings.workspaces))
        raise click.UsageError(f"There is no workspace {unknown[0]!r}; there are: {there}")
    return workspaces or (EVERYWHERE,)


def _show(password: str, *, generated: bool) -> None:
    if generated:
        click.echo(f"Password: {password}")
        click.echo("It is shown this once.", err=True)
