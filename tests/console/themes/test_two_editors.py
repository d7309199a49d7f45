"""Two people in one tab: each field is whose it is, and only what both have changed is asked about."""

import io
import re

import pytest
from PIL import Image

from resign.console.themes import editing
from resign.themes.source import ThemeSource
from resign.themes.versions import save_draft
from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OWN = b"""{% extends "~/public/optout.html" %}
{% block heading %}{% trans %}Our own words{% endtrans %}{% endblock %}
"""
FRENCH = f"{HOME}/texts/fr"


def keys(page):
    return re.findall(r'<textarea id="(t\.[0-9a-f]+)"', page.text)


def said(mia, path):
    return mia.draft().source.files[path].decode()


def test_two_who_change_different_texts_of_one_language_lose_nothing(mia):
    mine, theirs = mia.opens(FRENCH), mia.opens(FRENCH)
    first, last = keys(mine)[0], keys(mine)[-5]
    assert mia.sends(theirs, **{last: "Deux"}).status_code == 303
    assert mia.sends(mine, **{first: "Un"}).status_code == 303
    assert '"Deux"' in said(mia, "texts/fr.toml")
    assert '"Un"' in said(mia, "texts/fr.toml")


def test_a_text_that_both_changed_is_shown_at_its_field_and_all_others_are_saved_with_it(mia):
    mine, theirs = mia.opens(FRENCH), mia.opens(FRENCH)
    one, two, three = keys(mine)[:3]
    mia.sends(theirs, **{one: "Un à elle", two: "Deux"})
    answer = mia.sends(mine, **{one: "Un de moi", three: "Trois"})
    assert answer.status_code == 409
    typed = mia.fields(answer)
    assert (typed[one], typed[two], typed[three]) == ("Un de moi", "Deux", "Trois")
    assert answer.text.count('class="theirs"') == 1
    assert "Un à elle" in answer.text
    assert f'href="#{one}"' in answer.text
    assert f'href="#{two}"' not in answer.text
    assert mia.sends(answer).status_code == 303
    held = said(mia, "texts/fr.toml")
    assert [each in held for each in ("Un de moi", "Deux", "Trois", "Un à elle")] == [True, True, True, False]


def test_whoever_typed_the_same_is_asked_nothing(mia):
    mine, theirs = mia.opens(FRENCH), mia.opens(FRENCH)
    one = keys(mine)[0]
    mia.sends(theirs, **{one: "Un"})
    assert mia.sends(mine, **{one: "Un"}).status_code == 303


def test_what_was_only_shown_meanwhile_is_not_taken_for_typed(mia):
    """The page that comes after *Show* holds what others have saved, and still knows what was changed on it."""
    mine, theirs = mia.opens(FRENCH), mia.opens(FRENCH)
    one, two = keys(mine)[:2]
    mia.sends(theirs, **{two: "Deux"})
    shown = mia.sends(mine, do="show", **{one: "Un"})
    assert mia.fields(shown)[two] == "Deux"
    mia.sends(mia.opens(FRENCH), **{two: "Deux, mieux"})
    assert mia.sends(shown).status_code == 303
    assert "Deux, mieux" in said(mia, "texts/fr.toml")
    assert '"Un"' in said(mia, "texts/fr.toml")


def test_a_fault_does_not_hide_that_somebody_else_changed_the_field_too(mia):
    mine, theirs = mia.opens(), mia.opens()
    mia.sends(theirs, light__paper="#ffffff", light__ink="#111111")
    refused = mia.sends(mine, light__paper="salmon")
    assert refused.status_code == 422
    assert "#ffffff" in refused.text
    assert mia.fields(refused)["light.ink"] == "#111111"
    assert mia.sends(refused, light__paper="#fffff0").status_code == 303
    assert mia.fields(mia.opens())["light.ink"] == "#111111"


def test_colours_and_sender_are_put_together_too(mia):
    mine, theirs = mia.opens(), mia.opens()
    mia.sends(theirs, light__paper="#ffffff", sender__name="Fern", sender__contact="a@example.com")
    assert mia.sends(mine, dark__ink="#eeeeee").status_code == 303
    now = mia.fields(mia.opens())
    assert (now["light.paper"], now["dark.ink"], now["sender.name"]) == ("#ffffff", "#eeeeee", "Fern")


def test_a_logo_is_put_together_with_what_others_changed_and_never_overwritten_unseen(mia, picture):
    mine, theirs = mia.opens(), mia.opens()
    mia.sends(theirs, light__paper="#ffffff", files={"logo-file": ("x.png", picture)})
    small = mia.draft().source.files["logo.png"]
    assert mia.sends(mine, light__ink="#111111").status_code == 303
    assert mia.draft().source.files["logo.png"] == small
    other = mia.opens()
    mia.client.post(HOME, data={**mia.fields(mia.opens()), "do": "save", "logo-away": "yes"})
    answer = mia.sends(other, files={"logo-file": ("y.png", blue())}, light__ink="#222222")
    assert answer.status_code == 409
    assert 'href="#logo-file"' in answer.text
    assert "logo.png" not in mia.draft().source.files
    assert mia.sends(answer).status_code == 303
    assert mia.draft().source.files["logo.png"] != small


def blue():
    made = io.BytesIO()
    Image.new("RGB", (90, 30), "#0b3b6f").save(made, format="PNG")
    return made.getvalue()


def test_lines_end_as_a_browser_ends_them_without_being_taken_for_a_change(mia):
    page = mia.opens(f"{HOME}/style")
    mia.sends(page, own="h1 {\n  color: #222\n}\n")
    mine = mia.opens(f"{HOME}/style")
    mia.sends(mia.opens(f"{HOME}/style"), own="h1 {\n  color: #333\n}\n")
    sent = mia.fields(mine)["own"].replace("\n", "\r\n")
    assert mia.sends(mine, own=sent).status_code == 303
    assert "#333" in said(mia, "style.css")


def test_a_text_of_an_own_template_that_somebody_took_out_meanwhile_is_not_lost_unseen(mia):
    with mia.database.writing() as session:
        files = {"texts/fr.toml": b'"Our own words" = "Nos mots"\n', "templates/optout.html": OWN}
        save_draft(session, "default", ThemeSource(files), 0, "ada", mia.clock.now())
        session.commit()
    mine, theirs = mia.opens(FRENCH), mia.opens(FRENCH)
    key = keys(mine)[-1]
    assert mia.fields(mine)[key] == "Nos mots"
    mia.sends(theirs, **{key: ""})
    answer = mia.sends(mine, **{key: "Nos mots à nous"})
    assert answer.status_code == 409
    assert mia.fields(answer)[key] == "Nos mots à nous"
    assert mia.sends(answer).status_code == 303
    assert "Nos mots à nous" in said(mia, "texts/fr.toml")


def test_a_form_that_does_not_say_what_it_was_loaded_with_overwrites_nothing(mia):
    mia.sends(mia.opens(), light__paper="#ffffff")
    answer = mia.sends(mia.opens(), light__paper="#eeeeee", was="")
    assert answer.status_code == 409
    assert b"#ffffff" in mia.draft().source.files["theme.toml"]


def test_who_saves_at_the_very_same_moment_is_put_together_too(mia, monkeypatch):
    """Between the look at what stands there and the write, somebody else was faster."""
    mine, theirs = mia.opens(), mia.opens()
    really = editing._wrong
    fast = iter([1])

    def wrong(*given):
        found = really(*given)
        if next(fast, None):
            mia.sends(theirs, dark__ink="#eeeeee")
        return found

    monkeypatch.setattr(editing, "_wrong", wrong)
    assert mia.sends(mine, light__paper="#ffffff").status_code == 303
    now = mia.fields(mia.opens())
    assert (now["light.paper"], now["dark.ink"]) == ("#ffffff", "#eeeeee")
