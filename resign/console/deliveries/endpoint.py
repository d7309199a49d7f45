"""What else can be done with a webhook: post a test to it, and send it once more what it has taken."""

import time
from datetime import timedelta

from flask import Blueprint, request
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.deliveries.board import page
from resign.console.deliveries.worded import is_named, is_read_back
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.outbox.replay import Replayed, Wanted, replay_some
from resign.staff.audit import note

blueprint = Blueprint("endpoint", "resign.console")

SPANS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "three-days": timedelta(days=3),
    "week": timedelta(weeks=1),
}
# Then whoever waits is told how far it got, and may press once more.
_MOST_SECONDS = 20.0


@blueprint.post("/console/deliveries/<workspace>/<destination>/test")
@may("operator")
def test(workspace: str, destination: str) -> Answer:
    """Nothing of a person is in it, so it may be pressed as often as somebody likes."""
    check_mark()
    _a_webhook(workspace, destination)
    taken, words = desk().test(workspace, destination)
    with desk().database.writing() as session:
        now = desk().clock.now()
        note(
            session,
            who(),
            "tested-destination",
            now,
            workspace=workspace,
            destination=destination,
            taken=taken,
        )
        session.commit()
    return Answer(page(tested=(workspace, destination, taken, words)), mimetype="text/html")


@blueprint.post("/console/deliveries/<workspace>/<destination>/replay")
@may("operator")
def replay(workspace: str, destination: str) -> Answer:
    """In parts, each with its own transaction and its own deed: opt-outs are recorded between them."""
    check_mark()
    _a_webhook(workspace, destination)
    span = request.form.get("since", "")
    if span not in SPANS:
        raise Problem(400, mark("This filter is not understood. Nothing was changed. Choose it again."))
    since = desk().clock.now() - SPANS[span]
    wanted = Wanted(workspace=workspace, destination=destination, since=since)
    sent, after, ends = 0, 0, time.monotonic() + _MOST_SECONDS
    while time.monotonic() < ends:
        part = _some(wanted, span, after)
        sent += part.sent
        if part.last is None:
            return _done(workspace, destination, sent, left=False)
        after = part.last
    return _done(workspace, destination, sent, left=True)


def _done(workspace: str, destination: str, sent: int, *, left: bool) -> Answer:
    return Answer(page(replayed=(workspace, destination, sent, left)), mimetype="text/html")


def _some(wanted: Wanted, span: str, after: int) -> Replayed:
    now = desk().clock.now()
    with desk().database.writing() as session:
        part = replay_some(session, now, wanted, after=after)
        if part.sent:
            note(
                session, who(), "replayed", now, workspace=wanted.workspace, destination=wanted.destination,
                since=span, messages=part.sent,
            )  # fmt: skip
        session.commit()
    return part


def _a_webhook(workspace: str, destination: str) -> None:
    if not is_named(workspace, destination) or is_read_back(destination):
        raise Problem(404, mark("There is no page here."))
