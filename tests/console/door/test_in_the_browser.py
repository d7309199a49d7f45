"""Signing in with a real browser, by keyboard: from the first second factor to a form that outlives its session."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.console.browsing import flaws
from tests.console.conftest import HOME, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def tab(browser, url, hire):
    """Nobody is signed in; noah is about to be. A phone, in the dark."""
    hire("noah", "marketer@default", "admin@*")
    context = browser.new_context(
        base_url=url, viewport={"width": 320, "height": 800}, color_scheme="dark", reduced_motion="reduce"
    )
    context.clear_cookies()
    tab, complaints = context.new_page(), []
    tab.set_default_timeout(60_000)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda said: complaints.append(said.text))
    yield tab
    context.close()
    assert [
        said for said in complaints if not re.search(r"status of (401|409|422)|^Clear-Site-Data header", said)
    ] == []


def looked_at(tab: Page) -> None:
    """Nothing for axe, and nothing beyond the edge of a small screen."""
    assert flaws(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def types(tab: Page, password: str = PASSWORD) -> None:
    """The name has the focus already."""
    tab.keyboard.type("noah")
    tab.keyboard.press("Tab")
    tab.keyboard.type(password)
    tab.keyboard.press("Enter")


def test_from_the_first_sign_in_to_a_form_that_outlives_its_session(tab, clock, database):
    tab.goto("/console/")
    looked_at(tab)
    types(tab, "not the password")
    expect(tab.get_by_role("alert")).to_have_text("The name or the password is not right.")
    looked_at(tab)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("A second factor")
    expect(tab.get_by_role("img")).to_be_visible()
    looked_at(tab)
    app = pyotp.TOTP(tab.locator(".secret code").inner_text().replace(" ", ""))
    tab.keyboard.type(app.at(clock.now()))
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    looked_at(tab)
    code = tab.locator(".codes li").first.inner_text()
    tab.get_by_role("button", name="go on").click()

    tab.get_by_role("link", name="My account").click()
    looked_at(tab)
    tab.get_by_role("link", name="Staff").first.click()
    looked_at(tab)
    tab.get_by_role("link", name="noah").click()
    looked_at(tab)
    tab.get_by_role("link", name="What this account did").click()
    expect(tab.get_by_text("signed-in")).to_be_visible()
    looked_at(tab)

    tab.goto(HOME)
    tab.locator('[id="light.paper"]').fill("#ffe9c4")
    clock.advance(minutes=31)
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(tab.get_by_text("Nothing was sent.")).to_be_visible()
    looked_at(tab)
    types(tab)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your code")
    looked_at(tab)
    tab.keyboard.type(code)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("You are signed in again")
    looked_at(tab)
    tab.keyboard.press("Enter")
    expect(tab.locator('[id="light.paper"]')).to_have_value("#ffe9c4")

    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_text("You are signed out.")).to_be_visible()
    tab.goto("/console/account")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in")
