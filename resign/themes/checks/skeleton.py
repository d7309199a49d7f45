"""Which pages a style cannot tell apart: those of the same elements, classes and states. Their words aside, one stands for all."""

import re

# What a page is written as is ours: every value stands in double quotes.
_TAG = re.compile(r'<[a-z/][^>"]*(?:"[^"]*"[^>"]*)*>')
# What these say is no matter of a style: selectors choose by none of them.
_SAID = re.compile(
    r' (lang|href|hreflang|value|alt|title|name|for|action|datetime|src|aria-label|aria-labelledby|aria-describedby|content)="[^"]*"'
)
# A line of the list of languages: a link on every page but that language's own. Nothing around it depends on it.
_LANGUAGE = re.compile(
    r'<li>(?:<a(?= [^>]*hreflang)(?: (?:href|lang|hreflang|dir="[a-z]*"))+></a>'
    r'|<span(?: (?:lang|dir="[a-z]*"|aria-current="true"))+></span>)</li>'
)


def skeleton(text: str) -> str:
    """Elements in their order with all that a style may go by. Nothing of what is read."""
    head, _, body = text.partition("</head>")
    direction = re.search(r'<html[^>]* dir="([a-z]*)"', head)
    tags = "".join(_TAG.findall(body))
    return (direction[1] if direction else "") + _LANGUAGE.sub("<language>", _SAID.sub(r" \1", tags))
