"""The documentation of the sandbox names every fault, every setting and every address there is."""

import dataclasses
from pathlib import Path

import pytest

from resign.sandbox import SandboxSettings
from resign.sandbox.fault_form import ALLOWED
from resign.sandbox.reserved import RESERVED_ATTRIBUTES

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


@pytest.mark.parametrize("name", ALLOWED)
def test_every_part_of_a_fault_is_documented(name):
    assert f"\n| `{name}` |" in PAGE


@pytest.mark.parametrize("field", dataclasses.fields(SandboxSettings), ids=lambda field: field.name)
def test_every_setting_is_documented_with_its_default(field):
    [line] = [
        line for line in PAGE.splitlines() if line.startswith(f"| `{field.name}` | ") and line not in faults()
    ]
    if isinstance(field.default, str | float | bool):
        assert str(field.default).removesuffix(".0") in line


def test_every_address_of_the_sandbox_is_documented(api):
    for rule in api.app.url_map.iter_rules():
        [method] = rule.methods - {"HEAD", "OPTIONS"}
        path = str(rule).replace("int:", "").replace("number", "id").replace("client_id", "clientId")
        assert f"`{method} {path}`" in PAGE


def test_every_call_of_the_api_is_documented(api):
    for label in api.app.wsgi_app.routes.labels():
        path = label.replace(api.settings.incoming_path, "/automation/incoming/<id>")
        spelled = path.replace("by-phone", "by-email").replace("by-uuid", "by-email")
        if "by-custom" in path and label.startswith("GET"):
            spelled = "GET /v4/clients/by-email/{value}"
        assert f"`{spelled}`" in PAGE, label


def test_the_number_of_reserved_names_is_as_documented():
    assert f"and {len(RESERVED_ATTRIBUTES) - 1} other reserved names" in PAGE


def faults():
    start, end = PAGE.index("## Faults"), PAGE.index("## The API")
    return PAGE[start:end].splitlines()
