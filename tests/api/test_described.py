"""The description is made from what checks: every field says what it is, and the documentation is what it would be now."""

import pytest
from pydantic import BaseModel
from werkzeug.test import Client

from resign.api.openapi import problems_of
from resign.api.problems import KINDS
from resign.api.reference import BEGINS, _models, with_reference
from resign.api.routes import ROUTES
from tests.packaging.dockerfile import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_every_field_says_what_it_is(model: type[BaseModel]):
    assert (model.__doc__ or "").strip()
    silent = [name for name, field in model.model_fields.items() if not field.description]
    described = model.model_json_schema()["properties"]
    assert not [name for name in silent if not described[name].get("description")]


def test_the_documentation_is_what_the_code_says():
    assert with_reference(PAGE) == PAGE, "run `make docs`"


def test_a_page_without_a_place_for_it_is_refused():
    with pytest.raises(ValueError, match="no place"):
        with_reference(PAGE.replace(BEGINS, ""))


def test_every_problem_is_somebodys():
    anybodys = {"not-found", "method-not-allowed"}
    assert {name for route in ROUTES for name in problems_of(route)} | anybodys == set(KINDS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_description_is_served_and_names_every_route(application):
    answer = Client(application).get("/api/v1/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    named = {(method.upper(), path) for path, item in answer.json["paths"].items() for method in item}
    assert named == {(route.method, route.path) for route in ROUTES}
