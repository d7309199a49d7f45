"""The console's parts, in the order of its menu: where each begins, and whose it is."""

from dataclasses import dataclass

from flask import current_app, request

from resign.console.access import who
from resign.console.spoken import mark
from resign.staff.roles import Role


@dataclass(frozen=True, slots=True)
class Section:
    """`endpoint` is the view that it opens with; its blueprints have names that begin with `within`."""

    endpoint: str
    name: str
    roles: tuple[Role, ...]
    within: tuple[str, ...]

    @property
    def is_here(self) -> bool:
        return (request.blueprint or "") in self.within


SECTIONS = (
    Section(
        "searching.search",
        mark("Search"),
        ("support",),
        ("searching", "person", "shown", "acting", "proving"),
    ),
    Section(
        "deliveries.deliveries",
        mark("Deliveries"),
        ("operator",),
        ("deliveries", "letters", "endpoint", "feeding"),
    ),
    Section("reports.reports", mark("Reports"), ("marketer", "operator", "support"), ("reports", "bursts")),
    Section("exports.exports", mark("Exports"), ("support", "marketer"), ("exports", "exporting")),
    Section(
        "listing.themes",
        mark("Themes"),
        ("marketer",),
        ("listing", "editing", "picking", "showing", "releasing", "reference"),
    ),
    Section("api_keys.api_keys", mark("API keys"), ("operator",), ("api_keys",)),
    Section("imports.imports", mark("Imports"), ("operator",), ("imports", "importing", "mapping")),
    Section("settings.settings", mark("Settings"), ("operator",), ("settings",)),
    Section("people.staff", mark("Staff"), ("admin",), ("people", "changing", "audit")),
)


def mine_to_see() -> list[Section]:
    """Those that whoever is signed in may open."""
    return [
        section
        for section in SECTIONS
        if section.endpoint in current_app.view_functions and who().may_somewhere(section.roles)
    ]
