"""A logo as somebody uploads it, made into a small, clean picture."""

import base64
import hashlib
import io

from PIL import Image, ImageOps

MOST_WIDTH, MOST_HEIGHT = 480, 160
MOST_BYTES = 24 * 1024
_MOST_UPLOADED = 8 * 1024 * 1024
# Unfolded that is 32 MB.
_MOST_PIXELS = 8_000_000
# What was drawn last, by the digest of what came: a theme is read several times for each look at it.
_MOST_KEPT = 16
_made: dict[bytes, bytes] = {}
_FORMATS = ("PNG", "JPEG", "WEBP")
_SAVE_IT_AS = "Save it as PNG, JPEG or WebP."


class BadLogo(Exception):
    """What is wrong with a picture, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def logo(data: bytes) -> bytes:
    """PNG or WebP, without metadata, within 480x160 pixels and 24 kB; BadLogo for all that is no such picture.

    It is drawn anew, so that nothing but the pixels of the first frame is left of what came.
    """
    if len(data) > _MOST_UPLOADED:
        raise BadLogo("this file is too large", "A logo is at most 8 MB before it is made small.")
    if data.lstrip()[:1] == b"<":
        raise BadLogo("this is not a picture made of pixels", f"An SVG can hold a program. {_SAVE_IT_AS}")
    digest = hashlib.sha256(data).digest()
    small = _made.get(digest)
    if small is None:
        small = _drawn(data)
        if len(_made) >= _MOST_KEPT:
            _made.clear()
        _made[digest] = small
    return small


def _drawn(data: bytes) -> bytes:
    picture = _opened(data)
    picture.thumbnail((MOST_WIDTH, MOST_HEIGHT), Image.Resampling.LANCZOS)
    # A flat logo is smallest as PNG, a photograph as WebP of a quality that nobody tells apart.
    made = (
        _saved(picture, format="PNG", optimize=True),
        *(_saved(picture, format="WEBP", quality=quality, method=6) for quality in (90, 75, 50)),
    )
    small = next((each for each in made if len(each) <= MOST_BYTES), None)
    if small is None:
        raise BadLogo(
            "this picture does not become small enough", "Use a simpler one: few colours, no photograph."
        )
    return small


def media_type(picture: bytes) -> str:
    """Of a picture that `logo` made."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/webp"


def address(picture: bytes | None) -> str:
    """What a page shows the picture by; nothing for none."""
    return f"data:{media_type(picture)};base64,{base64.b64encode(picture).decode()}" if picture else ""


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as checked:
            _measure(checked)
            checked.verify()
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            turned = ImageOps.exif_transpose(opened)
            plain = turned.convert("RGBA" if _is_transparent(turned) else "RGB")
    except BadLogo:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many() from error  # Pillow has a limit of its own, and keeps it before we can measure
    except Exception as error:
        # Pillow's decoders raise a dozen kinds of errors, OSError and SyntaxError among them, for what is broken.
        raise BadLogo("this is no PNG, JPEG or WebP picture, or a broken one", _SAVE_IT_AS) from error
    # What a picture carries besides its pixels is copied along by every step above.
    plain.info.clear()
    return plain


def _measure(picture: Image.Image) -> None:
    """Before a single pixel is unfolded."""
    if picture.width * picture.height > _MOST_PIXELS:
        raise _too_many()


def _too_many() -> BadLogo:
    return BadLogo("this picture has too many pixels", "Make it smaller: 480 by 160 is shown.")


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _saved(picture: Image.Image, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, **options)  # type: ignore[arg-type]
    return made.getvalue()
