"""Somebody of support with a browser that runs no script, before the page of a person."""

import re
from html import unescape

import pytest

from tests.support.decisions import DIGEST_KEY
from tests.support.looked_after import person_path

SOUND = {
    "agreement": "newsletter",
    "channel": "phone",
    "asked_on": "2026-05-04",
    "basis": "She rang and asked.",
}


def said(page) -> str:
    """What can be read, without the marks around it."""
    return " ".join(unescape(re.sub(r"</?[a-z!][^>]*>", " ", page.text)).split())


def form(page) -> dict[str, list[str]]:
    """What the act's form would send as it stands."""
    text = re.search(r'<main.*?(<form method="post"(?! action).*?</form>)', page.text, re.DOTALL)[1]
    found = re.findall(r'<input type="(?:hidden|text|date)"[^>]*? name="([^"]+)" value="([^"]*)"', text)
    found += re.findall(
        r'<input type="(?:radio|checkbox)" id="[^"]+" name="([^"]+)" value="([^"]+)" checked', text
    )
    found += re.findall(r'<textarea [^>]*?name="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    for name, options in re.findall(r'<select id="\w+" name="(\w+)">(.*?)</select>', text, re.DOTALL):
        found += [(name, value) for value in re.findall(r'value="([^"]+)" selected', options)]
    fields: dict[str, list[str]] = {}
    for name, value in found:
        fields.setdefault(name, []).append(unescape(value))
    return fields


class Support:
    def __init__(self, mia, people, signed_in_as):
        self.client, self.url, self.people, self._sign_in = mia.client, mia.url, people, signed_in_as
        self.path = person_path()

    def is_(self, name: str, **grants: str) -> "Support":
        self._sign_in(name, **(grants or {"default": "support"}))
        return self

    def opens(self, act: str = ""):
        return self.client.get(f"{self.path}/{act}" if act else self.path)

    def presses(self, page, **typed):
        """The form of the page as it stands, with what is typed into it; to where the page itself came from."""
        return self.client.post(str(page.url), data={**form(page), **typed})

    def does(self, act: str, **typed):
        return self.presses(self.opens(act), **typed)

    def follows(self, answer):
        assert answer.status_code == 303, said(answer)
        return self.client.get(answer.headers["Location"])

    def deeds(self) -> list[tuple[str, str]]:
        return [(deed.name, deed.action) for deed in self.people.deeds() if deed.action != "opened-person"]


@pytest.fixture
def support(mia, people, signed_in_as) -> Support:
    return Support(mia, people, signed_in_as).is_("Ada")


def digest_of(profile) -> str:
    return profile.digest(DIGEST_KEY)
