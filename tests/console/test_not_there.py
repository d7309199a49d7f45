"""A page that is not there is called so, in the reader's language; what else cannot be done is not."""

import pytest

from tests.console.conftest import EVERY_ROLE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEADINGS = {"en": "There is no such page", "pl": "Nie ma takiej strony"}


@pytest.mark.parametrize("language", HEADINGS)
def test_what_is_not_there_is_called_so(employ, language):
    ada = employ("ada", *EVERY_ROLE)
    for path in (
        "/console/nothing",
        "/console/people/nowhere/x",
        "/console/people/default/x",
        "/console/static/x",
    ):
        answer = ada.opens(f"{path}?l={language}")
        assert answer.status_code == 404
        assert f"<h1>{HEADINGS[language]}</h1>" in answer.text, path
        assert f"<title>{HEADINGS[language]}" in answer.text, path


def test_a_thing_that_is_gone_and_a_deed_that_is_refused_are_called_otherwise(employ):
    ada = employ("ada", *EVERY_ROLE)
    for path, heading in (
        ("/console/themes/default/wear/99", "This is not here"),
        ("/console/set-up/x", "This is not here"),
    ):
        answer = ada.opens(path)
        assert (answer.status_code, f"<h1>{heading}</h1>" in answer.text) == (404, True), path
    refused = ada.client.post("/console/deeds", data={"mark": "made up"})
    assert (refused.status_code, "<h1>This cannot be done</h1>" in refused.text) == (403, True)
