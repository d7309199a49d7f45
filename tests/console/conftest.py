"""A console over real HTTP, with a database of its own, and those who use it: signed in, each with their roles."""

import io
import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import delete, update
from werkzeug.serving import make_server

from resign.console.app import create_console
from resign.console.desk import EXTENSION, Desk
from resign.console_root import desk_of
from resign.db import Database
from resign.i18n import Catalogues
from resign.settings import Settings, load
from resign.staff import accounts, passwords, sessions
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from resign.staff.sessions import SignedIn
from resign.staff.tables import Deed, StaffSession
from resign.themes.source import ThemeSource
from resign.themes.versions import Draft, add, draft
from tests.support.clock import StandingClock
from tests.support.looked_after import LookedAfter
from tests.support.serving import start as start_serving
from tests.support.variables import VARIABLES

HOME = "/console/themes/default"
COOKIE = "resign-console"
PASSWORD = "three herons on a roof"
SHELL = Staff(id=0, name="root (shell)", grants={EVERYWHERE: frozenset(ROLES)})
# As grants are written in the tests: a role, and where it is theirs.
EVERY_ROLE = tuple(f"{role}@*" for role in ROLES)
# The tests' console speaks plain HTTP, and each client would read all certificates of the world for itself.
_CERTIFICATES = httpx.create_ssl_context(trust_env=False)


class Editor:
    """Somebody with a browser that runs no script: opens a page, fills in its form, presses a button."""

    number = 0  # of their account

    def __init__(self, url: str, database: Database, clock: StandingClock, token: str = "") -> None:
        self.url, self.database, self.clock = url, database, clock
        self.client = httpx.Client(
            base_url=url, trust_env=False, timeout=60, headers={"Origin": url}, verify=_CERTIFICATES
        )
        self.comes_with(token)

    def comes_with(self, token: str) -> None:
        """The cookie of a session that was opened elsewhere."""
        self.client.cookies.clear()
        if token:
            self.client.cookies.set(COOKIE, token, domain="127.0.0.1", path="/console")

    @property
    def cookies(self) -> list[dict[str, str]]:
        """The same for a real browser's `add_cookies`."""
        token = self.client.cookies.get(COOKIE) or ""
        return [{"name": COOKIE, "value": token, "url": f"{self.url}/console"}]

    def opens(self, path: str = HOME, **more: Any) -> httpx.Response:
        return self.client.get(path, **more)

    def fields(self, page: httpx.Response) -> dict[str, str]:
        """What the page's form would send as it stands."""
        text = page.text
        found = {
            name: unescape(value)
            for name, value in re.findall(
                r'<input type="(?:text|hidden)"[^>]*? name="([^"]+)" value="([^"]*)"', text
            )
        }
        found |= {
            name: unescape(value)
            for name, value in re.findall(
                r'<textarea [^>]*?name="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.DOTALL
            )
        }
        for name, options in re.findall(r'<select id="\w+" name="(\w+)">(.*?)</select>', text, re.DOTALL):
            if chosen := re.search(r'value="([^"]+)"[^>]*? selected', options):
                found[name] = chosen[1]
        return found

    def sends(
        self, page: httpx.Response, do: str = "save", files: Any = None, **typed: str
    ) -> httpx.Response:
        """`light__paper` is the field `light.paper`, and `page_` is `page`."""
        named = {name.replace("__", ".").rstrip("_"): text for name, text in typed.items()}
        data = {**self.fields(page), "do": do, **named}
        return self.client.post(str(page.url), data=data, files=files or {"logo-file": ("", b"")})

    def presses(self, page: httpx.Response, path: str, **typed: str) -> httpx.Response:
        return self.client.post(path, data={**self.fields(page), **typed})

    def draft(self) -> Draft | None:
        with self.database.reading() as session:
            return draft(session, "default")

    def stores(self, files: dict[str, bytes]) -> int:
        with self.database.writing() as session:
            stored = add(session, "default", ThemeSource(files), "from a folder", "ada", self.clock.now())
            session.commit()
        return stored.number


@pytest.fixture(scope="session")
def console_catalogues() -> tuple[Catalogues, Catalogues]:
    return Catalogues(), Catalogues(domain="console")


@pytest.fixture(scope="session")
def console_made(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """It never answers anybody. Most of its making is the reading of a hundred rules, and those hold for all tests."""
    settings = load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path_factory.mktemp("console"))})
    return create_console(desk_of(settings))


@pytest.fixture
def console(
    console_made: Flask,
    settings: Settings,
    database: Database,
    clock: StandingClock,
    console_catalogues: tuple[Catalogues, Catalogues],
    sessions_stay: bool,
):
    shown, words = console_catalogues
    app = copy(console_made)
    app.extensions = {
        EXTENSION: replace(
            desk_of(settings, clock, database), catalogues=shown, words=words, secret=b"secret of the tests"
        )
    }
    app.view_functions = dict(console_made.view_functions)
    app.before_request_funcs = {
        of: list(functions) for of, functions in console_made.before_request_funcs.items()
    }
    if sessions_stay:
        app.before_request_funcs.setdefault(None, []).insert(0, Staying(database, clock))
    return app


class Staying:
    """A test that lets days go by is hardly ever about the end of a session, so each stays as young as it was."""

    def __init__(self, database: Database, clock: StandingClock) -> None:
        self._database, self._clock, self._at = database, clock, clock.now()

    def __call__(self) -> None:
        now = self._clock.now()
        if now != self._at:
            self._at = now
            with self._database.writing() as session:
                session.execute(update(StaffSession).values(created_at=now, seen_at=now))
                session.commit()


@pytest.fixture
def sessions_stay() -> bool:
    return True


@pytest.fixture
def desk(console) -> Desk:
    return console.extensions[EXTENSION]


@pytest.fixture
def served() -> Iterator[Callable[[Any], str]]:
    """Puts an application behind a real server, and gives its address."""
    servers = []

    def serve(application: Any) -> str:
        server = make_server("127.0.0.1", 0, application, threaded=True)
        servers.append(server)
        start_serving(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def url(console, served) -> str:
    return served(console)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch):
    """The product's own take a twentieth of a second each, and 64 MB."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture
def hire(database, clock) -> Callable[..., int]:
    """An account with its roles, `hire("noah", "support@default")`; the number of it."""

    def made(name: str, *grants: str) -> int:
        with database.writing() as session:
            account = accounts.add(session, name, PASSWORD, clock.now(), SHELL)
            for each in grants:
                role, _, workspace = each.partition("@")
                accounts.grant(session, account, role, workspace, clock.now(), SHELL)
            session.flush()
            session.execute(delete(Deed).where(Deed.name == SHELL.name))  # not what a test is about
            session.commit()
        return account.id

    return made


@pytest.fixture
def open_session(database, clock) -> Callable[..., str]:
    """Somebody is signed in by now; the token of their cookie."""

    def opened(number: int, level: str = "full") -> str:
        with database.writing() as session:
            token = sessions.open_session(session, number, clock.now(), agent="", level=level)
            session.commit()
        return token

    return opened


@pytest.fixture
def employ(url, database, clock, hire, open_session) -> Iterator[Callable[..., Editor]]:
    """Somebody new with these roles who is signed in: `employ("noah", "support@default")`."""
    editors = []

    def employed(name: str, *grants: str) -> Editor:
        number = hire(name, *grants)
        editors.append(Editor(url, database, clock, open_session(number)))
        editors[-1].number = number
        return editors[-1]

    yield employed
    for editor in editors:
        editor.client.close()


@pytest.fixture
def mia(employ) -> Editor:
    """She may do everything everywhere."""
    return employ("mia", *EVERY_ROLE)


class SignedInBrowser:
    """A real browser in which mia is signed in, whatever is opened with it."""

    def __init__(self, browser: Browser, mia: Editor) -> None:
        self._browser, self._mia = browser, mia

    def new_context(self, **options: Any) -> BrowserContext:
        context = self._browser.new_context(**options)
        context.add_cookies(self._mia.cookies)
        return context

    def new_page(self, **options: Any) -> Page:
        page = self._browser.new_page(**options)
        page.context.add_cookies(self._mia.cookies)
        return page


@pytest.fixture
def browser(browser: Browser, mia: Editor) -> SignedInBrowser:
    return SignedInBrowser(browser, mia)


@pytest.fixture
def nobody(url, database, clock) -> Iterator[Editor]:
    """Not signed in."""
    editor = Editor(url, database, clock)
    yield editor
    editor.client.close()


@pytest.fixture
def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (900, 300), "#0b6b4f").save(made, format="PNG")
    return made.getvalue()


@pytest.fixture
def people(database: Database, settings: Settings, clock: StandingClock) -> LookedAfter:
    return LookedAfter(database, settings, clock)


@pytest.fixture
def signed_in_as(console, clock) -> Callable[..., None]:
    """From now on whoever asks is somebody with these roles, by workspace."""
    now: dict[str, SignedIn] = {}
    console.before_request_funcs.setdefault(None, []).insert(0, lambda: g.__dict__.update(now))

    def sign_in(name: str = "sam", **grants: str) -> None:
        roles = {workspace: frozenset(given.split()) for workspace, given in grants.items()}
        staff = Staff(id=7, name=name, grants=roles)
        now["recognised"] = SignedIn(7, staff, "full", clock.now(), clock.now())

    return sign_in
