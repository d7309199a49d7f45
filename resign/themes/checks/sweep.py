"""Every page at many sizes: what decides is there on every phone, tablet, desk and magnified page, in every language."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from resign.themes.checks.ink import inked
from resign.themes.checks.swept import HOLDER, MIDDLE, PRESSED, SWEEP
from resign.themes.contexts import PageName
from resign.themes.page import Page

# From a page magnified five times to a desk. Magnified further, nothing fits anyhow.
_LEAST, _MOST = 240, 1920
_STEP, _COARSE = 8, 64
_BEYOND = (2200, 2560, 3200, 3840)
_HEIGHTS = (640, 844, 500, 1080, 720, 400, 932, 1366, 600, 1024, 360)
# What a page of another language is looked at in, when it differs in its words alone from one that is swept.
_FEW = ((320, 640), (390, 844), (1280, 720))
_MOST_TOUCHED = 24
# Only who chooses by them has to be asked what happens then: it takes longer than all the rest.
_TOUCHES = re.compile(r":\s*hover|:\s*focus(?!-visible)|\\", re.IGNORECASE)
_STATES = re.compile(r":\s*(?:focus|checked)|\\", re.IGNORECASE)

_Seen = tuple[str, str, str]


def swept(
    window: Any,  # noqa: ANN401 - playwright is not always there
    pages: Sequence[Page],
    asked: Callable[[Page], dict[str, Any]],
    alike: Callable[[Page], tuple[PageName, str]],
    decisive: Collection[PageName],
    style: str,
    own: Collection[int],
) -> Iterator[tuple[Page, str, str]]:
    """Page, what is wrong, and where about. `asked` says what SWEEP is asked with, the page's markup included.

    `own` are widths that the style names. `decisive` pages are gone through closer. Of pages that are `alike` to a style
    the first is swept.
    """
    tab = window.new_page()
    # A frame that nobody could see is laid out at leisure.
    tab.set_viewport_size({"width": _MOST, "height": 1080})
    tab.set_content(HOLDER)
    told: set[tuple[str, str]] = set()
    groups: set[tuple[PageName, str]] = set()
    edges = sorted(own)
    for page in pages:
        closer, group = page.name in decisive, alike(page)
        if group in groups and not closer:
            continue
        look = _Look(tab, {**asked(page), "edges": edges}, style, len(groups), closer)
        made = look.in_few() if group in groups else look.swept()
        groups.add(group)
        for scheme, found in made:
            for size, what, snippet in found:
                if (page.name, what) not in told:
                    told.add((page.name, what))
                    yield page, f"{scheme}, {size}: {what}", snippet
    tab.close()


@dataclass(slots=True)
class _Look:
    """At one page. `number`: each is looked at in other widths, so that all together are in all of them."""

    tab: Any
    wanted: dict[str, Any]
    style: str
    number: int
    closer: bool

    def in_few(self) -> Iterator[tuple[str, list[_Seen]]]:
        self._in_scheme("light")
        yield "light", self._seen(_FEW)

    def swept(self) -> Iterator[tuple[str, list[_Seen]]]:
        step = _STEP if self.closer else _COARSE
        self._in_scheme("light")
        yield "light", self._seen(_sizes(self.number, step, self.wanted["edges"]))
        self.wanted["markup"] = None
        if self.closer:
            yield "light", inked(self.tab, _FEW[1])
        if _STATES.search(self.style):
            yield "light", self._seen(_FEW[1:2], states=True)
        if _TOUCHES.search(self.style):
            yield "light", self._touched()
        self._in_scheme("dark")
        yield "dark", self._seen(_sizes(self.number + 1, 2 * step, self.wanted["edges"]))
        if self.closer:
            yield "dark", inked(self.tab, _FEW[2])

    def _in_scheme(self, scheme: str) -> None:
        self.tab.emulate_media(color_scheme=scheme, reduced_motion="no-preference")

    def _seen(self, sizes: Sequence[tuple[int, int]], **more: object) -> list[_Seen]:
        found: list[_Seen] = self.tab.evaluate(SWEEP, {**self.wanted, "sizes": sizes, **more})
        return found

    def _touched(self) -> list[_Seen]:
        """With a mouse over each button and label, then pressed on it; and whether that has pressed it."""
        found: list[_Seen] = []
        tab = self.tab
        for size in (_FEW[0], _FEW[-1]):
            self._seen([size])
            for at in range(_MOST_TOUCHED):
                middle = tab.evaluate(MIDDLE, at)
                if middle is None:
                    break
                x, y, presses, said = middle
                tab.mouse.move(x, y)
                found += self._seen([size], under="under a mouse: ")
                # The look has scrolled. Back, so that the same lies under the mouse.
                tab.evaluate(MIDDLE, at)
                tab.mouse.move(x + 1, y)
                tab.mouse.down()
                found += self._seen([size], under="under a mouse: ")
                tab.evaluate(MIDDLE, at)
                tab.mouse.up()
                if presses and not tab.evaluate(PRESSED):
                    sized = f"{size[0]} pixels"
                    found.append(
                        (sized, f"under a mouse: the button “{said}” is covered or cannot be pressed", said)
                    )
                tab.mouse.move(0, 0)
        return found


def _sizes(number: int, step: int, own: Collection[int]) -> list[tuple[int, int]]:
    begin = _LEAST + number * 3 % _STEP
    widths = sorted(
        {*range(begin, _MOST + 1, step), *_BEYOND, *(each for edge in own for each in (edge - 1, edge))}
    )
    return [(width, _HEIGHTS[at % len(_HEIGHTS)]) for at, width in enumerate(widths)]
