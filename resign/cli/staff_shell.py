"""Who stands at the shell: may do everything with the accounts, and is noted by the operating system's name."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from resign.app import open_database
from resign.db.migrate import upgrade
from resign.settings import Settings, load_from_environment
from resign.staff import accounts, passwords
from resign.staff.refusals import LAST_ADMIN, StaffRefusal
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from resign.staff.tables import Account
from resign.telemetry import logs

_MOST_CHARACTERS = 64
_MOST_BYTES = 10_000


@contextmanager
def at_the_shell() -> Iterator[tuple[Session, Settings, Staff]]:
    """A transaction, which the command commits. What the accounts refuse is said, with exit status 1."""
    settings = load_from_environment()
    logs.set_up()
    database = open_database(settings, connections=1)
    try:
        if database.is_sqlite:  # as `resign serve` does: the first account may come before the first start
            upgrade(database)
        with database.writing() as session:
            yield session, settings, _operator()
    except StaffRefusal as refusal:
        aside = " Or give --force." if str(refusal) == LAST_ADMIN else ""
        click.echo(f"{refusal}{aside}", err=True)
        sys.exit(1)
    finally:
        database.close()


def found(session: Session, name: str) -> Account:
    who = accounts.account_named(session, name)
    if who is None:
        click.echo("There is no account of this name; see resign staff list", err=True)
        sys.exit(1)
    return who


def new_password(*, generate: bool) -> str:
    """Asked for before anything is locked: whoever types takes their time. From a pipe it is the first line."""
    if generate:
        return passwords.generated()
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
        return typed
    return sys.stdin.buffer.readline(_MOST_BYTES).decode("utf-8", "replace").rstrip("\r\n")


def _operator() -> Staff:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        user = "operator"
    aside = " (shell)"
    return Staff(
        id=0, name=user[: _MOST_CHARACTERS - len(aside)] + aside, grants={EVERYWHERE: frozenset(ROLES)}
    )
