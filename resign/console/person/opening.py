"""One person's page: who they are, masked until somebody opens the address; how they stand; what happened."""

import re
from datetime import timedelta

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from resign.console.access import may
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.noting import noted, noted_once
from resign.console.person.standing import line
from resign.console.person.telling import told
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.search.rows import Clear, reveal
from resign.timeline.now import stands_now
from resign.timeline.story import Timeline, timeline

blueprint = Blueprint("person", "resign.console")
# Whoever goes back and forth between a person's pages has opened the person once.
ONCE_IN = timedelta(minutes=5)
_DIGEST = re.compile(r"[0-9a-f]{32}")


@blueprint.get("/console/people/<workspace>/<digest>")
@may("support")
def person(workspace: str, digest: str) -> str:
    with desk().database.reading() as session:
        story = story_of(session, workspace, digest, request.args.get("after"))
    noted_once("opened-person", ONCE_IN, workspace=workspace, subject=digest)
    return _page(workspace, digest, story)


@blueprint.post("/console/people/<workspace>/<digest>")
@may("support")
def show_address(workspace: str, digest: str) -> str:
    """It is answered with the page itself: what is in clear is so on this one page, and behind no address."""
    check_mark()
    with desk().database.reading() as session:
        story = story_of(session, workspace, digest)
        clear = reveal(session, workspace, digest, [workspace])
    noted("opened-address", workspace=workspace, subject=digest)
    return _page(workspace, digest, story, clear or Clear("", ""))


def story_of(session: Session, workspace: str, digest: str, after: str | None = None) -> Timeline:
    """Raises Problem where nothing is known of anybody with this digest."""
    if not _DIGEST.fullmatch(digest):
        raise Problem(404, mark("There is no page here."))
    now = desk().clock.now()
    story = timeline(session, workspace, digest, now, after)
    if not story.entries and not timeline(session, workspace, digest, now, limit=1).entries:
        raise Problem(404, mark("Nobody here is known by this."))
    return story


def _page(workspace: str, digest: str, story: Timeline, clear: Clear | None = None) -> str:
    with desk().database.reading() as session:
        stands = stands_now(session, workspace, story.identities, desk().clock.now())
    return render_template(
        "person/person.html", workspace=workspace, digest=digest, story=story, clear=clear,
        standing=[line(each, workspace) for each in stands],
        entries=[told(entry, workspace) for entry in story.entries],
        whose={each.digest: each for each in story.identities}, is_first="after" not in request.args,
    )  # fmt: skip
