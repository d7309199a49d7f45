"""`resign import list`, `show`, `pause`, `resume`, `reverse`, `rejects`: imports that there are."""

import sys
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.cli.import_shell import end, shell
from resign.cli.import_shown import show_batch
from resign.imports import batches

_number = click.argument("number", metavar="ID", type=click.UUID)
_MOST_OF_AN_EVIDENCE = 500


@click.command("list")
def list_imports() -> None:
    """The last imports, the newest first."""
    with shell() as at, at.database.reading() as session:
        found = batches.listed(session, tuple(at.settings.workspaces))
    table = Table("id", "begun", "file", "workspace", "state", "rows", "by")
    for batch in found:
        table.add_row(
            str(batch.id), f"{batch.created_at:%Y-%m-%d %H:%M} UTC", escape(batch.name), batch.workspace,
            batch.state, f"{batches.rows_of(batch):,}", escape(batch.who),
        )  # fmt: skip
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    console.print(table if found else "Nothing has been imported yet.")


@click.command("show")
@_number
def show(number: UUID) -> None:
    """One import: how far it has got, and what became of its rows."""
    with shell() as at:
        show_batch(at.one(number))


@click.command("pause")
@_number
def pause(number: UUID) -> None:
    """Ends a run after the rows under way; what was taken in stands."""
    with shell() as at:
        batch = at.order(batches.pause, number)
    click.echo(f"Paused behind row {batch.reached:,}; `resign import resume {number}` goes on.")


@click.command("resume")
@_number
def resume(number: UUID) -> None:
    """Goes on with a run that was paused, or that somebody's crash has left."""
    with shell() as at:
        if at.one(number).state != "running":
            at.order(batches.resume, number)
        batch = at.wait(number, ("running",), "taking in")
        show_batch(batch)
        if batch.state != "done":
            end(f"it is {batch.state}")


@click.command("reverse")
@_number
@click.option(
    "--agreed", metavar="EVIDENCE", help="What speaks for opting in those of whom nothing was known before."
)
@click.option("--yes", is_flag=True, help="Ask nobody.")
def reverse(number: UUID, agreed: str | None, *, yes: bool) -> None:
    """Takes a whole import back: what stood before holds again, what people decided since stays.

    Who was opted out and of whom nothing was known before stays out, unless --agreed says what speaks for their opt-in.
    """
    with shell() as at:
        batch = at.one(number)
        if not yes and not click.confirm(f"Take {batch.name} back, with {batches.rows_of(batch):,} rows?"):
            end("nothing was taken back")
        if batch.state != "reversing":
            at.order(batches.reverse, number, agreed=(agreed or "").strip()[:_MOST_OF_AN_EVIDENCE] or None)
        show_batch(at.wait(number, ("reversing",), "taking back"))


@click.command("rejects")
@_number
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write them there; otherwise to standard output.",
)
def rejects(number: UUID, file: Path | None) -> None:
    """The rows that were not taken in, each with its reason and its cells, as CSV; kept for 30 days."""
    with shell() as at:
        at.one(number)
        path = at.shelf.rejects(number)
        if not path.exists():
            end("there are no rejects, or they are on another machine, or kept no longer")
        content = path.read_bytes()
    if file is None:
        sys.stdout.buffer.write(content)
    else:
        file.write_bytes(content)
