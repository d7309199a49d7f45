"""A person with a link: opens it, presses what is there to press, reads what it says."""

import re
from html import unescape
from typing import Any

from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from resign.db import Database
from resign.ledger.tables import Decision
from resign.links import Links
from resign.profile import Profile
from resign.settings import Settings
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA

ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


class Person:
    def __init__(
        self,
        client: Client,
        settings: Settings,
        clock: StandingClock,
        database: Database,
        profile: Profile = ANNA,
    ) -> None:
        self.client, self.clock, self.database, self.settings = client, clock, database, settings
        self.profile = profile
        self.token = Links(settings.workspaces.values()).mint("default", profile)
        self.path = f"/u/{self.token}"

    def opens(self, query: str = "", **headers: str) -> TestResponse:
        return self.client.get(f"{self.path}{query}", headers=headers)

    def presses(self, page: TestResponse | None = None, button: str = "") -> TestResponse:
        """Presses a button of a page: the form whose action ends with `button`, with its hidden fields."""
        text = (page or self.opens()).text
        for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
            action = unescape(re.search(r'action="([^"]*)"', form)[1])
            if action.split("?")[0].endswith(button):
                fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
                return self.client.post(action, data=fields)
        raise AssertionError(f"there is no button for {button!r}")

    def undoes(self, page: TestResponse) -> TestResponse:
        return self.presses(page, "/undo")

    def clicks_once(self, **more: Any) -> TestResponse:
        """What a mail client sends (RFC 8058 §3.2)."""
        return self.client.post(self.path, **{"data": ONE_CLICK, "content_type": FORM, **more})

    def decisions(self) -> list[Decision]:
        with self.database.reading() as session:
            return list(session.scalars(select(Decision).order_by(Decision.seq)))
