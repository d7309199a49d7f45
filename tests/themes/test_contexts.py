"""What pages are filled with is documented, field by field, and the document follows the code."""

import dataclasses
from pathlib import Path

import pytest

from resign.themes.contexts import CONTEXTS, PAGE_NAMES
from resign.themes.reference import reference, with_reference

DOCUMENT = Path(__file__).parents[2] / "docs" / "pages.md"


def test_every_page_has_its_context_and_every_field_its_help():
    assert tuple(CONTEXTS) == PAGE_NAMES
    for context in CONTEXTS.values():
        assert context.__doc__
        for field in dataclasses.fields(context):
            assert field.metadata["help"]
            assert field.type in (str, "str")
            assert field.default is dataclasses.MISSING


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
