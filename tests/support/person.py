"""A person with a link: opens it, presses what is there to press, reads what it says."""

import re
from html import unescape
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import Client, TestResponse

from resign.db import Database
from resign.ledger.tables import Decision
from resign.links import Links, confirming
from resign.lost_links.tables import LinkRequest
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
                named = re.findall(r'<button type="submit" name="([^"]+)" value="([^"]+)"', form)
                return self.client.post(action, data={**fields, **dict(named[:1])})
        raise AssertionError(f"there is no button for {button!r}")

    def chooses(self, query: str = "", **to: str) -> TestResponse:
        """Opens the preference centre, marks these choices, leaves the others as they stand, and saves."""
        return self.client.post(f"{self.preferences}{query}", data=self.form(**to))

    def form(self, **to: str) -> dict[str, str]:
        """What the browser would send: every hidden field of the form with the questions, and what is marked."""
        text = self.client.get(self.preferences).text
        form = next(form for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL) if "<fieldset" in form)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        marked = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" id="[^"]+" checked', form)
        return {**fields, **dict(marked), **{f"to.{name}": choice for name, choice in to.items()}}

    def stands(self) -> dict[str, str]:
        """What the preference centre marks of each agreement: on, off, or nothing."""
        fields = self.form()
        return {
            name.removeprefix("was."): value.partition("~")[0]
            for name, value in fields.items()
            if name.startswith("was.")
        }

    def stops_everything(self) -> TestResponse:
        return self.presses(self.client.get(self.preferences), self.preferences)

    @property
    def preferences(self) -> str:
        return f"/p/{self.token}"

    def confirming(self, agreement: str) -> str:
        """The path of the link that the newest mail of the double opt-in carries."""
        links = Links(self.settings.workspaces.values())
        with self.database.reading() as session:
            request = session.scalar(
                select(func.max(LinkRequest.id)).where(LinkRequest.agreement == agreement)
            )
        return f"/c/{links.mint('default', self.profile, confirming(agreement, request or 0))}"

    def undoes(self, page: TestResponse) -> TestResponse:
        return self.presses(page, "/undo")

    def clicks_once(self, **more: Any) -> TestResponse:
        """What a mail client sends (RFC 8058 §3.2)."""
        return self.client.post(self.path, **{"data": ONE_CLICK, "content_type": FORM, **more})

    def decisions(self) -> list[Decision]:
        with self.database.reading() as session:
            return list(session.scalars(select(Decision).order_by(Decision.seq)))
