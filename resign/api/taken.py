"""Reads what a request brings: a bounded body or a query, checked whole against its model."""

import json
from typing import TypeVar

from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from resign.api.desk import desk, holder
from resign.api.model import Asked
from resign.api.problems import Fault, Refused, faults_of

MOST_BYTES = 16 * 1024
# A thousand profiles, each with the longest identifier there is.
MOST_BYTES_OF_MANY = 512 * 1024
JSON = "application/json"

Model = TypeVar("Model", bound=Asked)


def body(model: type[Model], most: int = MOST_BYTES) -> Model:
    """Raises Refused."""
    return read(model, raw_body(most))


def raw_body(most: int = MOST_BYTES) -> bytes:
    """Raises Refused. A body without a declared length is read to its end, or to where it is too much."""
    if request.mimetype != JSON:
        raise Refused("unsupported-media-type")
    declared = request.content_length
    if declared is not None and declared > most:
        raise Refused("too-large")
    with desk().readers.turn(holder().id):
        try:
            raw: bytes = request.environ["wsgi.input"].read(most + 1 if declared is None else declared)
        except RequestEntityTooLarge:
            raise Refused("too-large") from None
        except (HTTPException, OSError, ValueError):
            raise Refused("malformed") from None
    if len(raw) > most:
        raise Refused("too-large")
    if declared is not None and len(raw) < declared:
        raise Refused("malformed")
    return raw


def read(model: type[Model], raw: bytes) -> Model:
    """Raises Refused. Each name once: of two addresses one would be taken, and nobody could say which one was meant."""
    try:
        found = model.model_validate_json(raw)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors(include_input=False)):
            raise Refused("malformed") from None
        raise Refused("invalid", faults_of(error)) from None
    try:
        json.loads(raw, object_pairs_hook=_each_once)
    except ValueError:
        raise Refused("invalid", [Fault(pointer="", detail="A name is given twice")]) from None
    return found


def _each_once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError


def query(model: type[Model]) -> Model:
    """Raises Refused. Each parameter once: of two, nobody could say which one was meant."""
    if any(len(values) > 1 for values in request.args.listvalues()):
        raise Refused("bad-query", [Fault(pointer="", detail="A parameter is given twice")])
    try:
        return model.model_validate_strings(dict(request.args))
    except ValidationError as error:
        raise Refused("bad-query", faults_of(error)) from None
