"""From a figure to the search that lists its decisions, for those who may search."""

from collections.abc import Callable
from datetime import timedelta

from flask import current_app, url_for

from resign.console.access import mine
from resign.reports.span import Span

_FILTERS = {"method", "campaign", "language", "agreement"}


def search_for(workspace: str, by: str, span: Span | None) -> Callable[[str], str]:
    """An address by name; empty where nobody may search, or no filter finds it. Search knows days in UTC only."""
    is_there = "searching.search" in current_app.view_functions and workspace in mine("support")

    def address(name: str) -> str:
        if not is_there or span is None or by not in _FILTERS or not name or '"' in name:
            return ""
        days = f"after:{span.first} before:{span.last + timedelta(days=1)}"
        return url_for("searching.search", q=f'{by}:"{name}" choice:out workspace:{workspace} {days}')

    return address
