"""Links that cannot be opened: one page for every cause, and a way on (A9, A10, A11, A13, A14)."""

import pytest

from resign.app import web_application
from resign.links import Links
from resign.settings import load
from tests.support.decisions import ANNA
from tests.support.person import FORM, ONE_CLICK
from tests.support.variables import VARIABLES

HOSTILE = [
    "x",
    "k2",
    "k2..",
    "k2.AAAA.BBBB",
    "..",
    "%00",
    "%ff%fe",
    "k2." + "A" * 5_000 + ".B",
    "<script>alert(1)</script>",
    "'; DROP TABLE decisions; --",
    "ż.ó.ł",
    "🎈.🎈.🎈",
    "{{7*7}}",
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", HOSTILE)
def test_any_bytes_get_the_same_page_and_never_a_crash(client, token, method):
    known = client.get("/u/k2.not.one")
    response = client.open(f"/u/{token}", method=method, data=ONE_CLICK, content_type=FORM)
    assert response.status_code == 404
    assert response.data == known.data
    assert "hello@fjordandfern.example" in response.text


def test_a_byte_flipped_anywhere_opens_nobody_elses_link(anna, settings):
    links = Links(settings.workspaces.values())
    for position in range(len(anna.token)):
        for other in ("A", "b", "7", "-", "_", "."):
            flipped = anna.token[:position] + other + anna.token[position + 1 :]
            response = anna.client.get(f"/u/{flipped}")
            if response.status_code == 200:
                assert links.open(flipped).profile == ANNA
                assert "a•••@example.com" in response.text
            else:
                assert response.status_code in {404, 429}


def test_a_link_survives_five_rotations(anna, clock, database):
    old = {**VARIABLES, "RESIGN_KEYS": "k0:the-oldest-secret-of-the-tests"}
    token = Links(load(old).workspaces.values()).mint("default", ANNA)
    ring = ",".join(f"k{n}:secret-number-{n}-of-the-tests" for n in range(1, 6))
    rotated = load({**VARIABLES, "RESIGN_KEYS": f"{old['RESIGN_KEYS']},{ring}"})
    assert Links(rotated.workspaces.values()).open(token).profile == ANNA
    revoked = load({**VARIABLES, "RESIGN_KEYS": ring})
    anna.client.application = web_application(revoked, clock, database)
    response = anna.client.post(f"/u/{token}", data=ONE_CLICK, content_type=FORM)
    assert response.status_code == 404
    assert "hello@fjordandfern.example" in response.text


def test_another_networks_attempts_are_limited_after_sixty(client):
    statuses = [client.get(f"/u/k2.not.one{n}").status_code for n in range(70)]
    assert statuses[:60] == [404] * 60
    assert set(statuses[61:]) == {429}


@pytest.mark.parametrize("path", ["/", "/nowhere", "/console/", "/apiary"])
def test_what_is_not_there_says_so_kindly(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1" in response.text
