"""`resign snippets`: every piece that is pasted into Synerise, filled in for one workspace."""

import click

from resign.settings import load_from_environment
from resign.snippets.facts import facts_of
from resign.snippets.pieces import PIECES, fill_in

_ALL = "all"


@click.command()
@click.argument("name", required=False, type=click.Choice([*PIECES, _ALL]), metavar="[NAME]")
@click.option("--workspace", help="The workspace's name, where there are several.")
def snippets(name: str | None, workspace: str | None) -> None:
    """Prints what to paste into Synerise. Without NAME it lists the pieces; NAME `all` prints all of them."""
    if name is None:
        _list()
        return
    settings = load_from_environment()
    chosen = workspace or next(iter(settings.workspaces))
    if chosen not in settings.workspaces or (workspace is None and len(settings.workspaces) > 1):
        raise click.UsageError(f"Name the workspace with --workspace: {', '.join(settings.workspaces)}.")
    facts = facts_of(settings, settings.workspaces[chosen])
    names = list(PIECES) if name == _ALL else [name]
    click.echo("\n\n".join(fill_in(each, facts) for each in names), nl=False)


def _list() -> None:
    room = max(map(len, PIECES))
    for each, title in PIECES.items():
        click.echo(f"{each:<{room}}  {title}")
    click.echo(f"\nOne of them: resign snippets {next(iter(PIECES))}. All of them: resign snippets {_ALL}.")
