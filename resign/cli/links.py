"""`resign links push`: mints the link of every profile in a file and writes it into the profiles in Synerise."""

import gc
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from resign.cli.link import workspace_named
from resign.clock import SystemClock
from resign.links import Links
from resign.profile import Profile
from resign.push.batches import MOST_ROWS, Batches
from resign.push.columns import BadColumns, Columns
from resign.push.deliver import CannotGoOn, Interrupted, Patience, deliver_one_by_one, deliver_together
from resign.push.identity import identity
from resign.push.journal import InUse, Journal, Noted, Span, merged, noted
from resign.push.lines import CannotRead
from resign.push.progress import Minutes, Pace, Sparing, said
from resign.push.push import Progress, Push, Tally
from resign.push.rehearsal import Rehearsal, rehearse
from resign.push.rejects import Rejects
from resign.push.rows import Row, Rows, profile_of
from resign.push.source import Format, Source, opened
from resign.settings import Settings, Workspace, load_from_environment
from resign.synerise.link_writer import LinkWriter, refusal
from resign.telemetry import logs

SOME_REJECTED, CANNOT_GO_ON, INTERRUPTED = 1, 2, 130

# A batch carries a thousand profiles, so a few at once fill any line; and what a kill leaves unnoted is few.
_MOST_BATCHES_AT_ONCE = 4
# One by one, a note on the disk after every call would cost more than the call.
_ONE_BY_ONE = 20
# A thousand profiles take longer to be taken in than one.
_SECONDS_FOR_A_BATCH = 60.0


@click.group()
def links() -> None:
    """The links of a whole workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    file: str
    settings: Settings
    workspace: Workspace
    columns: Columns
    format: Format | None
    rejects: Path | None
    again: bool
    only_known: bool


@links.command("push")
@click.argument("file")
@click.option("--workspace", metavar="NAME", help="The workspace's name, where there are several.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), help="What FILE is, if its name does not say."
)
@click.option(
    "--column", "columns", metavar="KIND=HEADING", multiple=True,
    help="Where an identifier stands, such as email=E-mail; may be repeated.",
)  # fmt: skip
@click.option(
    "--rejects", type=click.Path(path_type=Path), help="Where the rows go that could not be pushed."
)
@click.option("--dry-run", is_flag=True, help="Count and show ten examples; write nothing, call nobody.")
@click.option("--again", is_flag=True, help="Push from the beginning, whatever was pushed before.")
@click.option("--only-known", is_flag=True, help="Create no profile: slower, one call for each row.")
def push(  # noqa: PLR0913 - a command's options
    *,
    file: str,
    workspace: str | None,
    form: Format | None,
    columns: tuple[str, ...],
    rejects: Path | None,
    dry_run: bool,
    again: bool,
    only_known: bool,
) -> None:
    """Writes the link of every profile in FILE (CSV or JSONL, - for standard input) into its profile in Synerise.

    A profile that Synerise does not know is CREATED, unless --only-known is given: Synerise's batch does not
    update without creating, save by clientId.

    A push that was stopped or killed goes on where it was when the same command is given again. Standard
    input cannot be resumed.

    Exit status: 0 all rows were accepted, 1 some were rejected, 2 it could not go on, 130 it was interrupted.
    """
    settings = load_from_environment()
    logs.set_up()
    try:
        asked = _Asked(
            file=file, settings=settings, workspace=workspace_named(settings, workspace), columns=Columns.of(columns),
            format=form, rejects=rejects, again=again, only_known=only_known,
        )  # fmt: skip
        with opened(file, sys.stdin.buffer) as source:
            if dry_run:
                _rehearse(asked, source)
            _push(asked, source)
    except (BadColumns, CannotRead, CannotGoOn) as reason:
        _end(f"{reason}.")
    except OSError as error:
        _end(
            f"a file of the push cannot be read or written ({type(error).__name__}); "
            f"check FILE, --rejects and {settings.data_dir / 'push'}."
        )


def _rehearse(asked: _Asked, source: Source) -> NoReturn:
    path = _journal_path(asked, source)
    found = rehearse(
        _batches(asked, source.rows(asked.columns, asked.format)), asked.settings.url_of(asked.workspace.name)
    )
    _show(found, noted(path) if path else None)
    sys.exit(SOME_REJECTED if found.rejected else 0)


def _push(asked: _Asked, source: Source) -> None:
    path = _journal_path(asked, source)
    with ExitStack() as stack:
        journal = stack.enter_context(_locked(path, anew=asked.again)) if path else None
        tally = Tally()
        for span in journal.spans if journal else ():
            tally.add(span)
        if journal is not None and journal.finished:
            click.echo(f"All {tally.rows:,} rows were pushed already; --again pushes them once more.")
            _end_with(tally, journal.rejects_path)
        rows = source.rows(asked.columns, asked.format)
        rejects = _rejects(asked, journal)
        if tally.rows:
            click.echo(f"Going on: {tally.rows:,} rows were dealt with before.", err=True)
        elif journal is None:
            click.echo("A stream is read once: should this push be stopped, it cannot be resumed.", err=True)
        _run(asked, source, rows, _Files(journal, rejects), tally)
        _end_with(tally, rejects.path)


@dataclass(frozen=True, slots=True)
class _Files:
    journal: Journal | None
    rejects: Rejects


def _run(asked: _Asked, source: Source, rows: Rows, files: _Files, tally: Tally) -> None:
    """Adds to the tally what it does; ends the command itself where somebody stopped it."""
    threads = asked.settings.deliveries
    if not asked.only_known:
        threads = min(threads, _MOST_BATCHES_AT_ONCE)
    done = merged(files.journal.spans if files.journal else ())
    pace = Pace(SystemClock(), source.size, done[rows.end].end if rows.end in done else 0)
    writer = LinkWriter(asked.workspace, SystemClock(), connections=threads, timeout=_SECONDS_FOR_A_BATCH)
    try:
        with _shown(pace, source.size) as (progress, write), _stopped_by_sigterm():
            pushing = Push(
                writer, deliver_one_by_one if asked.only_known else deliver_together, files.rejects, progress,
                journal=files.journal, tally=tally, threads=threads,
            )  # fmt: skip
            # What was loaded so far stays to the end: looking through it for garbage, again and again while
            # rows come and go, cost a tenth of the time.
            gc.freeze()
            pushing.run(_batches(asked, rows, done), Patience(pushing.stop, Sparing(pace, write).say))
    except (KeyboardInterrupt, Interrupted):
        _say_how_to_go_on(tally, files)
        sys.exit(INTERRUPTED)
    except (CannotGoOn, OSError):
        _say_how_to_go_on(tally, files)
        raise
    finally:
        writer.close()
    if source.has_changed():
        raise CannotGoOn(
            "the file was changed while it was read, so rows may have been missed; push it again"
        )


def _batches(asked: _Asked, rows: Rows, done: Mapping[int, Span] | None = None) -> Batches:
    workspace = asked.workspace
    minted = Links([workspace])

    def name(row: Row) -> tuple[Profile, str] | str:
        profile = profile_of(row)
        if isinstance(profile, str):
            return profile
        if refused := refusal(profile, workspace):
            return refused.reason
        return profile, minted.mint(workspace.name, profile)

    most = _ONE_BY_ONE if asked.only_known else MOST_ROWS
    return Batches(rows, name, attribute=workspace.link_attribute, done=done, most_rows=most)


def _journal_path(asked: _Asked, source: Source) -> Path | None:
    if source.path is None:
        return None
    further = (repr(sorted(asked.columns.headings.items())), str(asked.format), str(asked.only_known))
    name = identity(source.stream, asked.workspace, Links([asked.workspace]), *further)
    return _folder(asked) / f"{name}.journal"


def _locked(path: Path, *, anew: bool) -> Journal:
    try:
        return Journal(path, anew=anew)
    except InUse:
        raise CannotGoOn("another process is pushing this file at this moment") from None


def _rejects(asked: _Asked, journal: Journal | None) -> Rejects:
    """Where the journal says they went; otherwise where somebody asked, never over a file that is there."""
    held = journal.rejects_path if journal else None
    path = asked.rejects.absolute() if asked.rejects else None
    if journal is not None and not journal.is_new and held is not None:
        if path not in {None, held}:
            raise CannotGoOn(f"this push was begun with --rejects {held}; give the same, or --again")
        return Rejects(held, journal.spans[-1].rejects if journal.spans else 0)
    if path is not None and path != held and path.exists():
        raise CannotGoOn(f"{path} is there already; give --rejects another name")
    if journal is not None:
        path = path or journal.path.with_suffix(".rejects.csv")
        journal.note_rejects(path)
    elif path is None:
        _folder(asked).mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _folder(asked) / f"{SystemClock().now():%Y%m%dT%H%M%S%f}.rejects.csv"
    return Rejects(path)


def _folder(asked: _Asked) -> Path:
    return asked.settings.data_dir.absolute() / "push"


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """What a service manager sends ends a push as Ctrl-C does: what is under way is finished and noted first."""

    def asked(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _shown(pace: Pace, size: int | None) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """A bar where somebody watches, otherwise a line a minute; and a way to say something beside it."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:

        def write(text: str) -> None:
            click.echo(text, err=True)

        yield Minutes(pace, write), write
        return
    with Bar(BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), console=console) as bar:
        yield _Watched(bar, pace, size), lambda text: bar.console.print(escape(text), soft_wrap=True)


class _Watched:
    """The bar: how much of the file is done, rows, rows a second, and the time left."""

    def __init__(self, bar: Bar, pace: Pace, size: int | None) -> None:
        self._bar = bar
        self._pace = pace
        self._task = bar.add_task("", total=size, completed=pace.position)

    def advance(self, rows: int, position: int) -> None:
        self._pace.advance(rows, position)
        self._bar.update(self._task, completed=position, description=said(self._pace))


def _show(found: Rehearsal, earlier: Noted | None) -> None:
    click.echo(f"{found.rows:,} rows: {found.rows - found.rejected:,} to push in {found.batches:,} batches, "
               f"{found.rejected:,} would be rejected.")  # fmt: skip
    for kind, count in found.kinds.most_common():
        click.echo(f"  {count:,} by {kind}")
    for reason, count in found.reasons.most_common():
        click.echo(f"  {count:,} rejected: {reason}")
    if earlier is not None and earlier.spans:
        click.echo(
            f"{sum(span.rows for span in earlier.spans):,} of them were dealt with before and are skipped."
        )
    if found.examples:
        table = Table("line", "profile", "link", title="Examples")
        for line, masked, link in found.examples:
            table.add_row(str(line), escape(masked), escape(link))
        Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)
    click.echo("Nothing was written, and nobody was called.")


def _say_how_to_go_on(tally: Tally, files: _Files) -> None:
    click.echo(f"Stopped after {_in_words(tally)}.", err=True)
    if files.journal is not None:
        click.echo("Give the same command again to go on from here.", err=True)
    else:
        click.echo("A stream cannot be resumed: pushed again, it begins anew, with the same links.", err=True)


def _end_with(tally: Tally, rejects: Path | None) -> NoReturn:
    click.echo(f"{_in_words(tally)}.")
    if tally.rejected:
        click.echo(f"The rejected rows, each with its reason: {rejects}")
    sys.exit(SOME_REJECTED if tally.rejected else 0)


def _in_words(tally: Tally) -> str:
    return f"{tally.rows:,} rows: {tally.accepted:,} accepted, {tally.rejected:,} rejected"


def _end(reason: str) -> NoReturn:
    click.echo(f"resign cannot go on: {reason}", err=True)
    sys.exit(CANNOT_GO_ON)
