"""Sample persons: what pages are filled with when nobody has come yet, in checks and previews."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime

from resign.i18n import Catalogues
from resign.themes.beside import said, stood
from resign.themes.brand import NEWSLETTER, Brand
from resign.themes.contexts import CONTEXTS, Context, PageName

SAMPLES = ("ordinary", "long-name", "no-name", "right-to-left")

_LONG = "department.of-an-international-holding." * 2
# By sample: the masked profile, what was confirmed, and what was typed.
_PERSONS: Mapping[str, tuple[str, str, str]] = {
    "ordinary": ("a•••@example.com", "Marketing emails", "anna@example"),
    "long-name": (
        f"w•••@a-very-long-{_LONG}example.com",
        "Przypomnienia o czasopismach naukowo-technicznych i o konferencjach międzynarodowych",
        f"wilhelmina@a-very-long-{_LONG}example",
    ),
    # Of a profile that is known by a number only, little is left to show.
    "no-name": ("•••", "•", ""),
    "right-to-left": ("ن•••@مثال.إختبار", "رسائل تسويقية", "نورة@مثال"),
}
_AT = datetime(2026, 11, 22, 15, 48, tzinfo=UTC)
_UNTIL = datetime(2027, 2, 1, tzinfo=UTC)
_NOW = ("on", "off", "")


def sample(
    page_name: PageName, language: str, sample_name: str, catalogues: Catalogues, brand: Brand
) -> Context:
    """KeyError for a name that is not in SAMPLES."""
    masked, agreement, typed = _PERSONS[sample_name]
    agreements = [NEWSLETTER, *(each.name for each in brand.agreements)]
    states = {name: _NOW[at % len(_NOW)] for at, name in enumerate(agreements)}
    until = catalogues.day(_UNTIL, language)
    asked = said(stood(asked=True), language, catalogues)
    now = dict.fromkeys(
        agreements, asked if page_name == "preferences-asked" else catalogues.gettext(language, "On")
    )
    if page_name in {"preferences", "preferences-trouble"}:
        # The longest that is said of one of which nothing is marked.
        now = {
            name: said("" if state else stood(until=_UNTIL), language, catalogues)
            for name, state in states.items()
        }
    values: dict[str, object] = {
        "masked": masked,
        "agreement": catalogues.gettext(language, agreement),
        "typed": typed * (1 if sample_name == "ordinary" else 20),
        "email": typed,
        "recorded_at": catalogues.moment(_AT, language),
        "confirmed_at": catalogues.moment(_AT, language),
        "until": until,
        "reference": "7K3M-9QXA",
        "link": "/u/AbC-123",
        "query": "&c=spring",
        "action": "/u/AbC-123?c=spring",
        "undo": "/u/AbC-123/undo?c=spring",
        "pause": "/u/AbC-123/pause?c=spring",
        "reason": "/u/AbC-123/reason?c=spring",
        "record": "/u/AbC-123/record",
        "centre": "/p/AbC-123",
        "elsewhere": "https://optout.brand-b.example/u/AbC-123",
        "was": states,
        "to": states,
        "now": now,
    }
    context = CONTEXTS[page_name]
    return context(**{field.name: values[field.name] for field in dataclasses.fields(context)})
