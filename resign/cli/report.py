"""`resign report`: figures from the rollups, as a table, as CSV or as a chart; and counting them anew."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.orm import Session

from resign.clock import SystemClock
from resign.db import Database
from resign.reports import figures
from resign.reports.chart import Spoken, svg
from resign.reports.csv_lines import csv_lines
from resign.reports.figure import Cell, Figure
from resign.reports.progress import behind
from resign.reports.rollups import Rollups
from resign.reports.span import GRAINS, BadSpan, Grain, Span
from resign.reports.words import in_words
from resign.reports.zones import Zones, stored_zones, zones_of
from resign.settings import Settings, load_from_environment
from resign.telemetry import logs

Command = TypeVar("Command", bound=Callable[..., Any])
Asked = Callable[[Session, str, Span], Figure]


class Wanted(TypedDict):
    """What every report may be asked for."""

    first: datetime | None
    last: datetime | None
    grain: Grain
    workspace: str | None
    csv_file: Path | None
    bom: bool
    svg_file: Path | None


_LATELY = 29
_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path)
_OPTIONS = (
    click.option("--from", "first", type=_DAY, help="The first day; 29 days before the last, if left out."),
    click.option("--to", "last", type=_DAY, help="The last day, included; today, if left out."),
    click.option(
        "--grain", type=click.Choice(GRAINS), default="day", help="Steps of a day, a week or a month."
    ),
    click.option("--workspace", help="Which one, where there are several."),
    click.option("--csv", "csv_file", type=_FILE, help="Write it there as CSV; - is standard output."),
    click.option("--bom", is_flag=True, help="Begin the CSV with the mark by which Excel knows UTF-8."),
    click.option("--svg", "svg_file", type=_FILE, help="Draw it there as SVG; - is standard output."),
)


def _with_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group()
def report() -> None:
    """Opt-outs, undos, times to confirmation and scanner bursts, in figures."""


@report.command("opt-outs")
@click.option("--by", type=click.Choice(["method", "campaign", "reason", "language", "agreement"]))
@click.option("--agreement", help="Of this agreement only.")
@_with_options
def opt_outs(by: figures.By | None, agreement: str | None, **wanted: Unpack[Wanted]) -> None:
    """Opt-outs over time."""
    _show(lambda session, name, span: figures.opt_outs_over_time(session, name, span, by, agreement), wanted)


@report.command()
@_with_options
def undone(**wanted: Unpack[Wanted]) -> None:
    """The share of opt-outs that people took back within 24 hours."""
    _show(figures.share_undone, wanted)


@report.command()
@_with_options
def confirmation(**wanted: Unpack[Wanted]) -> None:
    """How long it took until Synerise's profile said so."""
    now = SystemClock().now()
    _show(lambda session, name, span: figures.time_to_confirmation(session, name, span, now), wanted)


@report.command("mailed-after")
@_with_options
def mailed_after(**wanted: Unpack[Wanted]) -> None:
    """Mails that went out after the opt-out was confirmed."""
    _show(figures.mailed_after, wanted)


@report.command("mail-to-opt-out")
@_with_options
def mail_to_opt_out(**wanted: Unpack[Wanted]) -> None:
    """How long after the campaign's mail people opted out, where Synerise told of the mail."""
    _show(figures.mail_to_opt_out, wanted)


@report.command()
@_with_options
def bursts(**wanted: Unpack[Wanted]) -> None:
    """Many opt-outs of one recipient domain within a minute: link scanners, perhaps."""
    _show(figures.bursts, wanted)


@report.command()
def rebuild() -> None:
    """Forgets all figures and counts them anew from the ledger: after a change of time zone, say.

    Until it has ended, reports show only what has been counted so far.
    """
    settings, database = _open()
    keys = {name: workspace.digest_key.encode() for name, workspace in settings.workspaces.items()}
    rollups = Rollups(database, zones_of(settings.workspaces), keys, SystemClock())
    rollups.rebuild()
    with Progress(disable=not sys.stderr.isatty()) as progress, database.reading() as session:
        left = behind(session)
        shown = progress.add_task("Counting", total=left)
        while rollups.step():
            progress.update(shown, completed=left - behind(session))
    database.close()
    click.echo("The figures are counted anew.")


def _open() -> tuple[Settings, Database]:
    settings = load_from_environment()
    logs.set_up()
    return settings, Database(settings.database_url, connections=2)


def _show(ask: Asked, wanted: Wanted) -> None:
    settings, database = _open()
    name = _workspace(settings, wanted["workspace"])
    first, last = wanted["first"], wanted["last"]
    try:
        with database.reading() as session:
            zones = Zones(zones_of(settings.workspaces), stored_zones(session))
            end = last.date() if last else zones.day_of(name, SystemClock().now())
            span = _span(first.date() if first else _lately(end), end, wanted["grain"])
            figure = ask(session, name, span)
            uncounted = behind(session)
    finally:
        database.close()
    if uncounted:
        click.echo(f"The worker has still to count about {uncounted} decisions.", err=True)
    if wanted["csv_file"] is None and wanted["svg_file"] is None:
        _print(figure)
    if wanted["csv_file"] is not None:
        _write(wanted["csv_file"], csv_lines(figure.columns, figure.rows, bom=wanted["bom"]))
    if wanted["svg_file"] is not None:
        _write(wanted["svg_file"], [_drawn(figure, span)])


def _workspace(settings: Settings, wanted: str | None) -> str:
    names = sorted(settings.workspaces)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None or wanted not in settings.workspaces:
        raise click.UsageError(f"Name one of the workspaces with --workspace: {', '.join(names)}.")
    return wanted


def _lately(last: date) -> date:
    return date.fromordinal(max(1, last.toordinal() - _LATELY))


def _span(first: date, last: date, grain: Grain) -> Span:
    try:
        return Span(first, last, grain)
    except BadSpan as reason:
        raise click.UsageError(str(reason)) from None


def _drawn(figure: Figure, span: Span) -> str:
    if figure.chart is None:
        raise click.UsageError("This report is a list and has no chart.")
    title = f"{figure.name.replace('-', ' ').capitalize()}, {span.first} to {span.last}"
    said = ", ".join(f"{name.replace('_', ' ')} {_said(value)}" for name, value in figure.totals.items())
    return svg(figure.chart, Spoken(title, said or title))


def _write(file: Path, lines: Iterable[str]) -> None:
    try:
        with click.open_file(str(file), "w", encoding="utf-8") as opened:
            for line in lines:
                opened.write(line)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written ({error.strerror}).") from None


def _print(figure: Figure) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    if not figure.rows:
        console.print("Nothing in this time.")
        return
    table = Table(*(column.replace("_", " ") for column in figure.columns))
    for row in figure.rows:
        table.add_row(*(escape(_said(cell)) for cell in row))
    console.print(table)
    for name, value in figure.totals.items():
        console.print(f"{name.replace('_', ' ')}: {_said(value)}", markup=False)


def _said(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, timedelta):
        return in_words(cell.total_seconds())
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(cell, float):
        return f"{cell:.1%}"
    return str(cell) or "(not known)"
