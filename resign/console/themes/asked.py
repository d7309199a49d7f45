"""What somebody asked to see beside what they type, and for which workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.console.themes.names import SCHEMES, WIDTHS
from resign.console.themes.part import Part
from resign.console.themes.previews import Wanted, wanted
from resign.themes.brand import Brand

TOO_LONG = mark("This is too long: 500 characters at most.")


@dataclass(frozen=True, slots=True)
class Seen:
    """The preview's pickers."""

    wanted: Wanted
    width: str
    scheme: str

    def query(self) -> dict[str, Any]:
        return {
            "page": self.wanted.page,
            "language": self.wanted.language,
            "sample": self.wanted.sample,
            "width": self.width,
            "scheme": self.scheme,
        }


def seen(part: Part | None, workspace: str) -> Seen:
    """From the form where one was sent, else from the query."""
    given: Mapping[str, str] = request.form if request.method == "POST" else request.args
    page = part.pages[0] if part and part.pages else "optout"
    language = getattr(part, "language", "") or desk().languages[workspace]
    width, scheme = given.get("width", ""), given.get("scheme", "")
    return Seen(
        wanted(given, desk().catalogues.languages, page, language),
        width if width in WIDTHS else "390",
        scheme if scheme in SCHEMES else "device",
    )


def brand_of(workspace: str) -> Brand:
    """Problem for a workspace that there is not."""
    brand = desk().brands.get(workspace)
    if brand is None:
        raise Problem(404, mark("There is no workspace of that name."))
    return brand


def note() -> str:
    """What the history is to say; TOO_LONG is said where it is longer than MOST_NOTE."""
    return request.form.get("note", "").strip()


def files() -> dict[str, bytes]:
    """What was uploaded, by field; nothing for a field that was left empty, and an empty file where one was chosen."""
    return {
        name: content for name, file in request.files.items() if (content := file.read()) or file.filename
    }
