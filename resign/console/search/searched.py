"""What is noted of a search (E5): its filters, and of whom it was about the digest and never the address."""

from typing import Any

from resign.console.access import mine
from resign.console.desk import desk
from resign.console.noting import noted
from resign.console.search.places import Asked

_LOOKS_LIKE_AN_ADDRESS = "@"


def note_search(asked: Asked, found: int, *, goes_on: bool) -> None:
    """`goes_on`: it is not the first page. Nothing was asked: nothing is noted."""
    if not asked.query_text:
        return
    query = asked.query
    seen = mine("support")
    digests = {
        workspace: [each.digest(desk().workspaces[workspace].digest_key.encode()) for each in query.profiles]
        for workspace in seen
    }
    about = [(workspace, each) for workspace, several in digests.items() for each in several]
    alone = about[0] if len(about) == 1 else (None, None)
    noted("searched", workspace=alone[0], subject=alone[1], **_detail(asked, digests, found, goes_on=goes_on))


def _detail(asked: Asked, digests: dict[str, list[str]], found: int, *, goes_on: bool) -> dict[str, Any]:
    query = asked.query
    filters: dict[str, Any] = {
        **{name: [_safe(value) for value in values] for name, values in query.marks.items()},
        "state": query.states,
        "reason": [_safe(value) for value in query.reasons],
        "workspace": [name for name in query.workspaces if name in desk().workspaces],
        "after": query.after and f"{query.after:%Y-%m-%d}",
        "before": query.before and f"{query.before:%Y-%m-%d}",
    }
    detail = {
        "filters": {name: value for name, value in filters.items() if value},
        # Parts of addresses are as personal as addresses: only how many there were.
        "parts": len(query.words),
        "reference": bool(query.reference and query.surely),
        "people": digests if query.profiles else {},
        "later_page": goes_on,
    }
    return {**{name: value for name, value in detail.items() if value}, "rows": found}


def _safe(value: str) -> str:
    return "(address)" if _LOOKS_LIKE_AN_ADDRESS in value else value
