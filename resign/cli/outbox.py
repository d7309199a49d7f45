"""`resign outbox`: what is owed, which lanes are closed, what was refused for good, and how to send that again."""

import sys

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.clock import SystemClock
from resign.db import Database
from resign.ids import reference
from resign.outbox.dead import dead_letters, retry
from resign.outbox.owed import held_lanes, owed
from resign.outbox.tables import Lane
from resign.settings import load_from_environment
from resign.telemetry import logs

# What a column of numbers can hold.
_LARGEST_NUMBER = (1 << 63) - 1


@click.group()
def outbox() -> None:
    """What is still owed to Synerise, and what it refused."""


@outbox.command("list")
def list_owed() -> None:
    """Counts what is owed, and shows closed lanes and dead letters with their reasons."""
    database = Database(load_from_environment().database_url, connections=1)
    logs.set_up()
    with database.reading() as session:
        figures, dead, troubled = owed(session), dead_letters(session), held_lanes(session)
    console = Console(highlight=False)
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
        if every:
            count, missed = retry(session, now), []
        else:
            wanted = dict.fromkeys(numbers)
            missed = [number for number in wanted if not retry(session, now, [number])]
            count = len(wanted) - len(missed)
        session.commit()
    database.close()
    if count or not missed:
        click.echo(f"{count} will be sent again.")
    for number in missed:
        click.echo(f"There is no dead letter {number} (or a newer decision has overtaken it)", err=True)
    sys.exit(1 if missed else 0)
