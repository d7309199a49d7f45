"""The addresses of the acts: opened they ask, posted to they do it."""

from flask import Blueprint

from resign.console.acting import checking, linking, newcomer, opting_in, opting_out, telling

blueprint = Blueprint("acting", "resign.console")
_PERSON = "/console/people/<workspace>/<digest>"

for path, name, act in (
    ("/console/people/<workspace>/new", "newcomer", newcomer),
    (f"{_PERSON}/opt-out", "opt_out", opting_out),
    (f"{_PERSON}/undo", "undo", opting_in),
    (f"{_PERSON}/tell-again", "tell_again", telling),
    (f"{_PERSON}/check-now", "check_now", checking),
    (f"{_PERSON}/send-link", "send_link", linking),
):
    blueprint.add_url_rule(path, name, act.asks, methods=["GET"])
    blueprint.add_url_rule(path, f"{name}_done", act.does, methods=["POST"])
