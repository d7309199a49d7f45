"""Reads an error body down to what may be kept: the fault's code and field, never a value and never a sentence."""

import json
import re
from collections.abc import Iterator

# Fields of ours that an error can name. Any other text might be an identifier, and is left out.
_FIELDS = frozenset(
    """email customId clientId uuid phone identifier item body agreements attributes action label client id time
    eventSalt params source method campaign agreement choice decision decidedAt apiKey""".split()
)
_CODE = re.compile(r"[A-Z]{0,12}[A-Z_-]{0,24}[0-9]{0,6}")
_NAMED_AT_MOST = 3


def fault_named_in(body: bytes) -> str:
    """` (code 1001, field email)`, or nothing where the body does not say so in one of the known shapes.

    Known are `{"errors": [{code, field}]}` (php-sdk f8b9074 `lib/V4/Models/HTTP400.php`), the errors without
    their envelope, and `{"errorCode"}` of the log-in service. `rejectedValue` and `message` may quote an address.
    """
    found = list(dict.fromkeys(filter(None, map(_named, _entries(parsed(body))))))[:_NAMED_AT_MOST]
    return f" ({'; '.join(found)})" if found else ""


def parsed(body: bytes) -> object:
    """The JSON in a body; None where it is none, whatever else it is: a page, a bomb of brackets, half a text."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _entries(content: object) -> Iterator[dict[str, object]]:
    if isinstance(content, dict):
        yield content
        content = content.get("errors")
    if isinstance(content, list):
        yield from (entry for entry in content[:_NAMED_AT_MOST] if isinstance(entry, dict))


def _named(entry: dict[str, object]) -> str:
    parts = []
    code = entry.get("code", entry.get("errorCode"))
    if isinstance(code, int | str) and not isinstance(code, bool) and _is_code(str(code)):
        parts.append(f"code {code}")
    field = entry.get("field")
    if isinstance(field, str) and (known := _known(field)):
        parts.append(f"field {known}")
    return ", ".join(parts)


def _is_code(text: str) -> bool:
    return bool(text) and _CODE.fullmatch(text) is not None


def _known(field: str) -> str:
    """The leading parts of `attributes.somebody's` that are names of the API's own."""
    kept: list[str] = []
    for part in field[:200].split("."):
        if part not in _FIELDS:
            break
        kept.append(part)
    return ".".join(kept)
