"""`resign theme`: a workspace's look and words, as a folder, as versions in the database, and which one people see."""

import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from resign.app import brand_of, open_database
from resign.clock import SystemClock
from resign.db import Database
from resign.i18n import Catalogues
from resign.preview.app import create_preview
from resign.preview.room import Room
from resign.preview.serve import serve
from resign.serving import why_not_listen
from resign.settings import Settings, load_from_environment
from resign.telemetry import logs
from resign.themes import publishing, versions
from resign.themes.brand import Brand
from resign.themes.build import Built, build, in_order
from resign.themes.changes import Change, changes
from resign.themes.checks import check as checked
from resign.themes.fault import BadTheme, Fault
from resign.themes.publishing import Prepared, Refused
from resign.themes.source import ThemeSource
from resign.themes.versions import Version

T = TypeVar("T")


_LONGEST_FAULT = 1000
_MOST_NUMBER = 2**31 - 1
_SHIPPED, _DRAFT = "shipped", "draft"
_CALLED = {_SHIPPED: "the shipped look", _DRAFT: "the draft"}
_START = b"""\
# A theme changes as little or as much as you like: everything is optional, and this file may stay empty.
# docs/themes.md says what may stand here and in templates/, texts/ and style.css.

# [colours]
# press = "#1d4f91"
"""
_workspace = click.option("--workspace", "named", help="The workspace's name, where there are several.")
_author = click.option(
    "--author", default=None, help="Who does this; without it, the name of the system's user."
)
_note = click.option("-m", "--note", default="", help="Why, in a few words, for whoever reads the list.")
_folder = click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@dataclass(frozen=True, slots=True)
class _Place:
    """One workspace, and all that its pages are made with."""

    settings: Settings
    workspace: str
    brand: Brand
    catalogues: Catalogues

    @classmethod
    def of(cls, named: str | None) -> "_Place":
        settings = load_from_environment()
        name = named or next(iter(settings.workspaces))
        if name not in settings.workspaces or (named is None and len(settings.workspaces) > 1):
            raise click.UsageError(f"Name the workspace with --workspace: {', '.join(settings.workspaces)}.")
        return cls(settings, name, brand_of(settings.workspaces[name]), Catalogues())

    @property
    def language(self) -> str:
        return self.settings.workspaces[self.workspace].language

    @contextmanager
    def database(self) -> Iterator[Database]:
        database = open_database(self.settings, connections=1)
        try:
            yield database
        finally:
            database.close()

    def ask(self, asked: Callable[[Session], T]) -> T:
        with self.database() as database, database.reading() as session:
            return asked(session)

    def write(self, written: Callable[[Session], T]) -> T:
        with self.database() as database, database.writing() as session:
            done = written(session)
            session.commit()
        return done


@click.group()
def theme() -> None:
    """The pages' look and words: as a folder, as versions, and which one people see."""


@theme.command()
@click.argument("folder", metavar="[DIR]", default="theme", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", "which", metavar="N|draft", help="A version's number, or the console's draft.")
@click.option("--force", is_flag=True, help="Write into a folder that is not empty.")
@_workspace
def pull(folder: Path, which: str | None, named: str | None, *, force: bool) -> None:
    """Writes a theme's files into DIR: what is worn, else the newest version, else a start."""
    place = _Place.of(named)
    name, source = place.ask(
        lambda session: _source(session, place.workspace, which or _usual(session, place))
    )
    there = _files(folder)
    if there and not force:
        raise click.ClickException(f"{folder} is not empty. Name another folder, or add --force.")
    if name == _SHIPPED:
        source = ThemeSource({"theme.toml": _START})
    try:
        source.to_folder(folder)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written ({type(error).__name__}).") from None
    size = "one file" if len(source.files) == 1 else f"{len(source.files)} files"
    click.echo(f"{folder} now holds {_CALLED.get(name, name)}, in {size}.")
    if left := sorted(there - set(source.files)):
        click.echo(f"Not of it, and still there: {', '.join(left)}.", err=True)


@theme.command()
@_folder
@click.option(
    "--no-looks", is_flag=True, help="Without a browser: faster, and blind to what only shows there."
)
@_workspace
def check(folder: Path, named: str | None, *, no_looks: bool) -> None:
    """Says all that would keep the theme in DIR from being published."""
    place = _Place.of(named)
    source = _from(folder)
    built = _built(place, source)
    _refuse(
        checked(built, source, place.brand, place.catalogues, looks=not no_looks, language=place.language)
    )
    click.echo(f"Nothing is wrong with its {len(built.pages)} pages.")


@theme.command()
@_folder
@_note
@_author
@_workspace
def push(folder: Path, note: str, author: str | None, named: str | None) -> None:
    """Keeps the theme in DIR as a new version, which nobody sees yet. Its number is the last line printed."""
    place = _Place.of(named)
    source = _from(folder)
    _refuse(_built(place, source).faults)
    now = SystemClock().now()
    kept = place.write(
        lambda session: versions.add(session, place.workspace, source, note, _who(author), now)
    )
    click.echo(f"Kept; nobody sees it yet. Next: resign theme publish {kept.number}", err=True)
    click.echo(kept.number)


@theme.command()
@click.argument("number", metavar="[N]", type=click.IntRange(1, _MOST_NUMBER), required=False)
@_note
@_author
@_workspace
def publish(number: int | None, note: str, author: str | None, named: str | None) -> None:
    """Checks version N, the newest without it, and shows it to people from now on. Exit status 1 where it is refused."""
    place = _Place.of(named)

    def asked(session: Session) -> tuple[Version, ThemeSource]:
        version = _version(session, place.workspace, number)
        return version, versions.source_of(session, place.workspace, version.number)

    version, source = _readable(lambda: place.ask(asked))
    click.echo(f"Checking {version.theme}: every page in every language, and a look in a browser.", err=True)
    prepared = publishing.prepare(source, version, place.brand, place.catalogues, language=place.language)
    _put(place, prepared, note, author)
    click.echo(f"Published {version.theme}. Back again: resign theme rollback")


@theme.command()
@click.argument("target", metavar="[N|shipped]", required=False)
@_note
@_author
@_workspace
def rollback(target: str | None, note: str, author: str | None, named: str | None) -> None:
    """Goes back to what people saw before, to version N, or to the shipped look."""
    place = _Place.of(named)

    def asked(session: Session) -> tuple[Version | None, Prepared | Refused, ThemeSource | None]:
        version = _back_to(session, place.workspace, target)
        if version is None:
            return None, publishing.SHIPPED, None
        ready = publishing.is_prepared(session, version, place.brand, place.catalogues)
        if ready:
            return version, ready, None
        return version, Refused(()), versions.source_of(session, place.workspace, version.number)

    version, prepared, source = _readable(lambda: place.ask(asked))
    if version is not None and source is not None:
        prepared = publishing.prepare_again(source, version, place.brand, place.catalogues)
    _put(place, prepared, note, author)
    click.echo(f"People see {version.theme if version else 'the shipped look'} again.")


@theme.command("list")
@_workspace
def list_versions(named: str | None) -> None:
    """The versions, and which one people see since when."""
    place = _Place.of(named)
    kept, worn = place.ask(
        lambda session: (versions.history(session, place.workspace), versions.worn(session, place.workspace))
    )
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    present = worn.version if worn else None
    if kept:
        table = Table("version", "made", "by", "note", "people see it")
        for version in kept:
            seen = f"since {worn.at:%Y-%m-%d %H:%M} UTC" if worn and version == present else ""
            made = f"{version.made_at:%Y-%m-%d %H:%M} UTC"
            table.add_row(str(version.number), made, escape(version.author), escape(version.note), seen)
        console.print(table)
    else:
        console.print("There is no version yet. Begin with: resign theme pull")
    since = f", since {worn.at:%Y-%m-%d %H:%M} UTC, by {escape(worn.author)}" if worn else ""
    console.print(f"People see {present.theme if present else 'the shipped look'}{since}.")


@theme.command()
@click.argument("old", metavar="[A]", required=False)
@click.argument("new", metavar="[B]", required=False)
@_workspace
def diff(old: str | None, new: str | None, named: str | None) -> None:
    """What is different between two versions: numbers, `draft`, or `shipped`. Without them: what people see, and the newest."""
    place = _Place.of(named)

    def asked(session: Session) -> list[tuple[str, ThemeSource]]:
        newest = versions.history(session, place.workspace)
        last = str(newest[0].number) if newest else _SHIPPED
        return [
            _source(session, place.workspace, old or _worn(session, place.workspace)),
            _source(session, place.workspace, new or last),
        ]

    (before, old_source), (after, new_source) = _readable(lambda: place.ask(asked))
    found = changes(old_source, new_source)
    click.echo(f"From {before} to {after}: {len(found)} files differ.")
    for change in found:
        click.echo("\n".join(_told(change)))


@theme.command()
@_folder
@click.option("--port", type=click.IntRange(0, 65535), default=8200, show_default=True, help="0 takes any.")
@_workspace
def preview(folder: Path, port: int, named: str | None) -> None:
    """Shows the theme in DIR in a browser, on this machine only, and anew whenever a file changes."""
    place = _Place.of(named)
    logs.set_up()
    if why := why_not_listen(("127.0.0.1", port)):
        raise click.ClickException(f"The preview has no port {port}: {why} or name another with --port.")
    room = Room(folder, place.workspace, place.language, place.brand, place.catalogues)
    serve(
        create_preview(room),
        port,
        lambda address: click.echo(f"Open {address} and edit {folder}. Ctrl-C ends it."),
    )


def _put(place: _Place, prepared: Prepared | Refused, note: str, author: str | None) -> None:
    if isinstance(prepared, Refused):
        _refuse(prepared.faults)
        return
    if prepared.left_out:
        _print(prepared.left_out)
        click.echo("Where that is wrong people see the shipped page.", err=True)
    who, now = _who(author), SystemClock().now()
    with place.database() as database:
        stored = publishing.store(database.writing, prepared)
        with database.writing() as session:
            publishing.put(session, place.workspace, stored, author=who, note=note, now=now)
            session.commit()


def _built(place: _Place, source: ThemeSource) -> Built:
    theme = f"{place.workspace}@{_DRAFT}"
    return build(
        source, theme=theme, workspace=place.workspace, brand=place.brand, catalogues=place.catalogues,
        languages=in_order(place.catalogues.languages, place.language),
    )  # fmt: skip


def _from(folder: Path) -> ThemeSource:
    return _readable(lambda: ThemeSource.from_folder(folder))


def _files(folder: Path) -> set[str]:
    """Without hidden ones: a folder that git keeps is empty all the same."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)}


def _readable(read: Callable[[], T]) -> T:
    try:
        return read()
    except BadTheme as bad:
        _refuse(bad.faults)
        raise


def _refuse(faults: Sequence[Fault]) -> None:
    """Prints each fault, and ends the command where there is any."""
    _print(faults)
    if faults:
        click.echo("One fault." if len(faults) == 1 else f"{len(faults)} faults.", err=True)
        sys.exit(1)


def _print(faults: Sequence[Fault]) -> None:
    """As `file:line: what. remedy`."""
    for fault in faults:
        line = f":{fault.line}" if fault.line else ""
        page = fault.page if fault.page != fault.where else None
        shown = " ".join(filter(None, (page, fault.language)))
        more = f"and in {fault.more} more place{'s' if fault.more > 1 else ''}" if fault.more else ""
        on = f" ({', '.join(filter(None, (shown, more)))})" if shown or more else ""
        text = f"{fault.where}{line}: {fault.what}{on}. {fault.remedy}"
        click.echo(versions.line(text, _LONGEST_FAULT), err=True)


def _source(session: Session, workspace: str, which: str) -> tuple[str, ThemeSource]:
    """What a person calls it, and its files."""
    if which == _SHIPPED:
        return _SHIPPED, ThemeSource({})
    if which == _DRAFT:
        if (draft := versions.draft(session, workspace)) is None:
            raise click.UsageError("There is no draft.")
        return _DRAFT, draft.source
    version = _version(session, workspace, _number(which))
    return version.theme, versions.source_of(session, workspace, version.number)


def _usual(session: Session, place: _Place) -> str:
    worn = _worn(session, place.workspace)
    kept = versions.history(session, place.workspace)
    return str(kept[0].number) if worn == _SHIPPED and kept else worn


def _worn(session: Session, workspace: str) -> str:
    worn = versions.worn(session, workspace)
    return str(worn.version.number) if worn and worn.version else _SHIPPED


def _back_to(session: Session, workspace: str, target: str | None) -> Version | None:
    if target == _SHIPPED:
        return None
    if target is not None:
        return _version(session, workspace, _number(target))
    try:
        return versions.worn_before(session, workspace)
    except versions.NoSuchVersion:
        raise click.UsageError("Nothing was ever published, so there is nothing to go back to.") from None


def _version(session: Session, workspace: str, number: int | None) -> Version:
    kept = versions.history(session, workspace)
    if not kept:
        raise click.UsageError(f"{workspace} has no version yet. Begin with: resign theme pull")
    try:
        return kept[0] if number is None else versions.version(session, workspace, number)
    except versions.NoSuchVersion:
        raise click.UsageError(f"There is no version {number}. The newest is {kept[0].number}.") from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise click.UsageError(f"{text!r} is no version: give a number, `{_DRAFT}` or `{_SHIPPED}`.")
    return min(int(text[:10]), _MOST_NUMBER)


def _told(change: Change) -> Iterator[str]:
    before, after = (f"{size} bytes" if size is not None else "nothing" for size in change.sizes)
    yield f"\n{change.path}: {change.kind}, from {before} to {after}"
    yield from change.lines


def _who(author: str | None) -> str:
    try:
        return author or getpass.getuser()
    except (KeyError, ImportError, OSError):  # a user whom the system has no name for, in a container say
        return "unknown"
