"""`resign outbox`: what is owed, which lanes are closed or paused by hand, what was refused, and how to send that again."""

import getpass
import sys
from collections.abc import Collection
from datetime import datetime
from typing import cast

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.clock import SystemClock
from resign.db import Database
from resign.doctor.shown import shown
from resign.ids import reference
from resign.outbox.dead import Which, dead_letters, retry, retry_some
from resign.outbox.lanes import resume, stop
from resign.outbox.owed import held_lanes, owed, stopped_lanes
from resign.outbox.tables import Lane
from resign.settings import Settings, load_from_environment
from resign.staff.audit import note
from resign.staff.roles import Staff
from resign.telemetry import logs

# What a column of numbers can hold.
_LARGEST_NUMBER = (1 << 63) - 1


@click.group()
def outbox() -> None:
    """What is still owed to Synerise and wherever else opt-outs are told, and what was refused."""


@outbox.command("list")
def list_owed() -> None:
    """Counts what is owed, and shows closed lanes and dead letters with their reasons."""
    database = Database(load_from_environment().database_url, connections=1)
    logs.set_up()
    with database.reading() as session:
        figures, dead, troubled = owed(session), dead_letters(session), held_lanes(session)
        stopped = stopped_lanes(session)
    console = Console(highlight=False)
    for way in sorted({(lane.workspace, lane.destination) for lane in stopped}):
        console.print(
            _stopped(next(lane for lane in stopped if (lane.workspace, lane.destination) == way)),
            soft_wrap=True,
            markup=False,
        )
    for lane in sorted(troubled, key=lambda lane: (lane.workspace, lane.destination, lane.phase)):
        console.print(_closed(lane), soft_wrap=True, markup=False)
    for (workspace, destination, state), count in sorted(figures.counts.items()):
        console.print(f"{workspace} {destination}: {count} {state}")
    if not figures.counts and not figures.waiting:
        console.print("Nothing is owed.")
    if dead:
        table = Table("number", "reference", "decided", "profile", "refused because", title="Dead letters")
        for letter in dead:
            decided = f"{letter.at:%Y-%m-%d %H:%M} UTC"
            table.add_row(
                str(letter.id), reference(letter.decision_id), decided, letter.masked, escape(letter.reason)
            )
        console.print(table)
    database.close()


def _closed(lane: Lane) -> str:
    since = f" since {lane.since:%Y-%m-%d %H:%M} UTC" if lane.since else ""
    how = (
        f"held{since} until somebody mends it: {lane.held_for}"
        if lane.held_for
        else f"paused{since}: it does not answer; what is owed is kept, and told when it does"
    )
    return f"{lane.workspace} {lane.destination} {lane.phase}: {how}"


def _stopped(lane: Lane) -> str:
    why = f": {shown(lane.stopped_why)}" if lane.stopped_why else ""
    since = f"{lane.stopped_at:%Y-%m-%d %H:%M} UTC"
    return f"{lane.workspace} {lane.destination}: paused by hand since {since} by {shown(lane.stopped_by or '?')}{why}"


@outbox.command("pause")
@click.argument("workspace")
@click.argument("destination", required=False)
@click.option(
    "--why", required=True, help="For those who come after you, who see it in the list and in the console."
)
def pause_lane(workspace: str, destination: str | None, why: str) -> None:
    """Tells nothing of WORKSPACE to DESTINATION, or to any, until it is resumed. Opt-outs are still recorded."""
    settings = load_from_environment()
    destinations = destinations_named(settings, workspace, destination)
    database = Database(settings.database_url, connections=1)
    logs.set_up()
    now = SystemClock().now()
    with database.writing() as session:
        for each in destinations:
            stop(session, workspace, each, getpass.getuser(), why.strip(), now)
            note(
                session,
                whoever(),
                "paused-lane",
                now,
                workspace=workspace,
                destination=each,
                why=why.strip(),
            )
        session.commit()
    database.close()
    click.echo(
        f"Paused: {workspace} {', '.join(destinations)}. Nothing is lost; `resign outbox resume` ends it."
    )


@outbox.command("resume")
@click.argument("workspace")
@click.argument("destination", required=False)
def resume_lane(workspace: str, destination: str | None) -> None:
    """Ends a pause by hand: what has waited goes out at once."""
    settings = load_from_environment()
    destinations = destinations_named(settings, workspace, destination)
    database = Database(settings.database_url, connections=1)
    logs.set_up()
    now = SystemClock().now()
    with database.writing() as session:
        resumed = [each for each in destinations if resume(session, workspace, each)]
        for each in resumed:
            note(session, whoever(), "resumed-lane", now, workspace=workspace, destination=each)
        session.commit()
    database.close()
    if resumed:
        click.echo(f"Resumed: {workspace} {', '.join(resumed)}.")
        return
    click.echo(f"Nothing of {workspace} was paused by hand.", err=True)
    sys.exit(1)


def destinations_named(settings: Settings, workspace: str, destination: str | None) -> Collection[str]:
    if workspace not in settings.workspaces:
        raise click.UsageError(
            f"There is no workspace {shown(workspace)}; there are: {', '.join(settings.workspaces)}."
        )
    # Only now: a list needs nothing of what delivers.
    from resign.destinations import names_of  # noqa: PLC0415

    names = names_of(settings.workspaces[workspace])
    if destination is not None and destination not in names:
        raise click.UsageError(
            f"There is no destination {shown(destination)}; there are: {', '.join(names)}."
        )
    return names if destination is None else (destination,)


def whoever() -> Staff:
    """Nobody with an account: whoever has a shell here, by the name that the operating system knows."""
    return Staff(id=0, name=f"{getpass.getuser()} (command line)"[:64], grants={})


@outbox.command("retry")
@click.argument("numbers", nargs=-1, type=click.IntRange(1, _LARGEST_NUMBER))
@click.option("--all", "every", is_flag=True, help="All dead letters.")
def retry_dead(numbers: tuple[int, ...], *, every: bool) -> None:
    """Sends dead letters again, by their NUMBERS in the list."""
    if bool(numbers) == every:
        raise click.UsageError("Give the numbers of dead letters, or --all.")
    database = Database(load_from_environment().database_url, connections=1)
    logs.set_up()
    now = SystemClock().now()
    with database.writing() as session:
        wanted = dict.fromkeys(numbers)
        missed = [number for number in wanted if not retry(session, now, [number])]
        count = len(wanted) - len(missed)
        session.commit()
    if every:
        count = _retry_all(database, now)
    database.close()
    if count or not missed:
        click.echo(f"{count} will be sent again.")
    for number in missed:
        click.echo(f"There is no dead letter {number} (or a newer decision has overtaken it)", err=True)
    sys.exit(1 if missed else 0)


def _retry_all(database: Database, now: datetime) -> int:
    """In parts: opt-outs are recorded between them."""
    count, after = 0, cast("int | None", 0)
    while after is not None:
        with database.writing() as session:
            part = retry_some(session, now, Which(), after=after)
            session.commit()
        count, after = count + part.sent, part.last
    return count
