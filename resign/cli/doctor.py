"""`resign doctor`: looks at everything that must be right before the first mail, or takes one link or mail apart."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from resign.app import open_database
from resign.clock import SystemClock
from resign.doctor.finding import Finding
from resign.doctor.installation import examine
from resign.doctor.link import examine_link
from resign.doctor.mail import examine_mail
from resign.doctor.standing import Ledger
from resign.settings import Settings, load_from_environment
from resign.telemetry import logs

_MARKS = {"well": "[green]✓[/green]", "mind": "[yellow]![/yellow]", "ill": "[red]✗[/red]"}
_MOST_BYTES = 25 << 20


@click.command()
@click.argument("subject", required=False)
def doctor(subject: str | None) -> None:
    """Checks the settings, the storage, the clock, the key and the hook. SUBJECT: a link or an .eml file to take apart."""
    settings = load_from_environment()
    logs.set_up()
    console = Console(highlight=False)
    ill = False
    for finding in _findings(settings, subject):
        ill |= finding.verdict == "ill"
        console.print(f"{_MARKS[finding.verdict]} {escape(finding.what)}", soft_wrap=True)
        if finding.remedy:
            console.print(f"    {escape(finding.remedy)}", soft_wrap=True)
    sys.exit(1 if ill else 0)


def _findings(settings: Settings, subject: str | None) -> Iterator[Finding]:
    database, clock = open_database(settings, connections=1), SystemClock()
    try:
        if subject is None:
            yield from examine(settings, database, clock)
        elif _is_folder(Path(subject)):
            raise click.UsageError(f"{subject} is a folder: give a link, or the .eml file of one mail.")
        elif (file := Path(subject)).suffix == ".eml" or _is_file(file):
            yield from examine_mail(settings, _read(file), Ledger(settings, database, clock))
        else:
            yield from examine_link(settings, subject, Ledger(settings, database, clock))
    finally:
        database.close()


def _is_file(path: Path) -> bool:
    """A link may be too long for a file's name, or hold what no name may."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except FileNotFoundError:
        raise click.UsageError(f"There is no file {file}.") from None
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{file} cannot be read ({type(error).__name__}).") from None
