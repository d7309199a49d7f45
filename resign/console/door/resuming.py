"""A form that waited for the sign-in: it is shown once more, and sent when its owner presses the button."""

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as Answer

from resign.console.access import signed_in
from resign.console.door import carried
from resign.console.door.steps import MOST_BYTES, arrived, wanted
from resign.console.guard import check_mark
from resign.console.problems import FromAnotherSession

blueprint = Blueprint("resuming", "resign.console")


@blueprint.post("/console/sign-in/again")
@signed_in
def again() -> Answer:
    """From the recovery codes, which nobody may miss, on to what waits."""
    request.max_form_memory_size = MOST_BYTES
    check_mark()
    return arrived(wanted(), carried.brought_along())


def from_another_session(_error: FromAnotherSession) -> Answer:
    """They signed in again in another tab; this form is theirs, and still carries the mark of the session before."""
    return Response(render_template("door/again.html", carried=carried.sent_now()), 409)
