"""`resign suppressions`: lists of those who are out, for other senders."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import cast, get_args

import click

from resign.doctor.shown import shown
from resign.feeds.suppressing import ListFormat, Suppressions
from resign.settings import Settings, load_from_environment
from resign.settings.destinations.file_to import Address
from resign.telemetry import logs

_FORMATS: tuple[str, ...] = get_args(ListFormat)


@click.group()
def suppressions() -> None:
    """Lists of those who are out, for other senders."""


@suppressions.command("write")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--workspace", help="Whose; needed where there are several.")
@click.option("--agreement", multiple=True, help="Who is out of this one, or of everything; may be repeated.")
@click.option("--hash", "address", type=click.Choice(get_args(Address)), default="plain", show_default=True,
              help="How they are named: sha256 of the address in small letters, or keyed with the digest key.")  # fmt: skip
@click.option(
    "--since", metavar="TIME", help="Only who opted out since then: 2026-05-04, or with a time, UTC."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="csv", show_default=True)
def write(
    *,
    file: Path,
    workspace: str | None,
    agreement: tuple[str, ...],
    address: str,
    since: str | None,
    form: str,
) -> None:
    """Writes everybody who is out to FILE, readable by nobody else. `text` is one a line, exactly as it is."""
    settings = load_from_environment()
    logs.set_up()
    from resign.app import open_database  # noqa: PLC0415 - a wrong option needs none of it

    database = open_database(settings, connections=1)
    listed = Suppressions(
        database, _workspace(settings, workspace), cast("Address", address), agreement, _moment(since)
    )
    aside = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
            for line in listed.lines(cast("ListFormat", form)):
                written.write(line.encode())
            written.flush()
            os.fsync(written.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
        database.close()
    click.echo(f"{listed.rows} written to {file}.")
    if listed.left_out:
        click.echo(
            f"{listed.left_out} are left out: no address is known, or retention has emptied it.", err=True
        )
    if listed.apostrophes:
        click.echo(
            f"{listed.apostrophes} have an apostrophe in front, because a spreadsheet would run them; "
            "--format text has them exactly.", err=True,
        )  # fmt: skip


def _workspace(settings: Settings, name: str | None) -> str:
    if name is None and len(settings.workspaces) == 1:
        return next(iter(settings.workspaces))
    if name is None or name not in settings.workspaces:
        given = f"There is no workspace {shown(name)}; there are" if name else "Give --workspace, one of"
        raise click.UsageError(f"{given}: {', '.join(settings.workspaces)}.")
    return name


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError("Write --since as 2026-05-04, or 2026-05-04T10:11:12Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
