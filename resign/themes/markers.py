"""The places in a page where a person's values go: whole, known to the page, and none besides."""

import dataclasses
import re
from collections.abc import Iterator, Sequence

from resign.themes.brand import NEWSLETTER, Brand
from resign.themes.contexts import CONTEXTS, PageName
from resign.themes.page import DIGEST
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS

_WHOLE = re.compile(f"{MARKER_OPENS}([^{MARKER_OPENS}{MARKER_CLOSES}]*){MARKER_CLOSES}")
_HALF = re.compile(f"[{MARKER_OPENS}{MARKER_CLOSES}]")
_CHOICES = {"to": ("=on", "=off")}


def strange(body: str, name: PageName, brand: Brand) -> Iterator[tuple[str, str, list[str]]]:
    """What is wrong with the markers of a body, what to do, and the values that it can be."""
    known = _known(name, brand)
    plain_names = sorted({each.partition(".")[0] for each in known})
    for marker in sorted(set(_WHOLE.findall(body)) - known):
        plain = marker.lower().partition(".")[0]
        if plain in plain_names and marker != plain:
            remedy = "It is filled in when a person comes, so no filter can change it: write it alone."
        elif plain in plain_names:
            remedy = f"Use it as docs/pages.md says: `agreement.{'on' if plain == 'to' else plain}`."
        else:
            remedy = f"This page has: {', '.join(f'`{each}`' for each in sorted(known) if '.' not in each)}."
        yield (
            f"`{marker[:80]}` cannot be filled in here",
            remedy,
            [plain] if plain in plain_names else plain_names,
        )
    if _HALF.search(_WHOLE.sub("", body)):
        yield (
            "a value that is filled in later was cut to pieces",
            "Use no filter, `[...]` or loop on it: write it alone.",
            plain_names,
        )


def _known(name: PageName, brand: Brand) -> frozenset[str]:
    agreements: Sequence[str] = (
        [NEWSLETTER, *(each.name for each in brand.agreements)] if brand.agreements else []
    )
    found = {DIGEST}
    for field in dataclasses.fields(CONTEXTS[name]):
        if field.type in {str, "str"}:
            found.add(field.name)
        else:
            found |= {
                f"{field.name}.{agreement}{choice}"
                for agreement in agreements
                for choice in _CHOICES.get(field.name, ("",))
            }
    return frozenset(found)
