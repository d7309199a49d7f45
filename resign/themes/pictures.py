"""Pictures that templates and a style hold in themselves: small enough to be drawn at once, and they stand still."""

import base64
import io
import re
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image

# A picture travels inside the page: made of pixels, never fetched.
PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
_SHOWN = re.compile(rf'src="({PICTURE.pattern})"')
_FORMATS = ("PNG", "JPEG", "WEBP")
# How such files begin, and what makes them move. Pillow takes some for still ones that a browser plays.
_MOVES = ((b"\x89PNG", b"acTL"), (b"RIFF", b"ANIM"), (b"RIFF", b"ANMF"))
# More than any screen shows, and 16 MB in the browser of a cheap phone; all that a page shows together.
_MOST_PIXELS = 4_000_000
_MOST_KEPT = 128

Wrong = tuple[str, str]
_MANY: Wrong = ("a page's pictures have too many pixels", "Make them smaller: 2000 by 2000 are the most.")
_BROKEN: Wrong = ("a picture is no PNG, JPEG or WebP, or a broken one", "Save it as PNG, JPEG or WebP.")
# WCAG 2.2, 2.2.2: what moves by itself beside something to read must have a way to stop it.
_MOVING: Wrong = ("a picture moves", "Use one that stands still: nobody could stop it.")


def unfit(body: str, style: str) -> Iterator[tuple[str, str, str]]:
    """Of each picture that a page may not show: its address, what is wrong with it, and what to do.

    Those of its style count with them; what is wrong with one of the style by itself, its style's check says.
    """
    shown = _SHOWN.findall(body)
    pixels = 0
    for address in dict.fromkeys([*shown, *PICTURE.findall(style)]):
        own, wrong = _looked_at(address)
        pixels += own
        if wrong is None and pixels > _MOST_PIXELS:
            yield address, *_MANY
        elif wrong and address in shown:
            yield address, *wrong


def wrong_with(address: str) -> Wrong | None:
    """What is wrong with the picture of a `data:` address by itself, and what to do; None for one that is well."""
    return _looked_at(address)[1]


@lru_cache(maxsize=_MOST_KEPT)
def _looked_at(address: str) -> tuple[int, Wrong | None]:
    try:
        data = base64.b64decode(address.partition(",")[2], validate=True)
        if any(data.startswith(head) and sign in data for head, sign in _MOVES):
            return 0, _MOVING
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            pixels = picture.width * picture.height
            if pixels > _MOST_PIXELS:
                return pixels, _MANY
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _MOST_PIXELS + 1, _MANY
    except Exception:  # noqa: BLE001 - Pillow's readers raise a dozen kinds of errors for what is broken
        return 0, _BROKEN
    return pixels, None
