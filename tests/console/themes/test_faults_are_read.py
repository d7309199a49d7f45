"""A fault is written as people read it: what is code as code, and where more is said one press away."""

import pytest

from resign.console.themes.writing import pieces
from tests.console.conftest import HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

UNKNOWN_TAG = "{% autoescape false %}{% endautoescape %}\n"


def test_code_stands_as_code_and_all_else_is_text(console):
    with console.test_request_context():
        written = console.jinja_env.get_template("fragments.html").module.written
        assert written("`<b>` & <i>") == "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"
        assert written("one ` alone") == "one ` alone"
        assert pieces("`a` b") == [{"kind": "code", "text": "a"}, {"kind": "text", "text": " b"}]


def test_a_fault_leads_to_the_consoles_own_list(mia):
    page = mia.opens(f"{HOME}/templates/optout.html")
    answer = mia.sends(page, own=UNKNOWN_TAG)
    assert "<code>autoescape</code>" in answer.text
    assert 'See <a href="/console/reference">the reference</a> for what templates may use.' in answer.text
    assert "docs/" not in answer.text
    said = mia.sends(page, do="preview", own=UNKNOWN_TAG).json()["faults"][0]["pieces"]
    assert {"kind": "link", "text": "the reference", "to": "/console/reference"} in said


def test_the_reference_tells_what_those_faults_send_people_for(mia):
    page = mia.opens("/console/reference").text
    for each in (
        "<code>truncate</code>",
        "<code>divisibleby</code>",
        "<code>trans</code>",
        "<code>blockquote</code>",
    ):
        assert each in page
