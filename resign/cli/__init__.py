"""The `resign` command: each subcommand in a file of its own, which is loaded when the command is called."""

import sys
from importlib import import_module

import click

from resign.cli.lazy import LazyGroup, Row

# Each module is named by itself, so that the table of who may import whom can be checked against it.
ROWS = {
    "serve": Row(
        lambda: import_module("resign.cli.run").serve,
        "Web, worker and console together: all that one machine needs.",
    ),
    "web": Row(lambda: import_module("resign.cli.run").web, "The web processes alone."),
    "worker": Row(
        lambda: import_module("resign.cli.run").worker,
        "One worker alone; on PostgreSQL there may be any number.",
    ),
    "console": Row(
        lambda: import_module("resign.cli.console").console,
        "The console alone: pages for support, marketers and operators.",
    ),
    "staff": Row(
        lambda: import_module("resign.cli.staff").staff,
        "Who may sign in to the console, and with which roles.",
    ),
    "api-key": Row(
        lambda: import_module("resign.cli.api_keys").api_key,
        "Which other systems may use the API, and what each may do there.",
    ),
    "sandbox": Row(
        lambda: import_module("resign.cli.run").sandbox,
        "The pretend Synerise alone; `SANDBOX_SETTINGS` may hold its settings as JSON.",
    ),
    "demo": Row(
        lambda: import_module("resign.cli.demo").demo,
        "The whole system on this machine, with a pretend Synerise; nothing leaves it, nothing is kept.",
    ),
    "doctor": Row(
        lambda: import_module("resign.cli.doctor").doctor,
        "Checks the settings, the storage, the clock, the key and the hook. "
        "SUBJECT: a link or an .eml file to take apart.",
    ),
    "link": Row(
        lambda: import_module("resign.cli.link").link, "Mints one link; its URL is the last line printed."
    ),
    "outbox": Row(
        lambda: import_module("resign.cli.endpoints").outbox,
        "What is still owed to Synerise and wherever else opt-outs are told, and what was refused.",
    ),
    "import": Row(
        lambda: import_module("resign.cli.imports").imports,
        "Files of what other systems say: checked, taken in, and taken back.",
    ),
    "feed": Row(
        lambda: import_module("resign.cli.feed").feed,
        "The files that other systems get: how they stand, send now, check, pause.",
    ),
    "suppressions": Row(
        lambda: import_module("resign.cli.suppressions").suppressions,
        "Lists of those who are out, for other senders.",
    ),
    "links": Row(lambda: import_module("resign.cli.links").links, "The links of a whole workspace."),
    "keys": Row(
        lambda: import_module("resign.cli.keys").keys,
        "The keys that links are signed with: the newest signs, all of them open.",
    ),
    "find": Row(
        lambda: import_module("resign.cli.find").find,
        "Finds decisions by an address or a part of it, an identifier, a reference, or filters; the newest first.",
    ),
    "proof": Row(
        lambda: import_module("resign.cli.proof").proof,
        "Whether a proof that was saved as a FILE was made here, and is unchanged.",
    ),
    "shown": Row(
        lambda: import_module("resign.cli.shown").shown,
        "Renders the page on which the decision of REFERENCE was made again, byte for byte.",
    ),
    "notices": Row(
        lambda: import_module("resign.cli.notices").notices,
        "Shows what Synerise's outgoing integration told us, and mails sent after a confirmed opt-out.",
    ),
    "reconcile": Row(
        lambda: import_module("resign.cli.reconcile").reconcile,
        "Asks Synerise about everybody who decided here, and tells it again where it holds something else.",
    ),
    "report": Row(
        lambda: import_module("resign.cli.report").report,
        "Opt-outs, undos, times to confirmation and scanner bursts, in figures.",
    ),
    "snippets": Row(
        lambda: import_module("resign.cli.snippets").snippets,
        "Prints what to paste into Synerise. Without NAME it lists the pieces; NAME `all` prints all of them.",
    ),
    "theme": Row(
        lambda: import_module("resign.cli.theme").theme,
        "The pages' look and words: as a folder, as versions, and which one people see.",
    ),
    "db": Row(lambda: import_module("resign.cli.db").db, "The database's schema."),
    "bench": Row(
        lambda: import_module("resign.cli.bench").bench,
        "Measures resign against the barest thing that does the same work. "
        "Exit status 1 where an opt-out was lost.",
    ),
}


@click.group(cls=LazyGroup, rows=ROWS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="resign")
def commands() -> None:
    """The opt-out page for companies that send their mail with Synerise."""


def main() -> None:
    """Bad settings end every command alike: all faults at once, exit status 2."""
    try:
        commands()
    except Exception as error:
        remedy = _remedy(error)
        if remedy is None:
            raise
        click.echo(remedy, err=True)
        sys.exit(2)


def _remedy(error: Exception) -> str | None:
    """What the operator is told; None for a fault that is ours. Imported only now: most commands end well."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from resign.db.migrate import SchemaTrouble  # noqa: PLC0415
    from resign.settings import BadSettings  # noqa: PLC0415

    if isinstance(error, SQLAlchemyError | OSError):
        return (
            f"resign cannot go on: the database or its folder cannot be used ({type(error).__name__}); "
            "check RESIGN_DATABASE_URL and RESIGN_DATA_DIR, and run `resign db upgrade`"
        )
    if isinstance(error, SchemaTrouble):
        return f"resign cannot start: {error}"
    return str(error) if isinstance(error, BadSettings) else None
