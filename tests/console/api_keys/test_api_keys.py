"""Operators make keys for the API in the console, of their workspaces alone; each key is shown once, and ended for good."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from resign.api_keys import refusals, scopes
from resign.api_keys.opening import opened
from resign.console.api_keys import sentences
from resign.staff.tables import Deed
from tests.console.browsing import flaws, open_tab

__all__ = ["open_tab"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PLACE = "/console/api-keys"


@pytest.fixture
def olga(employ):
    return employ("olga", "operator@default")


@pytest.fixture
def adds(olga):
    def add(**typed):
        data = {
            "name": "crm",
            "workspace": "default",
            "scope": ["decisions:write"],
            "origin": "crm",
            "expires": "",
            **typed,
        }
        page = olga.opens(PLACE)
        return olga.client.post(PLACE, data={**olga.fields(page), **data})

    return add


@pytest.fixture
def opens(database, clock):
    def asked(text, **later):
        with database.reading() as session:
            return opened(session, f"Bearer {text}", clock.now() + timedelta(**later))

    return asked


def key_in(page) -> str:
    return re.search(r'value="(rsk_[0-9a-f]{12}_[0-9a-f]{64})"', page.text)[1]


def test_a_key_is_shown_once_and_opens(adds, olga, opens):
    made = adds(scope=["decisions:write", "links:write"], expires="2026-06-01")
    text = key_in(made)
    holder = opens(text)
    assert (holder.name, holder.workspace, holder.origin) == ("crm", "default", "crm")
    assert holder.scopes == {"decisions:write", "links:write"}
    assert not opens(text, days=40)
    listed = olga.opens(PLACE).text
    assert text.split("_")[1] in listed
    assert text.split("_")[2] not in listed
    assert "never used" in listed


def test_a_key_is_replaced_and_revoked(adds, olga, opens):
    old = key_in(adds())
    where = f"{PLACE}/default/{old.split('_')[1]}"
    new = key_in(olga.presses(olga.opens(PLACE), f"{where}/rotate"))
    assert opens(old, hours=23)
    assert not opens(old, hours=25)
    assert opens(new, hours=25)
    assert olga.presses(olga.opens(PLACE), f"{where}/revoke").status_code == 303
    assert not opens(old)
    assert olga.presses(olga.opens(PLACE), f"{where}/rotate").status_code == 422
    with olga.database.reading() as session:
        noted = session.scalars(select(Deed).order_by(Deed.id)).all()
    assert [(each.name, each.action) for each in noted] == [
        ("olga", "added-api-key"), ("olga", "rotated-api-key"), ("olga", "revoked-api-key"),
    ]  # fmt: skip
    assert not any(old.split("_")[2] in (each.detail or "") for each in noted)
    assert json.loads(noted[0].detail)["key"] == old.split("_")[1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, refusals.BAD_NAME), ({"scope": []}, refusals.NO_SCOPE), ({"scope": ["all"]}, refusals.NO_SCOPE),
        ({"origin": "C R M"}, refusals.BAD_ORIGIN), ({"expires": "soon"}, refusals.BAD_END), ({"expires": "2020-01-01"}, refusals.BAD_END),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_made(adds, olga, typed, sentence):
    refused = adds(**typed)
    assert refused.status_code == 422
    assert sentence.replace("'", "&#39;") in refused.text
    assert "There is no key yet." in olga.opens(PLACE).text


def test_another_workspaces_key_is_not_theirs(adds, olga, employ):
    assert adds(workspace="garden").status_code == 404
    other = employ("sam", "support@default")
    assert other.opens(PLACE).status_code == 403
    number = key_in(adds()).split("_")[1]
    assert olga.presses(olga.opens(PLACE), f"{PLACE}/garden/{number}/revoke").status_code == 404
    assert olga.presses(olga.opens(PLACE), f"{PLACE}/default/{'0' * 12}/revoke").status_code == 404


def test_what_the_console_says_is_what_is_refused_and_meant(database):
    assert sentences.SENTENCES == refusals.SENTENCES
    assert tuple(scopes.MEANINGS.values()) == sentences.MEANINGS


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_flaw(open_tab, width, scheme):
    tab = open_tab(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{PLACE}?l=pl")
    assert flaws(tab) == []
    tab.fill("#name", "crm")
    tab.check("#scope-1")
    tab.click("form[action*='api-keys'] button:not(.quiet)")
    tab.wait_for_selector("#key")
    assert flaws(tab) == []
    tab.goto(f"{PLACE}?l=pl")
    assert flaws(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
