"""The page as it was shown is rendered again in a frame that can do nothing, and says when it cannot be (C2)."""

import re
from html import unescape

import pytest
from sqlalchemy import text, update

from resign.ledger.tables import Decision
from tests.support.decisions import BORIS
from tests.support.looked_after import person_path

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def newest(anna):
    return lambda: f"{person_path()}/shown/{anna.decisions()[-1].id}"


def test_the_page_comes_back_as_the_person_saw_it_but_for_their_link(mia, anna, newest):
    seen = anna.opens("?c=spring&l=de")
    anna.presses(seen)
    story = mia.opens(person_path())
    assert f'href="{newest()}"' in story.text
    page = mia.opens(newest())
    assert "Byte for byte what was kept" in page.text
    assert anna.decisions()[-1].shown in page.text
    src = re.search(r'<iframe class="as-shown" sandbox="" src="([^"]+)"', page.text)[1]
    frame = mia.opens(src)
    assert frame.content == seen.data.replace(anna.token.encode(), "•••".encode())
    assert anna.token not in page.text + story.text + frame.text


def test_the_frame_can_do_nothing_and_wears_its_own_style(mia, anna, newest):
    anna.presses(anna.opens())
    answer = mia.opens(f"{newest()}/frame")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("; sandbox")
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert policy.count("'sha256-") == answer.text.count("<style>") == 1
    assert "unsafe" not in policy


def test_what_cannot_be_rendered_any_more_says_why(mia, anna, newest, database):
    anna.clicks_once()
    assert "made without a page of ours" in mia.opens(newest()).text
    assert mia.opens(f"{newest()}/frame").status_code == 404
    anna.presses(anna.opens())
    for change, words in (
        (update(Decision).values(identifier=None), "the address was deleted by retention"),
        (
            text("UPDATE shown_pages SET text = replace(text, 'Stop', 'Keep')"),
            "it was changed in the database",
        ),
        (text("DELETE FROM shown_pages"), "text is not kept"),
    ):
        with database.writing() as session:
            session.execute(change)
            session.commit()
        page = mia.opens(newest())
        assert page.status_code == 200
        assert words in unescape(page.text)
        assert "<iframe" not in page.text
    assert "nie przechowuje się treści strony" in mia.opens(f"{newest()}?l=pl").text


def test_a_decision_of_somebody_else_is_not_shown(mia, anna, people, newest, signed_in_as):
    anna.presses(anna.opens())
    people.decides(BORIS)
    own = newest().rsplit("/", 1)
    theirs = anna.decisions()
    for path in (f"{own[0]}/{theirs[1].id}", f"{own[0]}/not-a-number", f"{own[0]}/{'0' * 8}-0000-7000-8000-000000000000",
                 f"{person_path(BORIS)}/shown/{theirs[0].id}"):  # fmt: skip
        assert mia.opens(path).status_code == 404, path
        assert mia.opens(f"{path}/frame").status_code == 404, path
    signed_in_as("eve", other="support")
    shown_one = f"{own[0]}/{theirs[0].id}"
    assert [mia.opens(path).status_code for path in (shown_one, f"{shown_one}/frame")] == [404, 404]
