"""`resign outbox`: what is owed, what was refused for good, and how to send that again."""

import click
from rich.console import Console
from rich.table import Table

from resign.app import open_database
from resign.clock import SystemClock
from resign.ids import reference
from resign.outbox.dead import dead_letters, retry
from resign.outbox.owed import owed
from resign.settings import load_from_environment
from resign.telemetry import logs


@click.group()
def outbox() -> None:
    """What is still owed to Synerise, and what it refused."""


@outbox.command("list")
def list_owed() -> None:
    """Counts what is owed, and shows the dead letters with their reasons."""
    database = open_database(load_from_environment(), connections=1)
    logs.set_up()
    with database.reading() as session:
        figures, dead = owed(session), dead_letters(session)
    console = Console(highlight=False)
    for (workspace, destination, state), count in sorted(figures.counts.items()):
        console.print(f"{workspace} {destination}: {count} {state}")
    if not figures.counts and not figures.waiting:
        console.print("Nothing is owed.")
    if dead:
        table = Table("number", "reference", "decided", "profile", "refused because", title="Dead letters")
        for letter in dead:
            decided = f"{letter.at:%Y-%m-%d %H:%M} UTC"
            table.add_row(
                str(letter.id), reference(letter.decision_id), decided, letter.masked, letter.reason
            )
        console.print(table)
    database.close()


@outbox.command("retry")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="All dead letters.")
def retry_dead(numbers: tuple[int, ...], *, every: bool) -> None:
    """Sends dead letters again, by their NUMBERS in the list."""
    if bool(numbers) == every:
        raise click.UsageError("Give the numbers of dead letters, or --all.")
    database = open_database(load_from_environment(), connections=1)
    logs.set_up()
    with database.writing() as session:
        count = retry(session, SystemClock().now(), None if every else numbers)
        session.commit()
    database.close()
    click.echo(f"{count} will be sent again.")
