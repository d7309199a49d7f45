"""Who is answered: this console's own pages under its own name. And what every answer carries."""

import http.client
import re
from itertools import product
from urllib.parse import urlsplit

import pytest

from tests.console.conftest import COOKIE, EVERY_ROLE, HOME

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROUTES = {
    ("GET", "/"): "leads to where the console begins",
    ("GET", "/console/"): "leads to the first part that is theirs",
    ("GET", "/console/sign-in"): "name and password",
    ("POST", "/console/sign-in"): "opens a session, half way or whole",
    ("GET", "/console/sign-in/oidc"): "off to the identity provider",
    ("GET", "/console/sign-in/oidc/callback"): "and back: opens a session",
    ("GET", "/console/sign-in/code"): "six digits, or a recovery code",
    ("POST", "/console/sign-in/code"): "the session is whole",
    ("POST", "/console/sign-in/again"): "on to a form that waited for the sign-in",
    ("POST", "/console/sign-out"): "the session is over",
    ("GET", "/console/second-factor"): "the picture to scan",
    ("POST", "/console/second-factor"): "it is taken up; recovery codes, this once",
    ("GET", "/console/account"): "my sessions, my password, my second factor",
    ("POST", "/console/account/password"): "another password",
    ("POST", "/console/account/recovery-codes"): "other recovery codes",
    ("POST", "/console/account/sessions/<int:number>/end"): "one of my sessions is over",
    ("POST", "/console/account/sessions/end-others"): "all but this one are over",
    ("GET", "/console/set-up/<token>"): "a password is chosen",
    ("POST", "/console/set-up/<token>"): "it is set",
    ("GET", "/console/staff"): "whose accounts there are",
    ("POST", "/console/staff"): "somebody new",
    ("GET", "/console/staff/<int:number>"): "one account",
    ("GET", "/console/staff/<int:number>/ask/<act>"): "what it would do",
    ("POST", "/console/staff/<int:number>/grant"): "another role",
    ("POST", "/console/staff/<int:number>/revoke"): "a role less",
    ("POST", "/console/staff/<int:number>/disable"): "nobody signs in with it",
    ("POST", "/console/staff/<int:number>/enable"): "they do again",
    ("POST", "/console/staff/<int:number>/second-factor"): "they enrol anew",
    ("POST", "/console/staff/<int:number>/sessions"): "they are signed out",
    ("POST", "/console/staff/<int:number>/password"): "a link for another password",
    ("GET", "/console/deeds"): "what was done",
    ("POST", "/console/deeds"): "what its form sends: leads to an address that gives nobody away",
    ("GET", "/console/search"): "what is found, and the newest decisions where nothing is asked",
    ("POST", "/console/search"): "what the box sends: leads to an address that gives nobody away",
    ("GET", "/console/people/<workspace>/<digest>"): "a person's story",
    ("POST", "/console/people/<workspace>/<digest>"): "the same, with the address in clear",
    ("GET", "/console/people/<workspace>/<digest>/shown/<uuid:decision>"): "the page as they saw it",
    ("GET", "/console/people/<workspace>/<digest>/shown/<uuid:decision>/frame"): "its frame",
    ("GET", "/console/people/<workspace>/<digest>/proof"): "what will be in a proof",
    ("POST", "/console/people/<workspace>/<digest>/proof"): "a proof, for paper or as a file",
    ("GET", "/console/reports"): "leads to the first workspace's",
    ("GET", "/console/reports/<workspace>"): "the last thirty days",
    ("GET", "/console/reports/<workspace>/<report>"): "one report",
    ("GET", "/console/reports/<workspace>/<report>/csv"): "the same as a file",
    ("GET", "/console/bursts/<workspace>"): "scanner bursts",
    ("GET", "/console/bursts/<workspace>/csv"): "the same as a file",
    ("GET", "/console/bursts/<workspace>/<int:number>"): "one burst",
    ("POST", "/console/bursts/<workspace>/<int:number>/proposal"): "proposes to reverse it",
    (
        "POST",
        "/console/bursts/<workspace>/<int:number>/answer",
    ): "a second person's answer, or the first one's change of mind",
    ("GET", "/console/people/<workspace>/new"): "asks before somebody new is opted out",
    ("POST", "/console/people/<workspace>/new"): "does it",
    (
        "GET",
        "/console/people/<workspace>/<digest>/opt-out",
    ): "asks before somebody is opted out on their behalf",
    ("POST", "/console/people/<workspace>/<digest>/opt-out"): "does it",
    ("GET", "/console/people/<workspace>/<digest>/undo"): "asks before somebody is opted in",
    ("POST", "/console/people/<workspace>/<digest>/undo"): "does it",
    ("GET", "/console/people/<workspace>/<digest>/tell-again"): "asks before Synerise is told again",
    ("POST", "/console/people/<workspace>/<digest>/tell-again"): "does it",
    (
        "GET",
        "/console/people/<workspace>/<digest>/check-now",
    ): "asks before Synerise is asked what the profile says",
    ("POST", "/console/people/<workspace>/<digest>/check-now"): "does it",
    ("GET", "/console/people/<workspace>/<digest>/send-link"): "asks before a link is sent",
    ("POST", "/console/people/<workspace>/<digest>/send-link"): "does it",
    ("GET", "/console/themes"): "all workspaces",
    ("GET", "/console/themes/<workspace>"): "colours, logo, sender",
    ("POST", "/console/themes/<workspace>"): "the same, saved or tried",
    ("GET", "/console/themes/<workspace>/texts"): "leads to the texts in the language of the workspace",
    ("GET", "/console/themes/<workspace>/texts/<tongue>"): "the texts in one language",
    ("POST", "/console/themes/<workspace>/texts/<tongue>"): "the same, saved or tried",
    ("GET", "/console/themes/<workspace>/templates"): "the list of templates",
    ("GET", "/console/themes/<workspace>/templates/<name>"): "one template",
    ("POST", "/console/themes/<workspace>/templates/<name>"): "the same, saved or tried",
    ("GET", "/console/themes/<workspace>/style"): "the style",
    ("POST", "/console/themes/<workspace>/style"): "the same, saved or tried",
    ("GET", "/console/themes/<workspace>/preview"): "the frame: the draft",
    ("GET", "/console/themes/<workspace>/preview/<name>"): "the frame: what was typed",
    ("GET", "/console/themes/<workspace>/publish"): "the difference, and what a check came to",
    ("POST", "/console/themes/<workspace>/publish"): "checks, and puts it on",
    ("POST", "/console/themes/<workspace>/check"): "only checks",
    ("GET", "/console/themes/<workspace>/status"): "whether the check is through",
    ("GET", "/console/themes/<workspace>/discard"): "asks before the draft goes",
    ("POST", "/console/themes/<workspace>/discard"): "the draft goes",
    ("GET", "/console/themes/<workspace>/wear/<int:number>"): "asks before a roll-back",
    ("POST", "/console/themes/<workspace>/wear/<int:number>"): "rolls back",
    ("GET", "/console/imports"): "all imports",
    ("POST", "/console/imports"): "brings a file",
    ("GET", "/console/imports/<uuid:number>"): "one import",
    (
        "POST",
        "/console/imports/<uuid:number>/<any(run, pause, resume, stop):order>",
    ): "takes it in, pauses, goes on, stops",
    ("GET", "/console/imports/<uuid:number>/reverse"): "asks whether to take it back",
    ("POST", "/console/imports/<uuid:number>/reverse"): "takes it back",
    ("GET", "/console/imports/<uuid:number>/rows"): "what became of each row",
    ("GET", "/console/imports/<uuid:number>/rejects"): "the refused rows, as a file",
    ("GET", "/console/imports/<uuid:number>/mapping"): "what the columns mean",
    ("POST", "/console/imports/<uuid:number>/mapping"): "says what they mean",
    ("GET", "/console/exports"): "one's own exports",
    ("POST", "/console/exports/search"): "asks for a search as a file",
    ("POST", "/console/exports/report"): "a report as a file",
    ("GET", "/console/exports/<int:number>"): "the file",
    ("POST", "/console/exports/<int:number>/delete"): "throws it away",
    ("GET", "/console/reference"): "what templates may use",
    ("GET", "/console/deliveries"): "what is owed, and why it waits",
    ("POST", "/console/deliveries/<workspace>/<destination>/pause"): "pauses a lane by hand",
    ("POST", "/console/deliveries/<workspace>/<destination>/resume"): "ends that",
    ("GET", "/console/settings"): "what is set, and which keys there are",
    ("POST", "/console/deliveries/<workspace>/<destination>/test"): "posts a test to a webhook",
    ("POST", "/console/deliveries/<workspace>/<destination>/replay"): "sends it once more what it took",
    ("POST", "/console/deliveries/<workspace>/feeds/<feed>/send"): "has a feed's file written now",
    ("POST", "/console/deliveries/<workspace>/feeds/<feed>/pause"): "pauses a feed by hand",
    ("POST", "/console/deliveries/<workspace>/feeds/<feed>/resume"): "ends that",
    ("GET", "/console/deliveries/dead"): "what was refused for good",
    ("GET", "/console/deliveries/dead/retry"): "asks before many are sent again",
    ("POST", "/console/deliveries/dead/retry"): "sends those that match again",
    ("POST", "/console/deliveries/<workspace>/dead/<int:number>/retry"): "sends one again",
    ("GET", "/console/static/<filename>"): "style and scripts",
    ("GET", "/u/"): "where links of the preview lead: nowhere",
    ("GET", "/console/api-keys"): "keys of other systems to the API",
    ("POST", "/console/api-keys"): "one more, shown this once",
    ("POST", "/console/api-keys/<workspace>/<key_id>/rotate"): "another like it, shown this once",
    ("POST", "/console/api-keys/<workspace>/<key_id>/revoke"): "it opens nothing any more",
    ("GET", "/u/<path:anything>"): "the same",
    ("GET", "/p/<path:anything>"): "the same",
}
FORMS = sorted(path for method, path in ROUTES if method == "POST")


def filled(path: str) -> str:
    for place, value in {
        "<workspace>": "default", "<destination>": "synerise", "<tongue>": "pl", "<name>": "optout.html", "<int:number>": "0",
        "<filename>": "editor.js", "<path:anything>": "x", "<digest>": "0" * 32,
        "<uuid:decision>": "01900000-0000-7000-8000-000000000000",
        "<report>": "opt-outs", "<key_id>": "000000000000",
        "<uuid:number>": "01900000-0000-7000-8000-000000000000",
        "<any(run, pause, resume, stop):order>": "run",
    }.items():  # fmt: skip
        path = path.replace(place, value)
    return path


def test_every_route_is_in_the_table_and_no_other(console):
    found = {
        (method, rule.rule)
        for rule in console.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert found == set(ROUTES)


@pytest.fixture
def browser_of(console, hire, open_session):
    """A client of the application itself with the cookie of a session; `level` none is nobody's."""
    number = hire("ida", *EVERY_ROLE)

    def made(level="full"):
        client = console.test_client()
        if level is not None:
            client.set_cookie(COOKIE, open_session(number, level), domain="127.0.0.1", path="/console")
        return client

    return made


def test_another_hosts_name_is_not_answered(console):
    hosts = [
        "evil.example",
        "evil.example:8020",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "localhost.evil.example",
        "127.0.0.1:8020@x",
        "[::1",
        "",
    ]
    paths = ("/console/themes", HOME, "/console/static/editor.js")
    for host, path in product(hosts, paths):
        answer = console.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert "does not answer to this name" in answer.text


def test_this_machines_names_are_answered(console):
    for host in ("127.0.0.1", "127.0.0.1:8020", "localhost:8020", "LOCALHOST", "[::1]:8020"):
        assert console.test_client().get("/console/sign-in", headers={"Host": host}).status_code == 200


CROSS_SITE = {
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://127.0.0.1:9999"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "an opaque origin": {"Origin": "null"},
    "an opaque origin across sites": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "our origin across sites": {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "cross-site"},
}


def test_a_form_of_another_site_changes_nothing(console, mia):
    typed = {"mark": mia.fields(mia.opens())["mark"], "do": "save"}
    client = console.test_client()
    for path in FORMS:
        for case, headers in CROSS_SITE.items():
            answer = client.post(filled(path), data=typed, headers={"Host": "127.0.0.1", **headers})
            assert answer.status_code == 403, (path, case)
            assert "another site" in answer.text


LEVELS = {"/console/sign-in": None, "/console/sign-in/code": "password"}


def test_a_form_without_our_mark_changes_nothing(browser_of):
    clients = {level: browser_of(level) for level in ("full", "password", None)}
    for path in FORMS:
        client = clients[LEVELS.get(path, "full")]
        for mark in ("", "x", "x" * 86, "\u0105" * 90):
            answer = client.post(filled(path), data={"mark": mark}, headers={"Host": "127.0.0.1"})
            assert answer.status_code == 403, (path, mark)
            assert "was not made by this console" in answer.text


def test_our_own_form_is_taken(browser_of):
    client = browser_of()
    page = client.get(HOME, headers={"Host": "127.0.0.1"}).text
    data = {"mark": mark_in(page), "do": "save", "light.paper": "nonsense"}
    for headers in ({}, {"Origin": "http://127.0.0.1"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}):
        answer = client.post(HOME, data=data, headers={"Host": "127.0.0.1", **headers})
        assert answer.status_code == 422


def mark_in(page):
    return re.search(r'name="mark" value="([^"]+)"', page)[1]


def test_a_form_that_somebody_else_opened_changes_nothing(console, mia, employ):
    noah = employ("noah", *EVERY_ROLE)
    stolen = mark_in(noah.opens().text)
    answer = mia.client.post(HOME, data={"mark": stolen, "do": "save", "light.paper": "#ffe9c4"})
    assert answer.status_code == 403
    assert "opened by somebody else" in answer.text
    before_sign_in = mark_in(
        console.test_client().get("/console/sign-in", headers={"Host": "127.0.0.1"}).text
    )
    assert mia.client.post(HOME, data={"mark": before_sign_in, "do": "save"}).status_code == 403
    assert mia.draft() is None


@pytest.mark.parametrize("level", [None, "full"])
def test_every_answer_carries_the_headers(browser_of, level):
    client = browser_of(level)
    for path in [
        *(filled(path) for method, path in ROUTES if method == "GET"),
        "/nowhere",
        f"{HOME}/wear/99",
    ]:
        answer = client.get(path, headers={"Host": "127.0.0.1"}, buffered=True)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers, "http on this machine has no such thing"


def test_the_preview_may_stand_in_our_frame_alone_and_do_nothing(browser_of):
    answer = browser_of().get(f"{HOME}/preview", headers={"Host": "127.0.0.1"})
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert policy.endswith("; sandbox")
    assert "script-src" not in policy
    assert "form-action 'none'" in policy


def test_too_large_a_body_is_refused_before_it_is_read(mia):
    place = urlsplit(mia.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.putrequest("POST", HOME)
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(50 * 1024 * 1024))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert "2 MB at most" in answer.read().decode()


def test_what_there_is_not_is_said(mia):
    paths = [
        "/console/themes/nobody",
        f"{HOME}/texts/xx",
        f"{HOME}/templates/shell.html",
        f"{HOME}/templates/..%2fx",
        f"{HOME}/wear/7",
        f"{HOME}/wear/{2**63}",
        f"{HOME}/preview/gone",
    ]
    assert {mia.opens(path).status_code for path in paths} == {404}


def test_what_is_no_part_of_a_form_is_of_no_account(mia):
    page = mia.opens(f"{HOME}?page=nonsense&language=%00&sample=../x&width=9&saved=x&q=%F0%9F%92%A9")
    assert page.status_code == 200
    assert (
        mia.sends(page, page_="evil", language="evil", sample="evil", width="evil", unknown="x").status_code
        == 303
    )
