"""A console over real HTTP, with a database of its own, and somebody who uses it."""

import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from flask import g
from PIL import Image
from werkzeug.serving import make_server

from resign.console.app import create_console
from resign.console.desk import EXTENSION, Desk
from resign.console_root import desk_of
from resign.db import Database
from resign.i18n import Catalogues
from resign.settings import Settings
from resign.staff.roles import Staff
from resign.themes.source import ThemeSource
from resign.themes.versions import Draft, add, draft
from tests.support.clock import StandingClock
from tests.support.looked_after import LookedAfter

HOME = "/console/themes/default"


class Editor:
    """Somebody with a browser that runs no script: opens a page, fills in its form, presses a button."""

    def __init__(self, url: str, database: Database, clock: StandingClock) -> None:
        self.url, self.database, self.clock = url, database, clock
        self.client = httpx.Client(base_url=url, trust_env=False, timeout=60, headers={"Origin": url})

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


@pytest.fixture
def console(
    settings: Settings,
    database: Database,
    clock: StandingClock,
    console_catalogues: tuple[Catalogues, Catalogues],
):
    shown, words = console_catalogues
    stand = replace(
        desk_of(settings, clock, database),
        catalogues=shown,
        words=words,
        author="mia",
        secret=b"secret of the tests",
    )
    return create_console(stand)


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
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def url(console, served) -> str:
    return served(console)


@pytest.fixture
def mia(url, database, clock) -> Iterator[Editor]:
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
def signed_in_as(console) -> Callable[..., None]:
    """From now on whoever asks is somebody with these roles, by workspace."""
    now: dict[str, Staff] = {}
    console.before_request_funcs.setdefault(None, []).insert(0, lambda: g.__dict__.update(now))

    def sign_in(name: str = "sam", **grants: str) -> None:
        roles = {workspace: frozenset(given.split()) for workspace, given in grants.items()}
        now["staff"] = Staff(id=7, name=name, grants=roles)

    return sign_in
