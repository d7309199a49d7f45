"""Pictures that templates and a style hold in themselves: small enough to be drawn at once, and they stand still."""

import base64
import io
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image

# A picture travels inside the page: made of pixels, never fetched.
PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
_FORMATS = ("PNG", "JPEG", "WEBP")
# More than any screen shows, and 16 MB in the browser of a cheap phone.
_MOST_PIXELS = 4_000_000
_MOST_KEPT = 64


def unfit(body: str) -> Iterator[tuple[str, str, str]]:
    """Of each picture that a page may not show: its address, what is wrong with it, and what to do."""
    for address in dict.fromkeys(PICTURE.findall(body)):
        if wrong := wrong_with(address):
            yield address, *wrong


@lru_cache(maxsize=_MOST_KEPT)
def wrong_with(address: str) -> tuple[str, str] | None:
    """What is wrong with the picture of a `data:` address, and what to do; None for one that is well."""
    try:
        data = base64.b64decode(address.partition(",")[2], validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                pixels, moves = picture.width * picture.height, getattr(picture, "is_animated", False)
    except Image.DecompressionBombError:
        pixels, moves = _MOST_PIXELS + 1, False
    except Exception:  # noqa: BLE001 - Pillow's readers raise a dozen kinds of errors for what is broken
        return "a picture is no PNG, JPEG or WebP, or a broken one", "Save it as PNG, JPEG or WebP."
    if pixels > _MOST_PIXELS:
        return "a picture has too many pixels", "Make it smaller: 2000 by 2000 are the most."
    if moves:
        # WCAG 2.2, 2.2.2: what moves by itself beside something to read must have a way to stop it.
        return "a picture moves", "Use one that stands still: nobody could stop it."
    return None
