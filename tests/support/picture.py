"""Small pictures, as templates and styles hold them."""

import base64
import io
from typing import Any

from PIL import Image


def drawn(kind: str = "png", *, frames: int = 1, side: int = 8, **options: Any) -> bytes:
    pictures = [Image.new("RGB", (side, side), (20 * number, 0, 0)) for number in range(frames)]
    made = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(made, format=kind.upper(), **more, **options)
    return made.getvalue()


def address(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
