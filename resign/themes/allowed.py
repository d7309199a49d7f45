"""What a page may consist of: a list of elements and attributes, and everything else is taken out.

Scripts, styles, frames, pictures from elsewhere and forms to elsewhere are not on the list, so that no template,
text or name can bring one in, however it was written.
"""

import re
from collections.abc import Callable

import nh3

from resign.themes.pictures import PICTURE
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
# The markers that are paths of ours. Any other may hold what a stranger typed, and leads nowhere.
_PATHS = "link|action|undo|record|reason|pause|centre|elsewhere"
_QUERY = f"{MARKER_OPENS}query{MARKER_CLOSES}"
# A link of somebody's, written out, would show everybody that person's page.
_HERE = re.compile(
    rf"{MARKER_OPENS}(?:{_PATHS}){MARKER_CLOSES}(?:[?&#][^{MARKER_OPENS}{MARKER_CLOSES}/\\]*)?(?:{_QUERY})?"
    rf"|(?:/u/)?\?l=[A-Za-z0-9-]+|/u/|#[^{MARKER_OPENS}{MARKER_CLOSES}]*"
)
# A value that a style or a reading machine goes by must be the same for everybody: only these may depend on the person.
_FILLED = {"href", "action", "value", "datetime", "alt", CHECKED}
_POSTED_TO = re.compile(rf"{MARKER_OPENS}(?:action|undo|reason|pause){MARKER_CLOSES}|/u/")
# The marker becomes the attribute itself, so it must be one that can only become ` checked` or nothing.
_CHOICE = re.compile(rf"{MARKER_OPENS}to\.[a-z0-9-]+=(?:on|off){MARKER_CLOSES}")
_ELSEWHERE = ("https://", "mailto:", "tel:")


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
    if (tag, attribute) == ("input", "type"):
        return value if value in _INPUT_TYPES else "hidden"
    if MARKER_OPENS in value and attribute not in _FILLED:
        return None
    fits = _FITS.get(attribute)
    return value if fits is None or fits(value) else None


def _leads_somewhere(value: str) -> bool:
    # An address elsewhere with a marker in it would tell a stranger who the person is, or hand over their link.
    if value.startswith(_ELSEWHERE):
        return MARKER_OPENS not in value
    return _HERE.fullmatch(value) is not None


_FITS: dict[str, Callable[[str], object]] = {
    "href": _leads_somewhere,
    "action": _POSTED_TO.fullmatch,
    "src": PICTURE.fullmatch,
    "method": "post".__eq__,
    CHECKED: _CHOICE.fullmatch,
}
