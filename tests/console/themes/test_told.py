"""What was done is told, and what cannot be done is told as it is."""

import io
import re

import pytest
from PIL import Image

from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_empty_picture_is_told_from_none(mia):
    answer = mia.sends(mia.opens(), files={"logo-file": ("logo.png", b"")}, light__paper="#ffffff")
    assert answer.status_code == 422
    assert "This file is empty" in answer.text
    assert mia.draft() is None
    assert mia.sends(answer).status_code == 303


def test_a_picture_of_very_many_pixels_is_told_so_and_the_form_names_the_most(mia):
    page = mia.opens()
    assert "8 million pixels at most, such as 4,000 by 2,000" in page.text
    for rows in (2_001, 2_000):
        made = io.BytesIO()
        Image.new("1", (4_000, rows)).save(made, format="PNG")
        answer = mia.sends(page, files={"logo-file": ("logo.png", made.getvalue())})
        assert (answer.status_code, "too many pixels" in answer.text) == (
            (422, True) if rows > 2_000 else (303, False)
        )


def test_places_of_arabic_texts_read_from_left_to_right(mia):
    page = mia.opens(f"{HOME}/texts/ar").text
    originals = re.findall(r'<p class="original"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert any('<bdi dir="ltr">%(masked)s</bdi>' in each for each in originals)
    assert not [each for each in originals if "%(" in each.replace('<bdi dir="ltr">%(', "")]
    assert "&lt;bdi" not in page


def test_that_the_draft_is_gone_is_told_and_only_until_there_is_another(mia):
    mia.sends(mia.opens(), light__paper="#ffffff")
    gone = mia.presses(mia.opens(f"{HOME}/discard"), f"{HOME}/discard")
    there = gone.headers["Location"]
    assert "The draft is discarded" in mia.opens(there).text
    assert "The draft is discarded" not in mia.opens().text
    mia.sends(mia.opens(), light__paper="#eeeeee")
    assert "The draft is discarded" not in mia.opens(there).text


def test_a_draft_that_was_saved_since_is_not_discarded_and_that_is_told(mia):
    mia.sends(mia.opens(), light__paper="#ffffff")
    asked = mia.opens(f"{HOME}/discard")
    mia.sends(mia.opens(), light__paper="#eeeeee")
    answer = mia.presses(asked, f"{HOME}/discard")
    assert answer.status_code == 409
    assert "saved again since" in answer.text
    assert "#eeeeee" in answer.text
    assert mia.presses(answer, f"{HOME}/discard").status_code == 303
    assert mia.draft() is None


def test_a_rollback_has_a_note_too(mia):
    wear = f"{HOME}/wear/0"
    mia.presses(mia.opens(wear), wear, note="The winter is over")
    assert "The winter is over" in mia.opens("/console/themes").text
    answer = mia.presses(mia.opens(wear), wear, note="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    mia.presses(mia.opens(wear), wear)
    assert "rolled back" in mia.opens("/console/themes").text


def test_texts_without_a_language_are_those_of_the_workspace(mia):
    answer = mia.opens(f"{HOME}/texts?l=pl")
    assert answer.status_code in {302, 303}
    assert answer.headers["Location"] == f"{HOME}/texts/en?l=pl"
