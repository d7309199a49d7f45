"""`resign feed`: the files that other systems get, how they stand, and what can be done about them by hand."""

import getpass
import sys
from datetime import datetime

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.app import create_feeding, feeds_of, open_database
from resign.cli.outbox import whoever
from resign.clock import SystemClock
from resign.db import Database
from resign.doctor.shown import shown
from resign.feeds.board import MOST_COUNTED, FeedShown, feed_shown
from resign.feeds.sinks.contract import NotTaken
from resign.feeds.sinks.opened import sink_of
from resign.feeds.switching import resume_feed, send_now, stop_feed
from resign.settings import Settings, load_from_environment
from resign.settings.destinations import FileTo
from resign.staff.audit import note
from resign.telemetry import logs

_WORKSPACE = click.option("--workspace", help="Whose; needed where several have a feed of that name.")


@click.group()
def feed() -> None:
    """The files that other systems get: how they stand, send now, check, pause."""


@feed.command("list")
def list_feeds() -> None:
    """What is owed to each, the oldest of it, the last file, the next time, and what is wrong."""
    settings = load_from_environment()
    logs.set_up()
    database = open_database(settings, connections=1)
    with database.reading() as session:
        found = [feed_shown(session, *each) for each in feeds_of(settings)]
    database.close()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    if not found:
        console.print("No destination gets files.")
        return
    table = Table("workspace", "feed", "kind", "owed", "since", "last file", "next")
    for each in found:
        table.add_row(*map(escape, _cells(each)))
    console.print(table)
    for each in found:
        for line in _trouble(each):
            console.print(line, soft_wrap=True, markup=False)


def _cells(each: FeedShown) -> tuple[str, ...]:
    owed = f"{MOST_COUNTED} or more" if each.owed >= MOST_COUNTED else str(each.owed)
    last = f"{each.last.name}, {each.last.rows} rows, {_minute(each.last.at)}" if each.last else "none yet"
    return (
        each.workspace, each.to.name, each.to.kind, owed, _minute(each.oldest), last,
        _minute(each.next_at) if each.to.schedule else "at once",
    )  # fmt: skip


def _trouble(each: FeedShown) -> list[str]:
    name = f"{each.workspace} {each.to.name}"
    lines = []
    if each.stopped is not None:
        why = f": {shown(each.stopped.stopped_why)}" if each.stopped.stopped_why else ""
        lines.append(
            f"{name}: paused by hand since {_minute(each.stopped.stopped_at)} by {shown(each.stopped.stopped_by or '?')}{why}"
        )
    if each.says:
        lines.append(f"{name}: {each.says}. All is kept; the next try is at {_minute(each.again_at)}")
    return lines


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


@feed.command("run")
@click.argument("name")
@_WORKSPACE
def run(*, name: str, workspace: str | None) -> None:
    """Sends what is owed to NAME now, in this process, the scheduled file too. Exit status 1 where it was not taken."""
    settings = load_from_environment()
    logs.set_up()
    whose, to = _found(settings, name, workspace)
    clock = SystemClock()
    database = open_database(settings, connections=2)
    feeding = create_feeding(settings, whose, to, database, clock)
    feeding.step()  # a feed that was never opened is opened
    with database.writing() as session:
        send_now(session, whose, to.name, clock.now())
        session.commit()
    while feeding.step():
        pass
    stands = _stands(database, whose, to)
    database.close()
    for line in _trouble(stands):
        click.echo(line, err=True)
    if stands.says or stands.stopped is not None:
        sys.exit(1)
    click.echo(f"{stands.last.name}: {stands.last.rows} rows." if stands.last else "Nothing is owed.")


@feed.command("check")
@click.argument("name")
@_WORKSPACE
def check(*, name: str, workspace: str | None) -> None:
    """Whether files can be put to NAME: connects, writes a small file and takes it away.

    Over HTTP it only asks, and says what that does not prove.
    """
    settings = load_from_environment()
    logs.set_up()
    _, to = _found(settings, name, workspace)
    try:
        sink = sink_of(to)
        sink.probe()
    except NotTaken as reason:
        click.echo(f"{to.name}: {reason}", err=True)
        sys.exit(1)
    click.echo(f"{to.name}: {sink.proves}.")


@feed.command("pause")
@click.argument("name")
@_WORKSPACE
@click.option("--why", required=True, help="For those who come after you, who see it in the list.")
def pause(*, name: str, workspace: str | None, why: str) -> None:
    """Sends NAME nothing until it is resumed. Nothing is lost; after an hour there is an alarm."""
    settings = load_from_environment()
    whose, to = _found(settings, name, workspace)
    database = open_database(settings, connections=1)
    with database.writing() as session:
        now = SystemClock().now()
        done = stop_feed(session, whose, to.name, getpass.getuser(), why.strip(), now)
        if done:
            said = why.strip()
            note(session, whoever(), "paused-feed", now, workspace=whose, destination=to.name, why=said)
        session.commit()
    database.close()
    _say(f"Paused: {to.name}.", "It is paused already, or no worker has opened it yet.", done=done)


@feed.command("resume")
@click.argument("name")
@_WORKSPACE
def resume(*, name: str, workspace: str | None) -> None:
    """Ends a pause by hand: what has waited goes out at once."""
    settings = load_from_environment()
    whose, to = _found(settings, name, workspace)
    database = open_database(settings, connections=1)
    with database.writing() as session:
        done = resume_feed(session, whose, to.name)
        if done:
            now = SystemClock().now()
            note(session, whoever(), "resumed-feed", now, workspace=whose, destination=to.name)
        session.commit()
    database.close()
    _say(f"Resumed: {to.name}.", f"{to.name} was not paused by hand.", done=done)


def _say(well: str, ill: str, *, done: bool) -> None:
    click.echo(well if done else ill, err=not done)
    if not done:
        sys.exit(1)


def _stands(database: Database, workspace: str, to: FileTo) -> FeedShown:
    with database.reading() as session:
        return feed_shown(session, workspace, to)


def _found(settings: Settings, name: str, workspace: str | None) -> tuple[str, FileTo]:
    all_of_them = feeds_of(settings)
    found = [each for each in all_of_them if each[1].name == name and workspace in {None, each[0]}]
    if len(found) > 1:
        raise click.UsageError(
            f"Several workspaces have it; give --workspace: {', '.join(each[0] for each in found)}."
        )
    if not found:
        known = ", ".join(f"{to.name} of {whose}" for whose, to in all_of_them) or "none"
        raise click.UsageError(f"There is no feed {shown(name)}; there are: {known}.")
    return found[0]
