"""What keeps a theme from being published, in words that a marketer can follow."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong.

    `where` is a file of the theme (`templates/optout.html`, `texts/pl.toml`, `theme.toml`, `style.css`, `logo.png`)
    or a page's name; `line` is in that file. `page` and `language`: where it shows, or where it shows first; `more`:
    in how many places besides. Two faults are the same where `same` is, or else `what`.
    """

    where: str
    what: str
    remedy: str
    line: int | None = None
    page: str | None = None
    language: str | None = None
    same: str = ""
    more: int = 0


class BadTheme(Exception):
    """A theme that cannot be read; every fault at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.where}: {fault.what}" for fault in self.faults))
