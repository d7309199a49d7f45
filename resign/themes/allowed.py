"""What a page may consist of: a list of elements and attributes, and everything else is taken out.

Scripts, styles, frames, pictures from elsewhere and forms to elsewhere are not on the list, so that no template,
text or name can bring one in, however it was written.
"""

import re

import nh3

from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS

# Stands for the attribute `checked`, which depends on the person: a marker can only be an attribute's value.
CHECKED = "data-checked"

_TEXT = "h1 h2 h3 p ul ol li dl dt dd br hr strong em b i small sub sup abbr bdi blockquote q cite time"
_PLACE = "header main footer nav section article aside div span details summary address"
_FORM = "form fieldset legend label input textarea button"
_DRAWN = "svg g path circle ellipse rect line polyline polygon"
TAGS = frozenset(f"a img {_TEXT} {_PLACE} {_FORM} {_DRAWN}".split())
_EVERYWHERE = "class id lang dir role aria-label aria-labelledby aria-describedby aria-hidden aria-current aria-invalid aria-live"
_OF_SHAPES = "d cx cy r rx ry x y x1 x2 y1 y2 points width height transform fill-rule clip-rule stroke-width"
ATTRIBUTES = {
    "*": set(_EVERYWHERE.split()),
    "a": {"href", "hreflang", "download"},
    "img": {"src", "alt", "width", "height"},
    "form": {"method", "action", "autocomplete", "novalidate"},
    "input": {"type", "name", "value", "required", "autocomplete", "autocapitalize", "spellcheck", "autofocus", CHECKED},
    "textarea": {"name", "rows", "maxlength", "autocomplete", "spellcheck"},
    "button": {"type", "name", "value"},
    "label": {"for"},
    "details": {"open"},
    "time": {"datetime"},
    "svg": {"viewBox", "width", "height"},
    **{tag: set(_OF_SHAPES.split()) for tag in _DRAWN.split() if tag != "svg"},
}  # fmt: skip
_INPUT_TYPES = {"hidden", "radio", "email", "checkbox"}
# A picture travels inside the page: made by us, never fetched.
_PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
# The markers that are paths of ours. Any other may hold what a stranger typed, and leads nowhere.
_PATHS = "link|action|undo|record|reason|pause|preferences|elsewhere"
_OURS = re.compile(rf"{MARKER_OPENS}(?:{_PATHS}){MARKER_CLOSES}|/u/")
_HERE = re.compile(rf"{_OURS.pattern}|\?l=|#")


def held(body: str) -> str:
    """`body` as HTML of which everything that is not on the list is gone. Markers stay where they were."""
    return nh3.clean(
        body,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        clean_content_tags={"script", "style", "title"},
        attribute_filter=_kept,
        link_rel=None,
        url_schemes={"https", "mailto", "tel", "data"},
        strip_comments=True,
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _HERE.match(value) or value.startswith(("https://", "mailto:", "tel:")) else None
    if attribute == "action":
        return value if _OURS.match(value) else None
    if attribute == "src":
        return value if _PICTURE.fullmatch(value) else None
    if attribute == "method":
        return value if value == "post" else None
    if (tag, attribute) == ("input", "type"):
        return value if value in _INPUT_TYPES else "hidden"
    return value
