"""What pages are filled with is documented, field by field, and the document follows the code."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from resign.themes.contexts import CONTEXTS, PAGE_NAMES
from resign.themes.reference import reference, with_reference
from resign.themes.values import Given, given
from tests.themes.conftest import BRANDS

DOCUMENT = Path(__file__).parents[2] / "docs" / "pages.md"


def test_every_page_has_its_context_and_every_field_its_help():
    assert tuple(CONTEXTS) == PAGE_NAMES
    for context in CONTEXTS.values():
        assert context.__doc__
        for field in dataclasses.fields(context):
            assert field.metadata["help"]
            assert field.type in (str, "str", Mapping[str, str], "Mapping[str, str]")
            assert field.default is dataclasses.MISSING


def test_what_every_template_has_is_documented_and_is_really_given(world, world_pages):
    """Compared with what a template is handed, not with what the dataclass says of itself."""
    documented = set(re.findall(r"^\| `(\w+)` \|", reference().partition("### Asking")[0], re.MULTILINE))
    for name in PAGE_NAMES:
        for brands in ([BRANDS["fern"]], list(BRANDS.values())):
            handed = given(name, "en", brands, world, world_pages.word)
            own = {field.name for field in dataclasses.fields(CONTEXTS[name])}
            assert set(handed) - own - {"page"} == documented, name
    assert all(field.metadata["help"] for field in dataclasses.fields(Given))


def test_what_an_agreement_has_is_what_its_line_in_the_document_says(world, world_pages):
    handed = given("preferences", "en", [BRANDS["fern"]], world, world_pages.word)
    [said] = [field.metadata["help"] for field in dataclasses.fields(Given) if field.name == "agreements"]
    assert set(re.findall(r"`(\w+)`", said)) == set(handed["agreements"][0])


def test_the_document_holds_the_reference_as_it_is_now():
    document = DOCUMENT.read_text(encoding="utf-8")
    assert reference() in document
    assert with_reference(document) == document


def test_the_document_tells_of_every_page():
    document = DOCUMENT.read_text(encoding="utf-8")
    for name in PAGE_NAMES:
        assert f"| `{name}` |" in document or name.endswith("-undo"), name


def test_a_document_without_a_place_for_it_is_refused():
    with pytest.raises(ValueError, match="no place"):
        with_reference("# Pages\n")
