"""What the pages and the controls share: the world behind the app, and the reading of a small JSON body."""

from typing import cast

from flask import Response, current_app, jsonify, render_template, request

from resign.sandbox.world import World

Reply = tuple[Response, int]


def here() -> World:
    """The world of the app that serves the current request."""
    return cast("World", current_app.extensions["sandbox"])


def json_object(allowed: tuple[str, ...] = ()) -> dict[str, object]:
    """The body of the current request; ValueError where it is no object or has keys beyond the allowed."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004 - answered as 400
    if allowed and (unknown := sorted(set(body) - set(allowed))):
        raise ValueError(f"unknown keys {unknown}; allowed are {list(allowed)}")
    return body


def text(asked: dict[str, object], name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a text")
    return value


def whole(name: str, default: int) -> int:
    """A whole number from the query; anything unreadable is the default."""
    value = request.args.get(name, default, type=int)
    return value if value >= 0 else default


def show(template: str, facts: dict[str, object]) -> Response:
    """JSON by `?format=json` or by Accept, else the page."""
    if request.args.get("format") == "json" or wants_json():
        return jsonify(facts)
    return Response(render_template(template, **facts), mimetype="text/html")


def wants_json() -> bool:
    """By the Accept header; a program that accepts anything gets the page, because a person's browser does too."""
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds, "text/html") == "application/json"
