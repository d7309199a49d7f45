"""`resign shown`: the page on which a decision was made, as the person saw it."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import select

from resign.db import Database
from resign.evidence.as_shown import AsShown, CannotShow, as_shown, title_of
from resign.i18n import Catalogues
from resign.ids import reference_range
from resign.ledger.tables import Decision
from resign.links import Links
from resign.settings import Settings, load_from_environment


@click.command()
@click.argument("reference")
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it there; otherwise to standard output.",
)
def shown(reference: str, file: Path | None) -> None:
    """Renders the page on which the decision of REFERENCE was made again, byte for byte."""
    meant = reference_range(reference)
    if meant is None:
        raise click.UsageError("A reference has twelve letters and digits, such as 01KB-3F9Q-7XZA.")
    settings = load_from_environment()
    database = Database(settings.database_url, connections=1)
    try:
        with database.reading() as session:
            decisions = session.scalars(
                select(Decision).where(Decision.id.between(*meant)).order_by(Decision.seq)
            ).all()
            if not decisions:
                _end("no decision has this reference")
            links, catalogues = Links(settings.workspaces.values()), Catalogues()
            found = [
                as_shown(session, decision, links, catalogues, _title(settings, decision, catalogues))
                for decision in decisions
            ]
    except CannotShow as reason:
        _end(str(reason))
    finally:
        database.close()
    _give(found, file)


def _title(settings: Settings, decision: Decision, catalogues: Catalogues) -> str:
    workspace = settings.workspaces.get(decision.workspace)
    return title_of(workspace, decision, catalogues) if workspace else ""


def _give(found: list[AsShown], file: Path | None) -> None:
    for page in found:
        click.echo(f"{page.page} in {page.language}, text {page.digest}", err=True)
    content = found[0].content
    if file is None:
        sys.stdout.buffer.write(content)
    else:
        file.write_bytes(content)


def _end(why: str) -> NoReturn:
    click.echo(f"It cannot be shown: {why}.", err=True)
    sys.exit(1)
