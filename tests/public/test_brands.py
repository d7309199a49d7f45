"""Several brands, each under a host name of its own: a link works at home and is politely sent there from elsewhere."""

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from resign.app import web_application
from resign.ledger.tables import Decision, Reason
from resign.links import Links
from resign.lost_links.tables import LinkRequest
from resign.settings import load
from tests.settings.test_toml import FERN, OAK
from tests.support.decisions import ANNA
from tests.support.person import FORM, ONE_CLICK

BASE, AT_FERN, AT_OAK = "optout.example", "optout.fern.example", "optout.oak.example"
PINE = FERN.replace("fern]", "pine]").replace("Fjord & Fern", "Pine Press")
OWN = """
[workspaces.{0}.agreements.wine]
attribute = "wine"
title = {{ en = "Wine" }}
"""
ELSEWHERE = [AT_OAK, AT_OAK.upper(), f"{AT_OAK}:443", f"{AT_OAK}:80", f"{AT_OAK}.", "OptOut.Oak.Example:443"]
UNKNOWN = [
    BASE,
    "127.0.0.1:8000",
    "other.example",
    f"{AT_OAK}:8443",
    f"x.{AT_OAK}",
    f"{AT_OAK}@evil.example",
    "",
    "[::1]",
    "ö",
]


@pytest.fixture
def brands(tmp_path):
    file = tmp_path / "resign.toml"
    tables = [
        f'base_url = "https://{BASE}"\ndata_dir = "{tmp_path}"\n',
        FERN
        + f'public_url = "https://{AT_FERN}"\nsynerise_url = "http://127.0.0.1:9"\npauses = "1"\n'
        + OWN.format("fern"),
        OAK + f'public_url = "https://{AT_OAK}"\n',
        PINE,
    ]
    file.write_text("".join(tables))
    return load({"RESIGN_CONFIG": str(file)})


@pytest.fixture
def client(brands, clock, database):
    return Client(web_application(brands, clock, database), use_cookies=False)


@pytest.fixture
def token(brands):
    return Links(brands.workspaces.values()).mint("fern", ANNA)


@pytest.fixture
def decided(database):
    def of() -> list[tuple[str, str]]:
        with database.reading() as session:
            return list(map(tuple, session.execute(select(Decision.workspace, Decision.choice)).all()))

    return of


def requests(token):
    """Everything that can be asked of a link."""
    yield "GET", f"/u/{token}", {}
    yield "GET", f"/u/{token}/record", {}
    yield "GET", f"/p/{token}", {}
    yield "POST", f"/u/{token}", {"data": ONE_CLICK, "content_type": FORM}
    yield "POST", f"/u/{token}", {"data": {"l": "en"}}
    yield "POST", f"/u/{token}", {"data": b"", "content_type": "text/plain"}
    yield "POST", f"/u/{token}/undo", {"data": {"l": "en"}}
    yield "POST", f"/u/{token}/pause", {"data": {"months": "1"}}
    yield "POST", f"/u/{token}/reason", {"data": {"reason": "too-many"}}
    yield "POST", f"/p/{token}", {"data": {"stop": "all"}}


@pytest.mark.parametrize("host", ELSEWHERE)
def test_under_another_brands_host_nothing_is_done_and_the_way_home_is_shown(
    client, token, database, decided, host
):
    for method, path, more in requests(token):
        answer = client.open(f"{path}?c=spring", method=method, headers={"Host": host}, **more)
        assert answer.status_code == 404, (method, path)
        assert f'href="https://{AT_FERN}/u/{token}?c=spring"' in answer.text, (method, path)
        assert "Oak &amp; Sons" in answer.text
        assert "Fjord" not in answer.text
        assert "Pine" not in answer.text
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "script" not in answer.headers["Content-Security-Policy"]
    assert decided() == []
    with database.reading() as session:
        assert session.scalars(select(Reason.id)).all() == []


@pytest.mark.parametrize("host", [AT_FERN, AT_FERN.upper(), f"{AT_FERN}:443", *UNKNOWN])
def test_at_home_and_under_an_unknown_host_everything_works(client, token, decided, host):
    assert client.get(f"/u/{token}", headers={"Host": host}).status_code == 200
    assert client.get(f"/p/{token}", headers={"Host": host}).status_code == 200
    for body in (ONE_CLICK, b"l=en"):
        pressed = client.post(f"/u/{token}", data=body, content_type=FORM, headers={"Host": host})
        assert pressed.status_code == 200
    page = {"l": "en", "page": "0" * 16}
    assert client.post(f"/u/{token}/undo", data=page, headers={"Host": host}).status_code == 200
    assert decided() == [("fern", "opt-out"), ("fern", "opt-out"), ("fern", "opt-in")]


def test_without_a_host_at_all_the_link_works(brands, clock, database, token, decided):
    """HTTP/1.0 asks for none."""
    seen = []
    application = web_application(brands, clock, database)
    environ = Client(application).get("/healthz").request.environ.copy()
    environ |= {"PATH_INFO": f"/u/{token}", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000"}
    environ.pop("HTTP_HOST", None)
    b"".join(application(environ, lambda status, *_: seen.append(status)))
    assert seen == ["200 OK"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("?l=pl&c=spring", "?l=pl&amp;c=spring"), ("?l=pl", "?l=pl"), ("?l=xx", ""), ("?l=%22%3E", "")],
)
def test_the_way_home_keeps_the_language_that_was_chosen(client, token, asked, kept):
    page = client.get(f"/u/{token}{asked}", base_url=f"https://{AT_OAK}")
    assert f'href="https://{AT_FERN}/u/{token}{kept}"' in page.text


def test_a_workspace_without_a_host_of_its_own_is_elsewhere_under_anothers(client, brands, decided):
    token = Links(brands.workspaces.values()).mint("pine", ANNA)
    answer = client.post(f"/u/{token}", data=ONE_CLICK, content_type=FORM, headers={"Host": AT_OAK})
    assert answer.status_code == 404
    assert f'href="https://{BASE}/u/{token}"' in answer.text
    assert decided() == []


@pytest.mark.parametrize(
    ("host", "asked"), [(AT_FERN, ["fern"]), (AT_OAK, ["oak"]), (BASE, ["fern", "oak", "pine"])]
)
def test_a_lost_link_is_asked_for_where_the_form_stood(client, database, host, asked):
    form = client.get("/u/", headers={"Host": host})
    assert ("Oak &amp; Sons" in form.text) == ("oak" in asked)
    assert ("Fjord" in form.text) == ("fern" in asked)
    sent = client.post("/u/", data={"email": "anna@example.com", "l": "en"}, headers={"Host": host})
    assert sent.status_code == 200
    with database.reading() as session:
        assert sorted(session.scalars(select(LinkRequest.workspace))) == asked


def test_a_bad_link_names_the_brand_whose_host_it_came_to(client):
    page = client.get("/u/x", headers={"Host": AT_OAK}).text
    assert "Oak &amp; Sons" in page
    assert "Fjord" not in page
    everybody = client.get("/u/x", headers={"Host": BASE}).text
    assert all(name in everybody for name in ("Oak &amp; Sons", "Fjord &amp; Fern", "Pine Press"))


@pytest.mark.parametrize(
    "host", ["<script>", "a" * 5000, "x\u00ff", "{{elsewhere}}", "oak.example, optout.fern.example"]
)
def test_a_hostile_host_is_never_shown_and_never_a_fault(client, token, host):
    for path in (f"/u/{token}", "/u/x", "/u/", f"/p/{token}", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code in {200, 400, 404}
        assert host not in answer.text.partition("</head>")[2]


def test_a_confirmation_under_another_brands_host_confirms_nothing(client, brands, decided):
    from resign.links import confirming  # noqa: PLC0415

    token = Links(brands.workspaces.values()).mint("fern", ANNA, confirming("wine", 1))
    for method in ("GET", "POST"):
        answer = client.open(f"/c/{token}", method=method, headers={"Host": AT_OAK})
        assert answer.status_code == 404
        assert f'href="https://{AT_FERN}/c/{token}"' in answer.text
    assert decided() == []


def test_nobody_is_told_to_write_to_a_brand_that_did_not_write_to_them(client, token):
    page = client.get(f"/u/{token}", base_url=f"https://{AT_OAK}").text
    assert "write to the sender" not in page
    assert "Open the email again" not in page
    assert "Oak &amp; Sons" in page
