"""A page is one request, and a light one: it must come through a bad network, and each process holds all of them."""

import dataclasses
import gzip
from collections.abc import Iterator

from resign.themes import css, logo
from resign.themes.checks.shown import Shown
from resign.themes.fault import Fault

MOST_BYTES = 14 * 1024
_MOST_UNFOLDED = 60 * 1024


def faults(shown: Shown) -> Iterator[Fault]:
    # The logo has a bound of its own; as a picture it does not become smaller here.
    picture = logo.address(shown.theme.logo)
    text = shown.page.text.encode()
    if picture:
        text = text.replace(f'src="{picture}"'.encode(), b'src=""')
    if len(text) > _MOST_UNFOLDED:
        fault = shown.fault(
            f"the page weighs {len(text) / 1024:.1f} kB before it is compressed",
            "60 kB is the most. Take text, drawings, pictures or style out.",
            same="weight",
        )
    elif (size := len(gzip.compress(text, 6))) > MOST_BYTES:
        fault = shown.fault(
            f"the page weighs {size / 1024:.1f} kB compressed",
            "14 kB is the most. Take text, drawings or style out.",
            same="weight",
        )
    else:
        return
    is_of_style = shown.theme.style and fault.where == shown.page.name
    yield dataclasses.replace(fault, where=css.FILE) if is_of_style else fault
