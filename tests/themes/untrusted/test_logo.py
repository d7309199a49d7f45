"""A logo is drawn anew: what is no picture is refused, and what hides in one is gone."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from resign.themes import logo as module
from resign.themes.logo import BadLogo, logo, media_type


def picture(
    kind: str = "PNG", size: tuple[int, int] = (900, 300), mode: str = "RGB", **options: object
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "teal").save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_made_small(kind: str):
    made = logo(picture(kind))
    assert opened(made).size == (480, 160)
    assert len(made) <= 24 * 1024
    assert media_type(made) in {"image/png", "image/webp"}


def test_a_small_picture_stays_as_large_as_it_is():
    assert opened(logo(picture(size=(100, 40)))).size == (100, 40)


def test_what_is_clear_stays_clear():
    made = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(made, "PNG")
    assert opened(logo(made.getvalue())).convert("RGBA").getpixel((5, 5))[3] == 0


def test_what_hides_in_a_picture_is_gone():
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "<script>alert(1)</script>")
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(2)</script>"
    for data in (
        picture(pnginfo=text) + b"<script>alert(3)</script>PK\x03\x04",
        picture("JPEG", exif=exif) + b"<script>alert(3)</script>",
        picture("WEBP", exif=exif),
        picture("JPEG", comment=b"<script>alert(4)</script>"),
        picture(exif=exif),
        picture("PNG", icc_profile=b"<script>alert(5)</script>" * 10),
    ):
        assert b"script" in data or b"iCCP" in data
        made = logo(data)
        assert b"script" not in made
        assert b"iCCP" not in made
        assert not opened(made).getexif()


def test_of_what_moves_the_first_picture_stays():
    made = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(
        made, "WEBP", save_all=True, append_images=[Image.new("RGB", (60, 60), "blue")], lossless=True
    )
    still = opened(logo(made.getvalue()))
    assert getattr(still, "n_frames", 1) == 1
    assert still.convert("RGB").getpixel((30, 30)) == (255, 0, 0)


def test_a_photograph_is_made_light_and_noise_is_refused():
    noise = Image.effect_noise((480, 160), 90).convert("RGB")
    made = io.BytesIO()
    noise.save(made, "PNG")
    with contextlib.suppress(BadLogo):
        assert len(logo(made.getvalue())) <= 24 * 1024


def test_a_bomb_is_refused_before_it_unfolds():
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk + picture()[33:]
    with pytest.raises(BadLogo):
        logo(bomb)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "not a picture made of pixels",
        ),
        (b"  <?xml version='1.0'?><svg/>", "not a picture made of pixels"),
        (b"GIF89a" + bytes(100), "no PNG, JPEG or WebP"),
        (b"", "no PNG, JPEG or WebP"),
        (b"%PDF-1.7", "no PNG, JPEG or WebP"),
        (bytes(50 << 20), "too large"),
        (picture()[:200], "no PNG, JPEG or WebP"),
        (picture("GIF"), "no PNG, JPEG or WebP"),
        (picture("BMP"), "no PNG, JPEG or WebP"),
        (picture(size=(6000, 6000)), "too many pixels"),
    ],
)
def test_what_is_no_such_picture_is_refused_with_a_remedy(data: bytes, what: str):
    with pytest.raises(BadLogo, match=what) as bad:
        logo(data)
    assert bad.value.remedy


@given(st.integers(0, 400), st.binary(max_size=60))
def test_a_broken_picture_is_a_logo_or_a_bad_one(at: int, noise: bytes):
    data = picture(size=(40, 20))
    with contextlib.suppress(BadLogo):
        logo(data[:at] + noise + data[at + len(noise) :])


def test_a_picture_is_drawn_once_however_often_its_theme_is_read(monkeypatch):
    """A preview and the checks read a theme several times each."""
    drawn = []
    whole = module._opened
    monkeypatch.setattr(module, "_opened", lambda data: drawn.append(data) or whole(data))
    data = picture(size=(301, 99))
    assert logo(data) == logo(bytes(bytearray(data)))
    assert len(drawn) == 1
    for number in range(40):
        logo(picture(size=(20 + number, 20)))
    assert len(module._made) <= 16
    assert sum(map(len, module._made.values())) < 16 * 24 * 1024


def test_a_picture_of_more_pixels_than_a_logo_needs_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(Image.Image, "convert", None)
    with pytest.raises(BadLogo, match="too many pixels"):
        logo(picture(size=(4000, 2200), mode="L"))
