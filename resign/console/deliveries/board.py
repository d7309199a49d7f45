"""What is owed to each destination, whether it moves, and why not; and the switch that pauses a lane by hand."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine, who
from resign.console.deliveries import worded
from resign.console.deliveries.sign import raised_for_me
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.feeds.board import feed_shown
from resign.outbox.figures import known_ways, ways
from resign.outbox.lanes import resume, stop
from resign.outbox.owed import waiting
from resign.settings.destinations import FileTo
from resign.staff.audit import note

blueprint = Blueprint("deliveries", "resign.console")
MOST_WHY = 255


@blueprint.get("/console/deliveries")
@may("operator")
def deliveries() -> str:
    return page()


def page(
    *,
    tested: tuple[str, str, bool, str] | None = None,
    replayed: tuple[str, str, int, bool] | None = None,
    sending: tuple[str, str, bool] | None = None,
) -> str:
    """`tested`: workspace, destination, whether it was taken, what was answered; `replayed`: so many, some are left;
    `sending`: a feed, and whether it is on its way.
    """
    now = desk().clock.now()
    with desk().database.reading() as session:
        known = known_ways(session)
        found = ways(session, _shown(known), now)
        untaken = {each.workspace: each for each in waiting(session)}
        feeds = {
            name: [
                feed_shown(session, name, to)
                for to in desk().workspaces[name].destinations.values()
                if isinstance(to, FileTo)
            ]
            for name in mine("operator")
        }
    return render_template(
        "deliveries/board.html", shelves=[(name, untaken.get(name), [way for way in found if way.workspace == name]) for name in mine("operator")],
        feeds=feeds, alarms=raised_for_me(), worded=worded, now=now, most_why=MOST_WHY, tested=tested, replayed=replayed,
        sending=sending,
    )  # fmt: skip


@blueprint.post("/console/deliveries/<workspace>/<destination>/pause")
@may("operator")
def pause(workspace: str, destination: str) -> Answer:
    check_mark()
    _known(workspace, destination)
    why = " ".join(request.form.get("why", "").replace("\x00", "").split())[:MOST_WHY]
    now = desk().clock.now()
    with desk().database.writing() as session:
        stop(session, workspace, destination, who().name, why, now)
        note(session, who(), "paused-lane", now, workspace=workspace, destination=destination)
        session.commit()
    return redirect(url_for("deliveries.deliveries"), 303)


@blueprint.post("/console/deliveries/<workspace>/<destination>/resume")
@may("operator")
def go_on(workspace: str, destination: str) -> Answer:
    """Pressed twice, or by two people, the second changes nothing and notes nothing."""
    check_mark()
    _known(workspace, destination)
    with desk().database.writing() as session:
        if resume(session, workspace, destination):
            note(
                session,
                who(),
                "resumed-lane",
                desk().clock.now(),
                workspace=workspace,
                destination=destination,
            )
        session.commit()
    return redirect(url_for("deliveries.deliveries"), 303)


def _shown(known: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the settings, and whatever is still owed to one that was taken out of them."""
    whose = mine("operator")
    named = [(workspace, each) for workspace in whose for each in desk().destinations[workspace]]
    left = sorted(way for way in known if way[0] in whose and way not in named)
    return [way for way in named if _is_used(way, known)] + left


def _is_used(way: tuple[str, str], known: set[tuple[str, str]]) -> bool:
    """The workspace's own agreements are told apart: only where there are any, or something is there all the same.

    Sign-ups only where somebody asked for one.
    """
    workspace, destination = way
    wanted = {
        "synerise-attributes": bool(desk().workspaces[workspace].agreements),
        "synerise-sign-up": False,
    }
    return wanted.get(destination, True) or way in known


def _known(workspace: str, destination: str) -> None:
    if destination not in desk().destinations.get(workspace, ()):
        raise Problem(404, mark("There is no page here."))
