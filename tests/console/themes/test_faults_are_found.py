"""Whatever is wrong far down a long page is counted at its top, linked from there, and where the page opens."""

import re

import pytest

from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def links(answer):
    """In the banners."""
    text = answer.text.split('<div role="status" class="news">')[1].split("<form")[0]
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', text)


def focused(answer):
    return re.findall(r'<(?:input|textarea)[^>]* id="([^"]+)"[^>]* autofocus', answer.text)


def test_each_text_with_a_fault_is_linked_and_the_first_has_the_focus(mia):
    page = mia.opens(f"{HOME}/texts/en")
    keys = re.findall(r'<textarea id="(t\.[0-9a-f]+)"', page.text)
    answer = mia.sends(page, **{keys[3]: "<b>", keys[-1]: "<i>"})
    assert answer.status_code == 422
    assert "2 faults" in answer.text
    assert [field for field, _ in links(answer)] == [keys[3], keys[-1]]
    assert focused(answer) == [keys[3]]
    assert "autofocus" not in page.text


def test_of_very_many_faults_some_are_linked(mia):
    page = mia.opens(f"{HOME}/texts/en")
    keys = re.findall(r'<textarea id="(t\.[0-9a-f]+)"', page.text)
    answer = mia.sends(page, **dict.fromkeys(keys[:25], "<b>"))
    assert "25 faults" in answer.text
    assert len(links(answer)) == 10
    assert "and 15 more" in answer.text


def test_colours_and_the_sender_are_linked_by_what_they_are_called(mia):
    answer = mia.sends(mia.opens(), dark__focus="none", sender__name="Fern")
    assert links(answer) == [
        ("dark.focus", "The ring around what has the focus (dark)"),
        ("sender.contact", "Contact of the sender"),
    ]
    assert focused(answer) == ["dark.focus"]


def test_in_a_style_and_a_template_the_lines_are_linked(mia):
    style = "h1 { color: red }\n\n@import 'x';\nh2 { position: fixed; }\n"
    answer = mia.sends(mia.opens(f"{HOME}/style"), own=style)
    assert links(answer)[0] == ("line-3", "Line 3")
    assert focused(answer) == ["own"]
    own = '{% extends "~/public/optout.html" %}\n{% block heading %}\n{{ nobody }}\n{% endblock %}\n'
    answer = mia.sends(mia.opens(f"{HOME}/templates/optout.html"), own=own)
    assert links(answer) == [("line-3", "Line 3")]
