"""`resign outbox test` and `resign outbox replay`: is a webhook reached, and has it all that it took once more."""

import sys
from datetime import UTC, datetime, timedelta

import click

from resign.cli.outbox import destinations_named, outbox, whoever
from resign.clock import SystemClock
from resign.db import Database
from resign.ids import new_id, reference_range
from resign.outbox.contract import Accepted
from resign.outbox.replay import Wanted, replay_some
from resign.outbox.tables import leads_to_synerise
from resign.settings import Settings, load_from_environment
from resign.staff.audit import note
from resign.telemetry import logs


@outbox.command("test")
@click.argument("workspace")
@click.argument("destination")
def test_endpoint(workspace: str, destination: str) -> None:
    """Posts a signed test about nobody to the webhook DESTINATION, and says what was answered."""
    from resign.destinations import webhook_of  # noqa: PLC0415 - only now: a list needs nothing of what delivers
    from resign.webhooks.destination import said  # noqa: PLC0415 - the same

    settings = load_from_environment()
    _webhook_named(settings, workspace, destination)
    endpoint = webhook_of(settings.workspaces[workspace], destination, SystemClock())
    assert endpoint is not None  # noqa: S101 - its name was looked up a line above
    database = Database(settings.database_url, connections=1)
    logs.set_up()
    outcome = endpoint.test(new_id())
    endpoint.close()
    now, taken = SystemClock().now(), isinstance(outcome, Accepted)
    with database.writing() as session:
        note(
            session, whoever(), "tested-destination", now, workspace=workspace, destination=destination, taken=taken
        )  # fmt: skip
        session.commit()
    database.close()
    click.echo(f"{destination}: {said(outcome)}.", err=not taken)
    sys.exit(0 if taken else 1)


@outbox.command("replay")
@click.argument("workspace")
@click.argument("destination")
@click.option(
    "--since", help="All decided since then: 2026-05-04, 2026-05-04T10:00 (UTC), 90m, 12h or 3d ago."
)
@click.option("--decision", "named", help="The one of this reference.")
def replay(workspace: str, destination: str, since: str | None, named: str | None) -> None:
    """Sends to the webhook DESTINATION once more what it took, or refused: what nothing newer has overtaken."""
    if (since is None) == (named is None):
        raise click.UsageError("Give --since or --decision.")
    settings = load_from_environment()
    _webhook_named(settings, workspace, destination)
    now = SystemClock().now()
    ids = reference_range(named) if named is not None else None
    if named is not None and ids is None:
        raise click.UsageError("That is no reference of a decision, such as 06A0-7Q2S-91XN.")
    begin = _moment(since, now) if since is not None else None
    wanted = Wanted(workspace=workspace, destination=destination, since=begin, ids=ids)
    database = Database(settings.database_url, connections=1)
    logs.set_up()
    count, after = 0, 0
    while True:
        with database.writing() as session:
            part = replay_some(session, SystemClock().now(), wanted, after=after)
            if part.sent:
                note(
                    session, whoever(), "replayed", now, workspace=workspace, destination=destination,
                    messages=part.sent, since=begin.isoformat() if begin else None,
                )  # fmt: skip
            session.commit()
        count += part.sent
        if part.last is None:
            break
        after = part.last
    database.close()
    click.echo(f"{count} will be sent to {destination} once more.")


def _webhook_named(settings: Settings, workspace: str, destination: str) -> None:
    destinations_named(settings, workspace, destination)
    if leads_to_synerise(destination):
        raise click.UsageError(
            "That is for webhooks; a person's page in the console has Synerise told again."
        )


def _moment(text: str, now: datetime) -> datetime:
    units = {"m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], text[-1:]
    try:
        if unit in units and number.isascii() and number.isdigit():
            return now - timedelta(**{units[unit]: int(number)})
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise click.UsageError("Write --since as 2026-05-04, 2026-05-04T10:00, 90m, 12h or 3d.") from None
