"""One box: whoever and whatever is looked for, the newest decisions first, and in words what the search could not do."""

import re

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, mine
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.search import places
from resign.console.search.searched import note_search
from resign.console.search.sentences import sentence
from resign.reports.latest import latest_campaign
from resign.reports.zones import zones_of
from resign.search.find import search as find
from resign.search.rows import ERASED

blueprint = Blueprint("searching", "resign.console")
_SIMPLE = re.compile(r"[\w.+ -]{1,64}")


@blueprint.post("/console/search")
@may("support")
def ask() -> Answer:
    """What the box sends: it leads to an address that gives nobody away."""
    check_mark()
    return redirect(places.address(places.asked(request.form.get("q", ""))), 303)


@blueprint.get("/console/search")
@may("support")
def search() -> Answer | str:
    asked = places.asked_in_the_address()
    if "q" in request.args and "s" in asked.place:
        # Typed into the address line by hand: at least it does not stay there.
        return redirect(places.address(asked), 303)
    after = request.args.get("after")
    with desk().database.reading() as session:
        campaign = None if asked.query_text else latest_campaign(session, mine("support"))
        found = find(
            session, asked.query, mine("support"), _digest_key, after, zones=zones_of(desk().workspaces)
        )
    note_search(asked, len(found.rows), goes_on=after is not None)
    return render_template(
        "search/search.html", asked=asked, found=found, sentence=sentence, erased=ERASED,
        older=places.address(asked, after=found.next_token) if found.next_token else None,
        first=places.address(asked) if after is not None else None,
        several=len(mine("support")) > 1, campaign=_typed(campaign),
    )  # fmt: skip


def _typed(campaign: str | None) -> str:
    """As an example to be clicked. One that may name somebody, or that cannot be quoted, is none."""
    if campaign is None or not _SIMPLE.fullmatch(campaign):
        return "campaign:spring"
    return f'campaign:"{campaign}"' if " " in campaign else f"campaign:{campaign}"


def _digest_key(workspace: str) -> bytes:
    return desk().workspaces[workspace].digest_key.encode()
