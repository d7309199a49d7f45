"""What is typed is saved as a draft, or comes back whole with the fault at its field."""

import pytest

from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_colour_is_saved_into_the_draft_and_nothing_else_is(mia):
    answer = mia.sends(mia.opens(), light__paper="#FFFFEE")
    assert answer.status_code == 303
    assert "Saved as a draft" in mia.opens(answer.headers["Location"]).text
    assert mia.draft().source.files == {"theme.toml": b'[colours]\npaper = "#ffffee"\n'}
    assert (mia.draft().author, mia.draft().revision) == ("mia", 1)


def test_a_saved_colour_can_be_taken_back(mia):
    mia.sends(mia.opens(), light__paper="#ffffee", dark__ink="#eeeeee")
    mia.sends(mia.opens(), light__paper="", dark__ink="")
    assert b"#" not in mia.draft().source.files.get("theme.toml", b"")


def test_a_wrong_colour_comes_back_with_all_that_was_typed(mia):
    answer = mia.sends(mia.opens(), light__paper="salmon", sender__name="Fern & Co", sender__contact="hello")
    assert answer.status_code == 422
    typed = mia.fields(answer)
    assert (typed["light.paper"], typed["sender.name"], typed["sender.contact"]) == (
        "salmon",
        "Fern & Co",
        "hello",
    )
    assert 'id="light.paper-fault"' in answer.text
    assert 'id="sender.contact-fault"' in answer.text
    assert 'aria-describedby="light.paper-fault"' in answer.text
    assert mia.draft() is None


def test_a_template_with_a_mistake_is_refused_with_its_line(mia):
    page = mia.opens(f"{HOME}/templates/optout.html")
    own = '{% extends "~/public/optout.html" %}\n{% block heading %}\n{{ nobody }}\n{% endblock %}\n'
    answer = mia.sends(page, own=own)
    assert answer.status_code == 422
    assert ">Line 3</a>" in answer.text
    assert "<code>nobody</code> is unknown here" in answer.text
    assert mia.fields(answer)["own"] == own
    assert mia.draft() is None
    assert mia.sends(answer, own=own.replace("{{ nobody }}", "Leave")).status_code == 303


def test_a_script_in_a_template_is_named_not_silently_taken_out(mia):
    page = mia.opens(f"{HOME}/templates/optout.html")
    own = '{% extends "~/public/optout.html" %}\n{% block sign %}<script>alert(1)</script>{% endblock %}\n'
    answer = mia.sends(page, own=own)
    assert answer.status_code == 422
    assert "&lt;script&gt; is not allowed" in answer.text


def test_the_shipped_template_is_a_beginning_that_renders_the_same(mia):
    page = mia.opens(f"{HOME}/templates/optout.html")
    begun = mia.sends(page, do="start")
    assert mia.fields(begun)["own"].startswith('{% extends "~/public/optout.html" %}\n{% block heading %}')
    assert mia.draft() is None
    assert mia.sends(begun).status_code == 303


def test_every_template_can_be_begun_and_saved_as_it_is(mia):
    for name in ("layout.html", "fragments.html", "out.html", "problem.html"):
        begun = mia.sends(mia.opens(f"{HOME}/templates/{name}"), do="start")
        assert mia.sends(begun).status_code == 303, name


def test_a_text_is_saved_under_its_english_source(mia):
    page = mia.opens(f"{HOME}/texts/pl")
    key = (
        next(line for line in page.text.splitlines() if ">Wypisz mnie z listy<" in line)
        .split('id="')[1]
        .split("-")[0]
    )
    answer = mia.sends(page, **{key: "Proszę mnie wypisać"})
    assert answer.status_code == 303
    assert (
        mia.draft().source.files["texts/pl.toml"].decode() == '"Stop these emails" = "Proszę mnie wypisać"\n'
    )


def test_a_wrong_text_is_refused_at_its_field(mia):
    page = mia.opens(f"{HOME}/texts/pl")
    key = (
        next(line for line in page.text.splitlines() if ">Wypisz mnie z listy<" in line)
        .split('id="')[1]
        .split("-")[0]
    )
    answer = mia.sends(page, **{key: "100% <b>precz</b>"})
    assert answer.status_code == 422
    assert f'id="{key}-fault"' in answer.text
    assert mia.fields(answer)[key] == "100% <b>precz</b>"


def test_searching_texts_loses_none_that_are_not_found(mia):
    mia.sends(mia.opens(f"{HOME}/texts/en?q=Stop these emails"))
    page = mia.opens(f"{HOME}/texts/en")
    key = (
        next(line for line in page.text.splitlines() if ">You are out<" in line)
        .split('id="')[1]
        .split("-")[0]
    )
    mia.sends(page, **{key: "Done"})
    found = mia.opens(f"{HOME}/texts/en?q=Stop these emails")
    assert key not in mia.fields(found)
    mia.sends(found)
    assert b'"You are out" = "Done"' in mia.draft().source.files["texts/en.toml"]


def test_a_style_with_a_mistake_is_refused_with_its_line(mia):
    answer = mia.sends(
        mia.opens(f"{HOME}/style"), own="h1 { color: red }\n@import 'https://evil.example/x.css';\n"
    )
    assert answer.status_code == 422
    assert ">Line 2</a>" in answer.text
    assert mia.sends(answer, own="h1 { color: #333 }\n").status_code == 303


def test_of_two_editors_the_second_is_shown_both_texts(mia):
    mine = mia.opens(f"{HOME}/style")
    theirs = mia.opens(f"{HOME}/style")
    mia.sends(theirs, own="h1 { color: #222 }\n")
    answer = mia.sends(mine, own="h1 { color: #333 }\n")
    assert answer.status_code == 409
    assert mia.fields(answer)["own"] == "h1 { color: #333 }\n"
    assert "h1 { color: #222 }" in answer.text
    assert b"#222" in mia.draft().source.files["style.css"]
    assert mia.sends(answer).status_code == 303
    assert b"#333" in mia.draft().source.files["style.css"]


def test_two_editors_in_two_tabs_are_in_nobodys_way(mia):
    colours, style = mia.opens(), mia.opens(f"{HOME}/style")
    assert mia.sends(colours, light__paper="#ffffff").status_code == 303
    assert mia.sends(style, own="h1 { color: #333 }\n").status_code == 303
    assert set(mia.draft().source.files) == {"theme.toml", "style.css"}


def test_faults_are_told_in_the_readers_language(mia):
    polish = {"Accept-Language": "pl"}
    page = mia.opens(f"{HOME}/templates/optout.html", headers=polish)
    data = {**mia.fields(page), "do": "save", "own": "{{ nobody }}"}
    answer = mia.client.post(str(page.url), data=data, headers=polish)
    assert "<code>nobody</code> nie jest tu znane" in answer.text
    assert ">Wiersz 1</a>" in answer.text
    assert '<html lang="pl"' in answer.text


def test_the_switchers_wish_goes_along(mia):
    page = mia.opens(f"{HOME}?l=pl")
    assert "Zapisz szkic" in page.text
    answer = mia.sends(page, light__paper="#ffffff")
    assert "l=pl" in answer.headers["Location"]
