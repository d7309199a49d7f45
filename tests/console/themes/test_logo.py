"""A picture as somebody uploads it: made small and clean, or refused at its field."""

import base64
import io
import zipfile

import pytest
from PIL import Image

from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def bomb() -> bytes:
    made = io.BytesIO()
    Image.new("1", (6_000, 5_000)).save(made, format="PNG")
    return made.getvalue()


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("x", "x")
    return made.getvalue()


REFUSED = {
    "an SVG": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "not a picture made of pixels",
    ),
    "a text": (b"hello", "no PNG, JPEG or WebP"),
    "an archive": (archive(), "no PNG, JPEG or WebP"),
    "a GIF": (b"GIF89a" + b"\0" * 40, "no PNG, JPEG or WebP"),
    "half a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "no PNG, JPEG or WebP"),
    "a bomb": (bomb(), "too many pixels"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused_at_its_field_with_the_rest_as_typed(mia, case):
    content, why = REFUSED[case]
    answer = mia.sends(mia.opens(), files={"logo-file": ("logo.png", content)}, light__paper="#ffffff")
    assert answer.status_code == 422
    assert 'id="logo-file-fault"' in answer.text
    assert why in answer.text
    assert mia.fields(answer)["light.paper"] == "#ffffff"
    assert mia.draft() is None


def test_a_picture_is_made_small_and_shown(mia, picture):
    answer = mia.sends(mia.opens(), files={"logo-file": ("logo.png", picture)}, logo_alt="Fern")
    assert answer.status_code == 303
    files = mia.draft().source.files
    with Image.open(io.BytesIO(files["logo.png"])) as made:
        assert made.size == (480, 160)
    assert b'logo = "logo.png"' in files["theme.toml"]
    page = mia.opens(answer.headers["Location"])
    assert f"data:image/png;base64,{base64.b64encode(files['logo.png']).decode()}" in page.text


def test_what_is_hidden_behind_a_picture_is_gone(mia, picture):
    mia.sends(mia.opens(), files={"logo-file": ("x.png", picture + b"<script>alert(1)</script>" + archive())})
    assert b"<script>" not in mia.draft().source.files["logo.png"]


def test_a_good_picture_need_not_be_found_again_when_something_else_is_wrong(mia, picture):
    refused = mia.sends(mia.opens(), files={"logo-file": ("x.png", picture)}, light__paper="nonsense")
    assert refused.status_code == 422
    assert mia.sends(refused, light__paper="").status_code == 303
    assert "logo.png" in mia.draft().source.files


def test_a_logo_can_be_taken_away(mia, picture):
    mia.sends(mia.opens(), files={"logo-file": ("x.png", picture)}, light__paper="#ffffff")
    data = {**mia.fields(mia.opens()), "do": "save", "logo-away": "yes"}
    assert mia.client.post(HOME, data=data).status_code == 303
    assert set(mia.draft().source.files) == {"theme.toml"}
    assert b"logo" not in mia.draft().source.files["theme.toml"]
