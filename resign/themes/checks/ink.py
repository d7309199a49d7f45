"""What is written on a button is there as ink: the picture of the page is another where nothing is written on it."""

import io
from typing import Any

from PIL import Image, ImageChops

from resign.themes.checks.swept import BARE

_MOST_HIGH = 900
# Of the box around the words, how much must change, and by how much of 255. Thin letters fill a twentieth of theirs.
_LEAST_PART, _LEAST_CHANGE = 0.02, 70


def inked(tab: Any, size: tuple[int, int]) -> list[tuple[str, str, str]]:  # noqa: ANN401 - playwright is not always there
    """Of the buttons that are within the first screen of a desk; whatever lies over them is in the picture, too."""
    width, height = size[0], _MOST_HIGH
    tab.evaluate(
        "([width, height]) => Object.assign(document.querySelector('iframe').style,"
        " {width: `${width}px`, height: `${height}px`})",
        [width, height],
    )
    pictures = []
    boxes: list[Any] = []
    for bare in (False, True):
        found = tab.evaluate(BARE, bare)
        if not found:
            return []
        boxes = boxes or found
        made = tab.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}, caret="initial")
        pictures.append(Image.open(io.BytesIO(made)).convert("RGB"))
    tab.evaluate(BARE, False)
    changed = ImageChops.difference(*pictures).convert("L")
    return [
        (f"{width} pixels", f"what the button “{said}” says cannot be read", said)
        for said, left, top, right, bottom in boxes
        if top >= 0 and bottom <= height and left >= 0 and right <= width
        and _ink(changed.crop((int(left), int(top), int(right) + 1, int(bottom) + 1))) < _LEAST_PART
    ]  # fmt: skip


def _ink(changed: Image.Image) -> float:
    counted = changed.histogram()
    return sum(counted[_LEAST_CHANGE:]) / max(sum(counted), 1)
