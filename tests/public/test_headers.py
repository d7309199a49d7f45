"""Every public answer, errors included, carries the same headers and sets no cookie (A6, F)."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.person import FORM, ONE_CLICK

CASES = {
    "asking": lambda anna: anna.opens(),
    "one click": lambda anna: anna.clicks_once(),
    "one click the long way": lambda anna: anna.clicks_once(content_type="text/plain"),
    "done": lambda anna: anna.presses(),
    "already out": lambda anna: (anna.presses(), anna.opens())[1],
    "undone": lambda anna: anna.undoes(anna.presses()),
    "preferences": lambda anna: anna.client.get(anna.preferences),
    "preferences saved": lambda anna: anna.client.post(anna.preferences, data={"to.newsletter": "off"}),
    "preferences asked": lambda anna: anna.client.post(anna.preferences, data={"to.newsletter": "on"}),
    "preferences same": lambda anna: anna.client.post(anna.preferences),
    "everything stopped": lambda anna: anna.client.post(anna.preferences, data={"stop": "all"}),
    "preferences by a bad link": lambda anna: anna.client.post("/p/x", data={"stop": "all"}),
    "confirmed": lambda anna: (
        anna.client.post(anna.preferences, data={"to.newsletter": "on"}),
        anna.client.post(anna.confirming("newsletter")),
    )[1],
    "confirmed too late": lambda anna: anna.client.post(anna.confirming("newsletter")),
    "a break that is not offered": lambda anna: anna.client.post(f"{anna.path}/pause", data={"months": "1"}),
    "a reason": lambda anna: (
        anna.clicks_once(),
        anna.client.post(f"{anna.path}/reason", data={"words": "x"}),
    )[1],
    "a reason too long": lambda anna: anna.client.post(f"{anna.path}/reason", data={"words": "x" * 501}),
    "a reason for nothing": lambda anna: anna.client.post(f"{anna.path}/reason", data={"words": "x"}),
    "record": lambda anna: (anna.presses(), anna.client.get(f"{anna.path}/record"))[1],
    "bad link": lambda anna: anna.client.get("/u/x"),
    "bad link pressed": lambda anna: anna.client.post("/u/x", data=ONE_CLICK, content_type=FORM),
    "lost link": lambda anna: anna.client.get("/u/"),
    "lost link asked for": lambda anna: anna.client.post("/u/", data={"email": "anna@example.com"}),
    "lost link for no address": lambda anna: anna.client.post("/u/", data={"email": "anna"}),
    "lost links too often": lambda anna: [
        anna.client.post("/u/", data={"email": "anna@example.com"}) for _ in range(7)
    ][-1],
    "a template's link that fails": lambda anna: anna.client.get("/u/?e=x&sig=y"),
    "not found": lambda anna: anna.client.get("/nowhere"),
    "wrong method": lambda anna: anna.client.put(anna.path),
    "too large": lambda anna: anna.clicks_once(data=b"x" * 20_000),
    "options": lambda anna: anna.client.options(anna.path),
    "head": lambda anna: anna.client.head(anna.path),
    "health": lambda anna: anna.client.get("/healthz"),
    "ready": lambda anna: anna.client.get("/readyz"),
    "metrics": lambda anna: anna.client.get("/metrics"),
    "unavailable": lambda anna: (break_database(anna), anna.clicks_once())[1],
    "unavailable preferences": lambda anna: (
        break_database(anna),
        anna.client.post(anna.preferences, data={"stop": "all"}),
    )[1],
    "unavailable page": lambda anna: (break_database(anna), anna.opens())[1],
}


def break_database(anna) -> None:
    def away(*_args, **_more):
        raise OperationalError("SELECT", {}, Exception("no connection"))

    anna.database.reading = anna.database.writing = away
    anna.database.reader.raw_connection = away


@pytest.mark.parametrize("case", CASES)
def test_the_headers_are_there(anna, case):
    response = CASES[case](anna)
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in headers
    assert response.status_code not in range(300, 400)
    for name in headers.keys():  # noqa: SIM118 - a header list may hold a name twice
        assert len(headers.getlist(name)) == 1, f"{name} twice"


def test_the_page_may_use_its_own_style_and_nothing_else(anna):
    page = anna.opens()
    assert "style-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    for elsewhere in ("//fonts", "https://", "http://", "url("):
        assert elsewhere not in page.text


def test_a_page_weighs_no_more_than_14_kb_compressed_and_is_one_request(anna):
    import gzip  # noqa: PLC0415

    for page in (anna.opens(), anna.presses()):
        assert len(gzip.compress(page.data)) <= 14_000
        assert 'rel="stylesheet"' not in page.text
        assert "src=" not in page.text


@pytest.mark.parametrize("case", ["unavailable", "unavailable page"])
def test_without_the_database_nothing_is_called_done(anna, case):
    response = CASES[case](anna)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "opted out" not in response.text


def test_the_pages_own_button_without_the_database_is_honest_and_offers_itself_again(anna):
    page = anna.opens()
    break_database(anna)
    response = anna.presses(page)
    assert response.status_code == 503
    assert "<form" in response.text
