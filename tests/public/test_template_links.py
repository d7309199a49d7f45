"""A link that a template signed opens the same pages, and from there on there is only a token of ours."""

import re
from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from resign.app import web_application
from resign.links import Links
from resign.links.template import sign
from resign.lost_links.tables import LinkRequest
from tests.support.decisions import ANNA
from tests.support.person import FORM, ONE_CLICK, Person
from tests.support.variables import VARIABLES

KEYS = ("first-key-of-the-tests", "second-key-of-the-tests")
E = quote(b64encode(ANNA.value.encode()).decode(), safe="")
QUERY = f"e={E}&sig={sign(ANNA.value, *KEYS)}"


@pytest.fixture
def settings(settings):
    workspace = replace(settings.workspaces["default"], template_keys=(KEYS,))
    return replace(settings, workspaces={"default": workspace})


@pytest.mark.parametrize("path", ["/u", "/u/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_opens_the_page_and_changes_nothing(anna, path, method):
    response = anna.client.open(f"{path}?{QUERY}", method=method)
    assert response.status_code == 200
    assert anna.decisions() == []
    if method == "GET":
        assert response.data == anna.opens().data


def test_from_the_page_on_neither_address_nor_signature_is_in_any_url(anna):
    page = anna.client.get(f"/u?{QUERY}&c=spring&l=pl&utm_source=x&snrs_he=y")
    done = anna.presses(page)
    assert done.status_code == 200
    for shown in (page, done):
        assert sign(ANNA.value, *KEYS) not in shown.text
        assert E not in shown.text
        assert ANNA.value not in shown.text
        assert "utm_source" not in shown.text
    (decision,) = anna.decisions()
    assert (decision.method, decision.language, decision.campaign) == ("page", "pl", "spring")
    assert decision.digest == ANNA.digest(anna.settings.workspaces["default"].digest_key.encode())
    assert anna.undoes(done).status_code == 200
    record = re.search(r'href="(/u/[^"]+/record)', done.text)[1]
    assert Links(anna.settings.workspaces.values()).open(record.split("/")[2]).profile == ANNA


@pytest.mark.parametrize("path", ["/u", "/u/", "/u//"])
@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [(ONE_CLICK, FORM, "one-click"), (b"", None, "none"), (ONE_CLICK, "text/plain", "one-click")],
)
def test_a_mail_client_that_posts_to_it_has_opted_out_at_once(anna, path, body, content_type, kind):
    response = anna.client.post(f"{path}?{QUERY}&c=spring", data=body, content_type=content_type)
    assert (response.status_code, response.mimetype) == (200, "text/plain")
    assert response.text.startswith("You are opted out. Reference: ")
    (decision,) = anna.decisions()
    assert (decision.link_key, decision.body, decision.campaign) == ("tpl", kind, "spring")
    assert decision.identifier == ANNA.value


def test_opened_again_it_tells_the_live_truth(anna):
    anna.client.post(f"/u?{QUERY}", data=ONE_CLICK, content_type=FORM)
    page = anna.client.get(f"/u?{QUERY}")
    assert "You are already out" in page.text
    assert anna.undoes(page).status_code == 200


BROKEN = {
    "a digit of the signature": f"e={E}&sig=0{sign(ANNA.value, *KEYS)[1:]}",
    "no signature": f"e={E}",
    "no address": f"sig={sign(ANNA.value, *KEYS)}",
    "another's address": f"e={b64encode(b'boris@example.com').decode()}&sig={sign(ANNA.value, *KEYS)}",
    "empty": "e=&sig=",
    "bytes": "e=%ff%fe&sig=%00",
    "the wrong one first": f"e=x&{QUERY}",
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_is_wrong_it_gets_the_page_for_bad_links(anna, case, method):
    response = anna.client.open(f"/u/?{BROKEN[case]}", method=method, data={"email": ANNA.value})
    known = anna.client.get("/u/k2.not.one")
    assert (response.status_code, response.data) == (404, known.data)
    assert anna.decisions() == []
    with anna.database.reading() as session:
        assert session.query(LinkRequest).count() == 0


def test_whoever_tries_one_after_the_other_is_asked_to_wait_and_a_good_one_still_opens(anna):
    statuses = {anna.client.get(f"/u?e={E}&sig={n:064x}").status_code for n in range(70)}
    assert statuses == {404, 429}
    assert anna.client.get(f"/u?{QUERY}").status_code == 200


def test_without_keys_there_are_no_such_links(clock, database, tmp_path):
    from resign.settings import load  # noqa: PLC0415

    plain = load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path)})
    client = Client(web_application(plain, clock, database))
    person = Person(client, plain, clock, database)
    assert client.get(f"/u?{QUERY}").status_code == 404
    assert client.post(f"/u?{QUERY}", data=ONE_CLICK, content_type=FORM).status_code == 404
    assert person.decisions() == []


def test_without_the_database_nothing_is_called_done(anna, monkeypatch):
    from resign.ledger import LedgerUnavailable  # noqa: PLC0415

    def away(_decision):
        raise LedgerUnavailable("away")

    monkeypatch.setattr(anna.client.application._site.intake, "append", away, raising=False)
    response = anna.client.post(f"/u?{QUERY}", data=ONE_CLICK, content_type=FORM)
    assert (response.status_code, response.mimetype) == (503, "text/plain")
    assert int(response.headers["Retry-After"]) > 0


def test_no_log_names_the_address(anna, caplog):
    caplog.set_level(0)
    anna.client.get(f"/u?{QUERY}")
    anna.client.post(f"/u?{QUERY}")
    anna.client.get(f"/u?e={E}&sig=x")
    for trace in (ANNA.value, E[:12], "sig="):
        assert trace not in caplog.text
