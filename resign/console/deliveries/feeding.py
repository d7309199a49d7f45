"""What can be done with a feed by hand: send it now, pause it, resume it."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.deliveries.board import MOST_WHY, page
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.feeds.switching import resume_feed, send_now, stop_feed
from resign.settings.destinations import FileTo
from resign.staff.audit import note

blueprint = Blueprint("feeding", "resign.console")


@blueprint.post("/console/deliveries/<workspace>/feeds/<feed>/send")
@may("operator")
def send(workspace: str, feed: str) -> Answer:
    """A worker does it: also a long file keeps nobody waiting here."""
    check_mark()
    _a_feed(workspace, feed)
    now = desk().clock.now()
    with desk().database.writing() as session:
        done = send_now(session, workspace, feed, now)
        if done:
            note(session, who(), "sent-feed", now, workspace=workspace, destination=feed)
        session.commit()
    return Answer(page(sending=(workspace, feed, done)), mimetype="text/html")


@blueprint.post("/console/deliveries/<workspace>/feeds/<feed>/pause")
@may("operator")
def pause(workspace: str, feed: str) -> Answer:
    """Of two who press, the first one's name and reason stay."""
    check_mark()
    _a_feed(workspace, feed)
    why = " ".join(request.form.get("why", "").replace("\x00", "").split())[:MOST_WHY]
    now = desk().clock.now()
    with desk().database.writing() as session:
        if stop_feed(session, workspace, feed, who().name, why, now):
            note(session, who(), "paused-feed", now, workspace=workspace, destination=feed, why=why)
        session.commit()
    return redirect(url_for("deliveries.deliveries"), 303)


@blueprint.post("/console/deliveries/<workspace>/feeds/<feed>/resume")
@may("operator")
def resume(workspace: str, feed: str) -> Answer:
    """Pressed twice, or by two people, the second changes nothing and notes nothing."""
    check_mark()
    _a_feed(workspace, feed)
    with desk().database.writing() as session:
        if resume_feed(session, workspace, feed):
            now = desk().clock.now()
            note(session, who(), "resumed-feed", now, workspace=workspace, destination=feed)
        session.commit()
    return redirect(url_for("deliveries.deliveries"), 303)


def _a_feed(workspace: str, feed: str) -> None:
    if not isinstance(desk().workspaces[workspace].destinations.get(feed), FileTo):
        raise Problem(404, mark("There is no page here."))
