"""Somebody who signs in as people do: through the pages, with a password and the app on their telephone."""

import re
from collections.abc import Callable

import httpx
import pyotp
import pytest

from tests.console.conftest import PASSWORD, Editor

SIGN_IN, CODE, FACTOR = "/console/sign-in", "/console/sign-in/code", "/console/second-factor"


class Visitor(Editor):
    """`secret` is what the app on their telephone was given."""

    secret: str = ""
    codes: tuple[str, ...] = ()

    def types(
        self, name: str = "noah", password: str = PASSWORD, page: httpx.Response | None = None, **more: str
    ):
        page = page or self.opens(SIGN_IN)
        return self.presses(page, SIGN_IN, name=name, password=password, **more)

    def enrols(self, name: str = "noah") -> httpx.Response:
        """From the password to the recovery codes, as at the first sign-in."""
        assert self.types(name).headers["location"].startswith(FACTOR)
        page = self.opens(FACTOR)
        self.secret = re.search(r'<p class="secret"><code[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
        shown = self.presses(page, FACTOR, code=self.code())
        self.codes = tuple(re.findall(r'<li class="secret">([0-9A-Z-]+)</li>', shown.text))
        return shown

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.now())

    def signs_in(self, name: str = "noah", page: httpx.Response | None = None) -> httpx.Response:
        """Both steps, by somebody who has enrolled; what comes after them."""
        self.clock.advance(seconds=30)  # each code works once
        answer = self.types(name, page=page)
        page = self.opens(answer.headers["location"]) if answer.is_redirect else answer
        return self.presses(page, CODE, code=self.code())


@pytest.fixture
def sessions_stay() -> bool:
    """Here they end."""
    return False


@pytest.fixture
def visitor(url, database, clock) -> Callable[[], Visitor]:
    made = []

    def come() -> Visitor:
        made.append(Visitor(url, database, clock))
        return made[-1]

    yield come
    for each in made:
        each.client.close()


@pytest.fixture
def noah(visitor, hire) -> Visitor:
    """He looks after people in one workspace, and has not signed in yet."""
    hire("noah", "support@default", "marketer@default")
    return visitor()
