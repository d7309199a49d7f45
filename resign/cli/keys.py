"""`resign keys`: a new link key, what each key still has in circulation, and taking an old one out."""

import secrets
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from resign.app import open_database
from resign.cli.key_place import CannotWrite, Place, place_of
from resign.cli.key_use import Use, came_since, ids_met, use_of
from resign.clock import SystemClock
from resign.links.template import KEY_ID as TEMPLATE_SIGNED
from resign.settings import Settings, load_from_environment
from resign.settings.parse import KeyRing

T = TypeVar("T")

_LOOKED_BACK = timedelta(days=90)
_LONGEST_ID = 8
_AFTERWARDS = "Then restart the processes."
_workspace = click.option("--workspace", "named", help="The workspace's name, where there are several.")
_write = click.option("--write", is_flag=True, help="Rewrite the file that the keys are read from.")


@click.group()
def keys() -> None:
    """The keys that links are signed with: the newest signs, all of them open."""


@keys.command()
@_workspace
@_write
@click.option("--waiting", is_flag=True, help="It opens links and does not sign yet; see `resign keys sign`.")
def new(named: str | None, *, write: bool, waiting: bool) -> None:
    """Prints the ring with a fresh key, which signs from the next start on."""
    settings = load_from_environment()
    name, ring = _ring(settings, named)
    key_id = _next_id(ring, _met(settings, name))
    fresh = (key_id, secrets.token_hex(32))
    if waiting:
        then = f"{_AFTERWARDS} When all of them know {key_id}, let it sign: resign keys sign {key_id}"
        _give(name, (fresh, *ring), then, write=write)
    else:
        then = (
            f"{_AFTERWARDS} Old links go on working; push new ones whenever you like: resign links push FILE"
        )
        _give(name, (*ring, fresh), then, write=write)


@keys.command("list")
@_workspace
def list_keys(named: str | None) -> None:
    """Each key with the decisions that came by its links; never a secret."""
    settings = load_from_environment()
    name, ring = _ring(settings, named)
    use = _asking(settings, lambda session: use_of(session, name))
    table = Table("key", "does", "decisions", "first", "last")
    newest = ring[-1][0]
    for key_id, _ in ring:
        table.add_row(
            key_id, "signs and opens" if key_id == newest else "opens", *_told(use.pop(key_id, None))
        )
    for key_id, came in sorted(use.items()):
        does = "template-signed" if key_id == TEMPLATE_SIGNED else "taken out"
        table.add_row(key_id, does, *_told(came))
    Console(highlight=False).print(table)


@keys.command()
@click.argument("key_id", metavar="ID")
@_workspace
@_write
def sign(key_id: str, named: str | None, *, write: bool) -> None:
    """Prints the ring with the key ID as the newest: it signs from the next start on."""
    name, ring = _ring(load_from_environment(), named)
    secret = _known(ring, key_id)
    then = f"{_AFTERWARDS} Old links go on working; push new ones whenever you like: resign links push FILE"
    _give(name, (*_without(ring, key_id), (key_id, secret)), then, write=write)


@keys.command()
@click.argument("key_id", metavar="ID")
@_workspace
@_write
@click.option("--yes", is_flag=True, help="Go on though people still come by links of it.")
def retire(key_id: str, named: str | None, *, write: bool, yes: bool) -> None:
    """Prints the ring without the key ID: links of it open no more."""
    settings = load_from_environment()
    name, ring = _ring(settings, named)
    _known(ring, key_id)
    if key_id == ring[-1][0]:
        raise click.UsageError(
            f"{key_id} is the newest key, which signs. Make another first: resign keys new."
        )
    since = SystemClock().now() - _LOOKED_BACK
    came = _asking(settings, lambda session: came_since(session, name, key_id, since))
    told = (
        f"{came} decisions came by links of {key_id} in the last {_LOOKED_BACK.days} days. "
        "Whoever opens such a link from now on gets a page with the form that sends a new one."
    )
    if came and not yes:
        raise click.ClickException(f"{told} Go on with --yes.")
    click.echo(told, err=True)
    _give(name, _without(ring, key_id), _AFTERWARDS, write=write)


def _ring(settings: Settings, named: str | None) -> tuple[str, KeyRing]:
    name = named or next(iter(settings.workspaces))
    if name not in settings.workspaces or (named is None and len(settings.workspaces) > 1):
        raise click.UsageError(f"Name the workspace with --workspace: {', '.join(settings.workspaces)}.")
    return name, settings.workspaces[name].keys


def _met(settings: Settings, workspace: str) -> Collection[str]:
    """The ids in the ledger; none, and a word about it, where it cannot be read. A ring is needed before a ledger."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return ()
    try:
        return _asking(settings, lambda session: ids_met(session, workspace))
    except (SQLAlchemyError, OSError):
        click.echo(
            "The database cannot be read: the new key may get the id of a key that was taken out.", err=True
        )
        return ()


def _next_id(ring: KeyRing, met: Collection[str]) -> str:
    """One more than the highest `k` and number in the ring or, by the links that people came by, in the ledger.

    So no decision's key is taken for another. The id of a key that was taken out before any decision came by it
    may come back: nothing remembers it. Its links stay closed all the same, because the secret is another.
    """
    ids = [*met, *(key_id for key_id, _ in ring)]
    numbers = [int(key_id[1:]) for key_id in ids if key_id[:1] == "k" and key_id[1:].isdecimal()]
    key_id = f"k{max(numbers, default=len(ring)) + 1}"
    if len(key_id) > _LONGEST_ID:
        raise click.ClickException(
            "The keys' numbers have come to their end; add a key with an id of your own."
        )
    return key_id


def _known(ring: KeyRing, key_id: str) -> str:
    secret = dict(ring).get(key_id)
    if secret is None:
        raise click.UsageError(f"There is no such key. There are: {', '.join(known for known, _ in ring)}.")
    return secret


def _without(ring: KeyRing, key_id: str) -> KeyRing:
    return tuple(pair for pair in ring if pair[0] != key_id)


def _asking(settings: Settings, ask: Callable[[Session], T]) -> T:
    database = open_database(settings, connections=1)
    try:
        with database.reading() as session:
            return ask(session)
    finally:
        database.close()


def _told(use: Use | None) -> tuple[str, str, str]:
    return (str(use.decisions), f"{use.first:%Y-%m-%d}", f"{use.last:%Y-%m-%d}") if use else ("0", "", "")


def _give(workspace: str, ring: KeyRing, then: str, *, write: bool) -> None:
    """Into the file, or to standard output, where nothing else is: what to do with it goes to standard error."""
    place: Place = place_of(workspace)
    text = ",".join(f"{key_id}:{secret}" for key_id, secret in ring)
    ids = ", ".join(key_id for key_id, _ in ring)
    if not write:
        where = f"{place.name}, or write it with --write" if place.file else place.name
        click.echo(f"Set {where}. The ring is now: {ids}. {then}", err=True)
        click.echo(text)
        return
    try:
        place.write(text)
    except CannotWrite as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"{place.file} holds: {ids}. {then}")
