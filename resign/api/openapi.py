"""The OpenAPI 3.1 description: made from the table of routes and the models that check what is sent."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from resign.api.problems import KINDS, TYPE, Problem
from resign.api.route import Route
from resign.api_keys.scopes import MEANINGS

_PLACE = "#/components/schemas/{model}"
# What any request may meet.
_ALWAYS = ("internal", "unavailable")
_WITH_A_KEY = ("unauthorized", "forbidden", "too-many-failures")


def describe(routes: Iterable[Route]) -> dict[str, Any]:
    routes = tuple(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "resign",
            "version": version("resign"),
            "description": "Opt-outs and consents of one workspace, for other systems. The key says which workspace.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "rsk_<12 hexadecimal digits>_<64 hexadecimal digits>",
                    "description": "Scopes: "
                    + "; ".join(f"`{name}` {says}" for name, says in MEANINGS.items())
                    + ".",
                }
            },
        },
    }


def problems_of(route: Route) -> tuple[str, ...]:
    repeated = ("bad-idempotency-key", "idempotency-key-reused") if route.repeatable else ()
    return (*route.problems, *repeated, *(_WITH_A_KEY if route.scope else ()), *_ALWAYS)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.endpoint,
        "summary": route.summary,
        "description": route.description + (f" Scope: `{route.scope}`." if route.scope else ""),
        "responses": _responses(route),
        # The scopes of a bearer key stand here since OpenAPI 3.1.
        "security": [{"key": [route.scope]}] if route.scope else [],
    }
    if parameters := [*_names(route), *_query(route), *_headers(route)]:
        operation["parameters"] = parameters
    if route.body is not None:
        kind = "application/x-ndjson" if route.by_lines else "application/json"
        shape = {"type": "string"} if route.by_lines else _ref(route.body)
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": shape}}}
    return operation


def _responses(route: Route) -> dict[str, Any]:
    kind = "application/x-ndjson" if route.by_lines else "application/json"
    responses: dict[str, Any] = {}
    for status, model in route.answers.items():
        shape = {"type": "string"} if route.by_lines else _ref(model)
        responses[str(status)] = {
            "description": (model.__doc__ or "").partition("\n")[0],
            "content": {kind: {"schema": shape}},
        }
        if route.by_lines:
            responses[str(status)]["description"] += f" One a line, each as `{model.__name__}`."
    for name in problems_of(route):
        code = str(KINDS[name].status)
        found = responses.setdefault(code, {"description": "", "content": {TYPE: {"schema": _ref(Problem)}}})
        found["description"] = " ".join(
            filter(None, (found["description"], f"`{name}`: {KINDS[name].title}."))
        )
        if code == "503":
            found["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}
    return responses


def _names(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "description": says, "schema": {"type": "string"}}
        for name, says in (route.names or {}).items()
    ]


def _query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(ref_template=_PLACE)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": shape.pop("description", ""),
            "schema": shape,
        }
        for name, shape in schema["properties"].items()
    ]


def _headers(route: Route) -> list[dict[str, Any]]:
    if not route.repeatable:
        return []
    says = "Sent again with the same body within 24 hours, the same is answered and nothing is written again."
    shape = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "description": says, "schema": shape}]


def _schemas(routes: tuple[Route, ...]) -> dict[str, Any]:
    asked = {route.body for route in routes if route.body is not None}
    answered = {model for route in routes for model in route.answers.values()} | {Problem}
    modes: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in asked]
    modes += [(model, "serialization") for model in answered]
    modes.sort(key=lambda each: each[0].__name__)
    schemas: dict[str, Any] = models_json_schema(modes, ref_template=_PLACE)[1]["$defs"]
    return schemas


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _PLACE.format(model=model.__name__)}
