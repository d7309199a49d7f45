"""A page is one request, and a light one: it must come through a bad network."""

import dataclasses
import gzip
import re
from collections.abc import Iterator

from resign.themes import css
from resign.themes.checks.shown import Shown
from resign.themes.fault import Fault

MOST_BYTES = 14 * 1024
_PICTURE = re.compile(r'src="data:image/[^"]*"')


def faults(shown: Shown) -> Iterator[Fault]:
    # The logo has a bound of its own; as a picture it does not become smaller here.
    size = len(gzip.compress(_PICTURE.sub('src=""', shown.page.text).encode(), 6))
    if size > MOST_BYTES:
        fault = shown.fault(
            f"the page weighs {size / 1024:.1f} kB compressed",
            "14 kB is the most. Take text, drawings or style out.",
            same="weight",
        )
        is_of_style = shown.theme.style and fault.where == shown.page.name
        yield dataclasses.replace(fault, where=css.FILE) if is_of_style else fault
