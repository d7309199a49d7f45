"""What a template may use, page by page: the same dataclasses that the pages are filled from."""

import dataclasses
from typing import Any

from flask import Blueprint, render_template

from resign.console.access import may
from resign.console.spoken import mark
from resign.themes.allowed import TAGS
from resign.themes.confined import FILTERS, GLOBALS, TESTS
from resign.themes.contexts import CONTEXTS, PAGE_NAMES
from resign.themes.values import Given

_TAGS = "block call extends filter for from if import include macro raw set trans with".split()
blueprint = Blueprint("reference", "resign.console")


@blueprint.get("/console/reference")
@may("marketer")
def reference() -> str:
    return render_template(
        "themes/reference.html", everywhere=_fields(Given), contexts=_contexts(), lists=_lists()
    )


def _lists() -> dict[str, list[str]]:
    return {
        mark("Tags of a template"): list(_TAGS),
        mark("Functions"): sorted(GLOBALS),
        mark("Filters"): sorted(FILTERS),
        mark("Tests"): sorted(TESTS, key=lambda name: (not name.isalpha(), name)),
        mark("Elements of a page"): sorted(TAGS),
    }


def _contexts() -> list[dict[str, Any]]:
    return [
        {
            "name": context.__name__,
            "about": (context.__doc__ or "").strip(),
            "pages": [name for name in PAGE_NAMES if CONTEXTS[name] is context],
            "fields": _fields(context),
        }
        for context in dict.fromkeys(CONTEXTS.values())
    ]


def _fields(kind: type) -> list[tuple[str, str]]:
    return [(field.name, field.metadata["help"]) for field in dataclasses.fields(kind)]
