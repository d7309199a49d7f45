"""`resign find`: people and their decisions, by whatever is known of them."""

import sys

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.app import open_database
from resign.reports.zones import zones_of
from resign.search.find import search
from resign.settings import load_from_environment
from resign.telemetry import logs


@click.command()
@click.argument("text", nargs=-1)
@click.option("--page", metavar="TOKEN", help="Goes on where the last page ended, which names the token.")
@click.option("--most", type=click.IntRange(1, 200), default=20, show_default=True, help="Rows of a page.")
def find(*, text: tuple[str, ...], page: str | None, most: int) -> None:
    """Finds decisions by an address or a part of it, an identifier, a reference, or filters; the newest first.

    TEXT is what the search box of the console takes: `anna@example.com`, `kowalsk`, `customId:C-1042`,
    `01KB-3F9Q-7XZA`, `campaign:spring`, `method:one-click`, `state:undelivered`, `after:2026-01-01`. Addresses
    stay masked.
    """
    settings = load_from_environment()
    logs.set_up()
    database = open_database(settings, connections=1)
    keys = {name: workspace.digest_key.encode() for name, workspace in settings.workspaces.items()}
    with database.reading() as session:
        found = search(
            session,
            " ".join(text),
            tuple(keys),
            keys.__getitem__,
            page,
            most,
            zones=zones_of(settings.workspaces),
        )
    database.close()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    if found.rows:
        table = Table("reference", "when (UTC)", "who", "decided", "by", "campaign", "state")
        for row in found.rows:
            decided = f"{row.choice} {row.agreement}"
            cells = (row.reference, f"{row.at:%Y-%m-%d %H:%M}", row.masked, decided, row.method, row.campaign, row.delivery)  # fmt: skip
            table.add_row(*(escape(cell or "") for cell in cells))
        console.print(table)
    else:
        console.print("Nothing was found.")
    for note in found.notes:
        click.echo(str(note), err=True)
    if found.next_token:
        console.print(f"There is more: `--page {found.next_token}`")
