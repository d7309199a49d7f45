"""`resign notices`: what Synerise told us, what became of it, and who was mailed after opting out."""

import sys

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resign.app import open_database
from resign.notices.shown import counts, mailed_after
from resign.settings import load_from_environment
from resign.telemetry import logs


@click.command()
def notices() -> None:
    """Shows what Synerise's outgoing integration told us, and mails sent after a confirmed opt-out."""
    database = open_database(load_from_environment(), connections=1)
    logs.set_up()
    with database.reading() as session:
        figures, mails = counts(session), mailed_after(session)
    database.close()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    if not figures:
        console.print(
            "Synerise has told us nothing yet. `resign snippets integrations` shows how to set it up."
        )
        return
    table = Table("workspace", "event", "what became of it", "how many")
    for workspace, action, verdict, count in figures:
        table.add_row(escape(workspace), escape(action), escape(verdict), str(count))
    console.print(table)
    if mails:
        table = Table("sent", "workspace", "campaign", "after the opt-out", title="Mailed after opting out")
        for mail in mails:
            delay = f"{(mail.delay_seconds or 0) / 3600:.1f} h"
            table.add_row(
                f"{mail.at:%Y-%m-%d %H:%M} UTC", escape(mail.workspace), escape(mail.campaign or ""), delay
            )
        console.print(table)
