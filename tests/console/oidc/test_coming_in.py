"""From the sign-in's page to the identity provider and back, with a browser that may be somebody else's."""

import re

import httpx
import pytest
from sqlalchemy import select

from resign.staff.tables import Account, Deed
from tests.console.conftest import COOKIE, Editor

SIGN_IN, BEGIN = "/console/sign-in", "/console/sign-in/oidc"


@pytest.fixture
def sessions_stay() -> bool:
    """Here sessions end as they do for everybody."""
    return False


@pytest.fixture
def visitor(url, database, clock):
    made = []

    def come() -> Editor:
        made.append(Editor(url, database, clock))
        return made[-1]

    yield come
    for each in made:
        each.client.close()


def back_from(there: httpx.Response) -> str:
    """Where the provider sends the browser that was sent to it."""
    assert there.status_code == 303
    return httpx.get(there.headers["location"], trust_env=False).headers["location"]


def comes_in(browser: Editor, to: str = "") -> httpx.Response:
    return browser.opens(back_from(browser.opens(BEGIN, params={"to": to} if to else {})))


def said(page: httpx.Response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.text.partition("<main")[2]).split())


def test_the_sign_in_s_page_leads_there_and_back_to_what_was_wanted(visitor, database):
    mia = visitor()
    page = mia.opens("/console/search?q=anna", follow_redirects=True)
    link = re.search(r'href="(/console/sign-in/oidc[^"]*)"', page.text)[1].replace("&amp;", "&")
    answer = mia.opens(back_from(mia.opens(link)))
    assert answer.headers["location"].startswith("/console/search")
    assert mia.opens("/console/search").status_code == 200
    assert mia.opens("/console/deliveries").status_code in {403, 404}
    with database.reading() as session:
        deeds = session.execute(select(Deed.name, Deed.action, Deed.workspace).order_by(Deed.id)).all()
    assert [tuple(each) for each in deeds][:3] == [
        ("oidc:mia", "added-staff", None),
        ("oidc:mia", "granted-role", "default"),
        ("oidc:mia", "granted-role", "default"),
    ]
    assert ("oidc:mia", "signed-in", None) in deeds


def test_nothing_more_is_asked_of_them(visitor):
    """The second factor is the provider's."""
    mia = visitor()
    comes_in(mia)
    assert mia.opens("/console/account").status_code == 200
    assert "identity provider" in mia.opens("/console/account").text


def test_the_cookies_are_this_browser_s_and_short_lived(visitor):
    mia = visitor()
    begun = mia.opens(BEGIN)
    kept = begun.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/console"} <= set(kept.split("; "))
    address = httpx.URL(begun.headers["location"])
    for secret in ("state", "nonce"):
        assert address.params[secret] not in kept
    mia.opens(back_from(begun))
    assert "resign-oidc" not in mia.client.cookies
    assert mia.client.cookies[COOKIE]


def test_an_answer_works_once_and_in_the_browser_that_began(visitor):
    mia, eve = visitor(), visitor()
    answer = back_from(mia.opens(BEGIN))
    eve.opens(BEGIN)
    stolen = eve.opens(answer)
    assert stolen.status_code == 400
    assert COOKIE not in eve.client.cookies
    assert mia.opens(answer).status_code == 303
    replayed = mia.opens(answer)
    assert replayed.status_code == 400
    assert "not begun in this browser" in said(replayed)


def test_an_answer_of_eve_s_signs_nobody_else_in(visitor):
    """Or she could have somebody work in her account, and read later what they did."""
    mia, eve = visitor(), visitor()
    mia.opens(BEGIN)
    assert mia.opens(back_from(eve.opens(BEGIN))).status_code == 400
    assert visitor().opens(back_from(eve.opens(BEGIN))).status_code == 400


def test_a_sign_in_that_was_begun_too_long_ago_is_over(visitor, clock):
    mia = visitor()
    answer = back_from(mia.opens(BEGIN))
    clock.advance(minutes=10)
    assert mia.opens(answer).status_code == 400


def test_whoever_has_no_group_here_has_no_account(visitor, at_provider, database):
    at_provider.person["groups"] = ["bowling"]
    mia = visitor()
    answer = comes_in(mia)
    assert answer.status_code == 403
    assert "None of your groups has a role here" in said(answer)
    with database.reading() as session:
        assert session.scalars(select(Account)).all() == []
    assert mia.opens("/console/account").status_code == 303


def test_roles_are_those_of_the_last_sign_in(visitor, at_provider):
    mia = visitor()
    comes_in(mia)
    assert mia.opens("/console/themes/default").status_code == 200
    at_provider.person["groups"] = ["heads"]
    comes_in(mia)
    assert mia.opens("/console/themes/default").status_code == 403


def test_what_cannot_be_verified_lets_nobody_in(visitor, at_provider, caplog):
    for twist, sign in (
        ({"nonce": "x"}, "RS256"),
        ({"aud": "x"}, "RS256"),
        ({}, "none"),
        ({"exp": 1}, "RS256"),
    ):
        at_provider.twist, at_provider.sign = twist, sign
        mia = visitor()
        answer = comes_in(mia)
        assert (answer.status_code, COOKIE in mia.client.cookies) == (403, False)
        assert "could not be verified" in said(answer)
    assert "248289" not in caplog.text


def test_a_provider_that_is_away_is_said(visitor, at_provider):
    at_provider.document = {"issuer": "https://evil.example"}
    answer = visitor().opens(BEGIN)
    assert answer.status_code == 503
    assert "does not answer" in said(answer)


def test_any_answer_can_be_brought_back(visitor, at_provider):
    mia = visitor()
    for wrong in (
        "",
        "?state=x",
        "?state=%00&code=%00",
        "?state=%F0%9F%98%80",
        "?code=x",
        "?error=access_denied",
    ):
        assert mia.opens(f"{BEGIN}/callback{wrong}").status_code == 400
    for wrong in ("error=access_denied", "code=x", "code=%00", "code=x&iss=https://evil.example"):
        state = httpx.URL(mia.opens(BEGIN).headers["location"]).params["state"]
        assert mia.opens(f"{BEGIN}/callback?state={state}&{wrong}").status_code == 403
    for kept in ("x", "a.b.c.d", "\x7f", "..."):
        mia.client.cookies.set("resign-oidc", kept, domain="127.0.0.1", path="/console")
        assert mia.opens(f"{BEGIN}/callback?state=x&code=x").status_code == 400


def test_only_what_lies_here_is_led_to(visitor):
    for to in ("https://evil.example/", "//evil.example", "/console/../evil", "/console/" + "x" * 3000):
        location = comes_in(visitor(), to).headers["location"]
        assert location.startswith("/console/"), to
        assert "evil.example" not in location


def test_many_tries_from_one_network_wait(visitor, at_provider):
    mia = visitor()
    assert {mia.opens(BEGIN).status_code for _ in range(31)} == {303, 429}
    assert len(at_provider.asked) == 0


def test_without_a_provider_there_is_no_such_page_and_no_link(visitor, console, desk):
    object.__setattr__(desk, "provider", None)
    mia = visitor()
    assert mia.opens(BEGIN).status_code == 404
    assert "oidc" not in mia.opens(SIGN_IN).text


def test_what_was_typed_waits_while_they_sign_in_in_another_window(visitor, clock):
    mia = visitor()
    comes_in(mia)
    page = mia.opens("/console/themes/default")
    clock.advance(minutes=31)
    over = mia.sends(page, sender="Fjord and Fern")
    assert over.status_code == 401
    assert re.search(r'<a class="quiet" href="/console/sign-in/oidc" target="_blank"', over.text)
    assert 'form="door" formnovalidate' in over.text
    comes_in(mia)  # the cookie is the same in both windows
    again = mia.presses(over, SIGN_IN)
    assert again.status_code == 200
    assert "Fjord and Fern" in again.text
