"""The page behind the link in the mail of a pretend sign-up.

How Synerise's own link and page look is not documented; here a GET shows a button and only a POST confirms, so that
whatever opens links in mails confirms nothing.
"""

from flask import Blueprint, Response, make_response
from werkzeug.exceptions import NotFound

from resign.sandbox.present import here
from resign.sandbox.sign_up import PATH

_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Confirm</title>'
    '<form method="post"><button>Yes, send me the newsletter</button></form></html>'
)

confirming = Blueprint("sign_up", "resign.sandbox", url_prefix=PATH)


@confirming.get("/<token>")
def show(token: str) -> Response:
    _asked(token)
    return make_response(_PAGE)


@confirming.post("/<token>")
def confirm(token: str) -> Response:
    client_id = _asked(token)
    here().confirm_sign_up(client_id)
    return make_response("Thank you.")


def _asked(token: str) -> int:
    world = here()
    with world.lock:
        world.settle()
        client_id = world.sign_ups.of(token)
    if client_id is None:
        raise NotFound("Nobody was sent this link.")
    return client_id
