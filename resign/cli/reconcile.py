"""`resign reconcile`: compares the ledger with Synerise now, and shows what was found."""

import sys

import click
from rich.console import Console
from rich.table import Table

from resign.app import create_reconciler, open_database
from resign.reconcile.reconciler import runs
from resign.settings import load_from_environment
from resign.telemetry import logs

_COLUMNS = {
    "looked at": "looked",
    "agree": "agreed",
    "told again": "told_again",
    "in here, off there": "off_there",
    "unknown there": "unknown",
    "unreadable": "unread",
}


@click.command()
@click.option("--list", "only_list", is_flag=True, help="Only show the last comparisons.")
def reconcile(*, only_list: bool) -> None:
    """Asks Synerise about everybody who decided here, and tells it again where it holds something else.

    Uses what is left of the day's RESIGN_RECONCILE_CALLS calls for each workspace (UTC), and goes on where an
    earlier run stopped. The worker sends what has to be told again.
    """
    settings = load_from_environment()
    logs.set_up()
    database = open_database(settings, connections=2)
    used_up: list[str] = []
    if not only_list:
        reconciler = create_reconciler(settings, database=database)
        for workspace in settings.workspaces:
            while reconciler.advance(workspace, now_at_once=True):
                pass
        used_up = [workspace for workspace in settings.workspaces if reconciler.used_up(workspace)]
        reconciler.close()
    with database.reading() as session:
        found = runs(session)
    database.close()
    table = Table("begun", "workspace", "state", *_COLUMNS)
    for run in found:
        state = "finished" if run.finished_at else "goes on later"
        figures = [str(getattr(run, column)) for column in _COLUMNS.values()]
        table.add_row(f"{run.started_at:%Y-%m-%d %H:%M} UTC", run.workspace, state, *figures)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    console.print(table if found else "Nothing has been compared yet.")
    for workspace in used_up:
        console.print(
            f"{workspace}: today's calls are used up (RESIGN_RECONCILE_CALLS is {settings.reconcile_calls}). New ones "
            "from midnight UTC."
        )
    if any(run.finished_at is None for run in found):
        console.print(
            "A comparison is not finished: the day's calls are used up, Synerise does not answer, or a worker is at it."
        )
