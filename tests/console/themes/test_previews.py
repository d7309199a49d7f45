"""The preview shows what was typed, without anything being saved; and no more of them at once than may be."""

import pytest

from resign.console.themes.names import SAMPLES
from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_what_is_typed_is_seen_and_not_saved(mia):
    answer = mia.sends(mia.opens(), do="preview", light__paper="#fffaaa").json()
    assert answer["faults"] == []
    assert "--paper:#fffaaa" in mia.opens(answer["src"]).text.replace(" ", "")
    assert mia.draft() is None


def test_without_a_script_the_button_shows_it(mia):
    page = mia.sends(mia.opens(), do="show", light__paper="#fffaaa", page_="done", language="pl")
    assert page.status_code == 200
    assert mia.fields(page)["light.paper"] == "#fffaaa"
    src = page.text.split('<iframe id="frame" sandbox="" src="')[1].split('"')[0]
    assert "Wypisano Cię z listy" in mia.opens(src).text


@pytest.mark.parametrize("sample", list(SAMPLES))
def test_each_state_is_shown_for_each_person(mia, sample):
    for page in ("optout", "out-delayed", "undone", "bad-link", "preferences", "lost-link-wrong"):
        answer = mia.opens(f"{HOME}/preview?page={page}&language=ar&sample={sample}")
        assert answer.status_code == 200, page
        assert '<html lang="ar" dir="rtl">' in answer.text


def test_a_page_that_cannot_be_made_says_why_in_its_frame(mia):
    page = mia.opens(f"{HOME}/templates/optout.html")
    answer = mia.sends(page, do="preview", own="{% block %}").json()
    assert answer["faults"][0]["field"] == "own"
    assert answer["faults"][0]["line"] == 1
    frame = mia.opens(answer["src"])
    assert frame.status_code == 422
    assert "cannot be made" in frame.text


def test_when_too_many_are_made_at_once_the_next_is_told_so(mia, desk):
    desk.previews._wait_seconds = 0.05
    page = mia.opens()
    with desk.previews.room, desk.previews.room:
        busy = mia.sends(page, do="preview", light__paper="#fffaaa")
        assert (busy.status_code, busy.json()["busy"]) == (503, True)
        assert mia.opens(f"{HOME}/preview").status_code == 503
        refused = mia.sends(page, light__paper="#fffaaa")
        assert refused.status_code == 422
        assert mia.fields(refused)["light.paper"] == "#fffaaa"
    assert mia.sends(page, do="preview", light__paper="#fffaaa").status_code == 200


def test_a_link_in_the_preview_leads_nowhere_and_says_so(mia):
    assert "do nothing in the preview" in mia.opens("/u/AbC-123").text


def test_what_a_template_may_use_stands_beside_the_menu(mia):
    page = mia.opens("/console/reference")
    assert page.status_code == 200
    assert "Preferences" in page.text
    assert '<section id="Done">' in page.text
