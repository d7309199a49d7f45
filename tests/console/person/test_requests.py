"""A person's page and a proof say first that an opt-in was asked for, and then that it was confirmed."""

import json
from html import unescape

import pytest

from resign.ledger.requested import REQUESTED
from tests.support.looked_after import person_path

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(page):
    return " ".join(unescape(page.text).split())


def test_the_request_and_then_the_confirmed_opt_in(mia, people):
    people.decides(choice="opt-in", agreement=REQUESTED, method="api", origin="crm", actor="crm")
    page = said(mia.opens(person_path()))
    assert (
        "Asked to be let in 4 May 2026, 10:12 UTC, and not confirmed: nobody may be mailed for that." in page
    )
    assert "Opt-in requested" in page
    assert "Asked for newsletter; nobody is in before it is confirmed." in page
    assert "Opted in" not in page
    assert "In since" not in page
    people.clock.advance(hours=1)
    people.decides(choice="opt-in", method="synerise", origin="synerise", evidence="double-opt-in")
    page = said(mia.opens(person_path()))
    assert "Asked to be let in" not in page
    assert page.index("Opt-in requested") < page.index("Opted in for newsletter.")
    paper = mia.presses(mia.opens(f"{person_path()}/proof"), f"{person_path()}/proof", **{"as": "paper"})
    assert said(paper).index("Asked for newsletter, and has not confirmed it") < said(paper).index(
        "In for newsletter"
    )
    file = mia.presses(mia.opens(f"{person_path()}/proof"), f"{person_path()}/proof", **{"as": "file"})
    told = [
        (each["agreement"], each["choice"], each["evidence"]) for each in json.loads(file.text)["decisions"]
    ]
    assert told == [("newsletter", "request", None), ("newsletter", "opt-in", "double-opt-in")]
