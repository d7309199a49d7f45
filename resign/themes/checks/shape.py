"""One heading, one main part, and the language that the page is in."""

from collections.abc import Iterator

from resign.themes.checks.shown import Shown
from resign.themes.fault import Fault
from resign.themes.tree import Element


def faults(shown: Shown) -> Iterator[Fault]:
    headings = [*shown.tree.all("h1")]
    if len(headings) != 1 or not headings[0].text:
        yield shown.fault(
            f"the page has {len(headings)} headings <h1>"
            if len(headings) != 1
            else "its heading <h1> is empty",
            "Keep one <h1> that says what the page is: its text is the title, too.",
            "<h1",
        )
    mains = [*shown.tree.all("main")]
    if len(mains) != 1 or not set(map(id, headings)) <= {id(each) for each in shown.main.all("h1")}:
        yield shown.fault(
            "the heading is not in the page's one <main>",
            "Keep one <main> around all that the page says.",
            "<main",
        )
    page = next(shown.tree.all("html"), Element("html", {})).attributes
    if page.get("lang") != shown.page.language or page.get("dir") not in {"ltr", "rtl"}:
        yield shown.fault(
            "the page does not declare its language", "Leave what is around the body as shipped."
        )
