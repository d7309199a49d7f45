"""`resign import`: files of what other systems say are checked, taken in, watched, and taken back."""

import re
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from resign.cli.import_orders import list_imports, pause, rejects, resume, reverse, show
from resign.cli.import_shell import Shell, end, shell
from resign.cli.import_shown import show_batch, show_mapping
from resign.cli.link import workspace_named
from resign.clock import SystemClock
from resign.imports import batches
from resign.imports.batches import Asked
from resign.imports.mapping import BadMapping, RowMapping
from resign.imports.reading import Row, Shape, Unreadable, read, recognise
from resign.imports.suggesting import suggest
from resign.imports.tables import ImportBatch
from resign.settings import Workspace

_SAMPLE = 50
_ORIGIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")


@click.group("import")
def imports() -> None:
    """Files of what other systems say: checked, taken in, and taken back."""


def _about_the_file(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which a file is read; what is not given is guessed, and shown."""
    for option in reversed((
        click.option("--workspace", metavar="NAME", help="The workspace's name, where there are several."),
        click.option("--mapping", "file_of_mapping", type=click.Path(path_type=Path, dir_okay=False), help="What each column means, as TOML."),
        click.option("--email", metavar="COLUMN", help="The column with addresses, or with hashes of them."),
        click.option("--custom-id", metavar="COLUMN", help="The column with customIds."),
        click.option("--client-id", metavar="COLUMN", help="The column with clientIds."),
        click.option("--agreement", metavar="NAME", help="What all rows are about: newsletter, one of your own, or all."),
        click.option("--choice", type=click.Choice(["opt-out", "opt-in", "request"]), help="What all rows say."),
        click.option("--choice-column", metavar="COLUMN", help="The column that says opt-out or opt-in."),
        click.option("--when", metavar="COLUMN", help="The column that says when it was decided."),
        click.option("--zone", metavar="NAME", help="The time zone of times that name none; otherwise the workspace's."),
        click.option("--order", type=click.Choice(["day-first", "month-first"]), help="The order of days such as 3/4/2026."),
        click.option("--evidence", metavar="TEXT", help="What speaks for the opt-ins."),
        click.option("--hash", "hashed", type=click.Choice(["sha256", "keyed"]), help="The addresses are hashes."),
        click.option("--from", "origin", metavar="ORIGIN", help="The system that it comes from, which is not told it back."),
        click.option("--format", "form", type=click.Choice(["csv", "xml", "json", "jsonl", "xlsx"]), help="What FILE is, if it does not show."),
        click.option("--encoding", metavar="NAME", help="How its letters are written, such as cp1250."),
        click.option("--delimiter", metavar="SIGN", help="What stands between the cells of a CSV."),
        click.option("--sheet", metavar="NAME", help="Which sheet of a workbook; the first that holds a row."),
    )):  # fmt: skip
        command = option(command)
    return command


@imports.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@_about_the_file
def check(*, file: Path, **asked: Any) -> None:  # noqa: ANN401 - the options above
    """Goes through FILE and tells what taking it in would change. Nothing is written.

    Exit status: 0 it was gone through, 1 it cannot be read.
    """
    with shell() as at:
        batch = _checked(at, _begun(at, file, asked))
        click.echo(f"Nothing was written. `resign import run {batch.id}` takes it in.")


@imports.command("run")
@click.argument("file")
@_about_the_file
@click.option("--dry-run", is_flag=True, help="As `resign import check`.")
@click.option("--yes", is_flag=True, help="Ask nobody.")
def run(*, file: str, dry_run: bool, yes: bool, **asked: Any) -> None:  # noqa: ANN401 - the options above
    """Checks FILE, shows what it would change, and takes it in. FILE may be the id of an import that was checked.

    Killed, it goes on where it was: by a worker within a minute, or by `resign import resume`. The opt-out wins:
    an opt-in overrules one only where it is newer and something speaks for it.

    Exit status: 0 it was taken in, 1 it was not, or not to its end, 130 interrupted and paused.
    """
    with shell() as at:
        number = _number(file)
        if number is None:
            number = _begun(at, Path(file), asked)
        batch = _checked(at, number)
        if dry_run:
            click.echo(f"Nothing was written. `resign import run {batch.id}` takes it in.")
            return
        if not yes and not _agrees():
            end(f"Nothing was written. `resign import run {batch.id}` takes it in.")
        at.order(batches.run, number)
        try:
            batch = at.wait(number, ("running",), "taking in")
        except KeyboardInterrupt:
            sys.exit(130)
        show_batch(batch)
        if batch.state != "done":
            end(f"it is {batch.state}: {batch.why}" if batch.why else f"it is {batch.state}")


for each in (list_imports, show, pause, resume, reverse, rejects):
    imports.add_command(each)


def _number(given: str) -> UUID | None:
    if Path(given).exists():
        return None
    try:
        return UUID(given)
    except ValueError:
        return None


def _begun(at: Shell, file: Path, asked: dict[str, Any]) -> UUID:
    """Keeps a copy of the file, and puts it down to be checked."""
    workspace = workspace_named(at.settings, asked["workspace"])
    origin = asked["origin"]
    if origin is not None and not _ORIGIN.fullmatch(origin):
        raise click.UsageError("An origin is a name of up to 31 small letters, digits and hyphens.")
    try:
        with file.open("rb") as content:
            kept = at.shelf.keep(file.name, content)
    except OSError as error:
        end(f"{file} cannot be read ({type(error).__name__})")
    try:
        shape = recognise(
            kept.path,
            format=asked["form"],
            encoding=asked["encoding"],
            delimiter=asked["delimiter"],
            sheet=asked["sheet"],
        )
        mapping = _mapping(asked, shape, kept.path, workspace)
        with at.database.writing() as session:
            wanted = Asked(workspace.name, shape, mapping, origin)
            batch = batches.begin(session, at.by, kept, wanted, SystemClock().now())
            session.commit()
            twin = batches.same_content(session, workspace.name, kept.sha256, but=kept.id)
    except (Unreadable, BadMapping) as why:
        at.shelf.throw_away(kept.id)
        end(str(why))
    except BaseException:
        at.shelf.throw_away(kept.id)
        raise
    if twin is not None:
        click.echo(
            f"The very same content was taken in before, on {twin.created_at:%Y-%m-%d %H:%M} UTC as {twin.id} "
            f"({twin.state}). What is known already stays as it is."
        )
    show_mapping(shape, mapping)
    return batch.id


def _mapping(asked: dict[str, Any], shape: Shape, path: Path, workspace: Workspace) -> RowMapping:
    """What was given, and for the rest what the file looks like. Raises BadMapping, Unreadable."""
    given: dict[str, Any] = {}
    if asked["file_of_mapping"] is not None:
        try:
            text = asked["file_of_mapping"].read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise BadMapping("the file of the mapping cannot be read") from None
        given = RowMapping.from_toml(text).table()
    named = {"email": asked["email"], "customId": asked["custom_id"], "clientId": asked["client_id"]}
    identifiers = {kind: column for kind, column in named.items() if column is not None}
    if not given and not (identifiers and asked["hashed"]):
        given = _guess(shape, path, workspace, identifiers)
    if identifiers:
        given["identifiers"] = identifiers
    if asked["choice_column"] is not None:
        given["choice"] = {"column": asked["choice_column"]}
    if asked["when"] is not None:
        given["when"] = {"column": asked["when"], "zone": str(workspace.time_zone)}
    for key in ("zone", "order"):
        if asked[key] is not None and "when" in given:
            given["when"][key] = asked[key]
    if asked["hashed"] is not None:
        given["hash"] = asked["hashed"]
    return RowMapping.of(
        given | {key: asked[key] for key in ("agreement", "choice", "evidence") if asked[key]}
    )


def _guess(shape: Shape, path: Path, workspace: Workspace, identifiers: dict[str, str]) -> dict[str, Any]:
    rows = islice(read(path, shape), _SAMPLE)
    sample: Sequence[Row] = [row for row in rows if isinstance(row, Row)]
    try:
        own = [each.name for each in workspace.agreements]
        return suggest(shape, sample, own, str(workspace.time_zone)).table()
    except BadMapping:
        if identifiers:
            return {}
        raise


def _checked(at: Shell, number: UUID) -> ImportBatch:
    batch = at.wait(number, ("checking",), "going through")
    if batch.state == "failed":
        end(batch.why or "the file cannot be read")
    show_batch(batch)
    return batch


def _agrees() -> bool:
    try:
        return click.confirm("Take it in?")
    except click.Abort:
        return False
