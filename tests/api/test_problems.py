"""Whatever is sent, the answer is one of ours: a documented problem with the headers of every answer, quoting nothing."""

import json
import logging

import pytest
from sqlalchemy import func, select
from werkzeug.test import Client

from resign.api.problems import KINDS
from resign.ledger.tables import Decision
from resign.web.headers import public_headers
from tests.api.conftest import ADDRESS, OUT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DEEP = b"[" * 8_000


def raw(caller, body: bytes, content_type: str = "application/json"):
    return caller.posts("/decisions", data=body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"", 400, "malformed"), (b"{", 400, "malformed"), (b"\xff\xfe", 400, "malformed"), (DEEP, 400, "malformed"),
        (b'{"profile":{"email":"\\ud800"},"choice":"opt-out"}', 400, "malformed"),
        (b"[]", 422, "invalid"), (b"null", 422, "invalid"), (b"1e999", 422, "invalid"), (b"NaN", 422, "invalid"),
        (b'{"profile":{"email":"anna@example.com","email":"boris@example.com"},"choice":"opt-out"}', 422, "invalid"),
        (b'{"profile":{"email":"anna@example.com"},"choice":"opt-in","choice":"opt-out"}', 422, "invalid"),
        (b"{}", 422, "invalid"), (b'{"anna@example.com":1}', 422, "invalid"),
        (b'{"profile":{"email":"a\\u0000@example.com"},"choice":"opt-out"}', 422, "invalid"),
    ],
)  # fmt: skip
def test_a_body_that_says_nothing_is_refused(crm, database, body, status, name):
    answer = raw(crm, body)
    assert (answer.status_code, answer.json["type"]) == (status, f"/api/v1/problems#{name}")
    assert answer.content_type == "application/problem+json"
    assert "anna" not in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 0


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"profile": {}}, "/profile"), ({"profile": {"email": ADDRESS, "customId": "7"}}, "/profile"),
        ({"profile": {"email": "anna"}}, "/profile"), ({"profile": {"email": None}}, "/profile/email"),
        ({"profile": {"email": "x" * 10_000}}, "/profile/email"), ({"profile": {"clientId": 7}}, "/profile/clientId"),
        ({"profile": {"clientId": "x"}}, "/profile"), ({"profile": {"customId": "\U0001f600"}}, "/profile"),
        ({"profile": {"digest": "0" * 32}}, "/profile"), ({"profile": ADDRESS}, "/profile"),
        ({"choice": "out"}, "/choice"), ({"choice": True}, "/choice"), ({"at": "2026-05-04"}, "/at"),
        ({"at": "2026-05-04T10:00:00"}, "/at"), ({"at": 1777889472}, "/at"), ({"at": "0001-01-01T00:00:00+14:00"}, "/at"),
        ({"evidence": "x" * 501}, "/evidence"), ({"campaign": "\x00"}, "/campaign"),
        ({"language": "english please"}, "/language"), ({"agreement": ""}, "/agreement"), ({"more": 1}, ""),
    ],
)  # fmt: skip
def test_each_fault_is_pointed_at_and_not_quoted(crm, changed, pointer):
    answer = crm.writes(**changed)
    assert (answer.status_code, answer.json["type"]) == (422, "/api/v1/problems#invalid"), answer.text
    assert pointer in [each["pointer"] for each in answer.json["errors"]]
    assert "anna" not in answer.text
    assert "xxxx" not in answer.text


def test_the_last_moment_that_there_is_lies_ahead(crm):
    answer = crm.writes(at="9999-12-31T23:59:59-14:00")
    assert (answer.status_code, answer.json["type"]) == (422, "/api/v1/problems#future")


def test_a_body_of_another_type_is_refused(crm):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
        assert raw(crm, json.dumps(OUT).encode(), kind).status_code == 415
    assert raw(crm, json.dumps(OUT).encode(), "application/json; charset=utf-8").status_code == 201


def test_a_body_that_is_too_large_is_refused(crm):
    assert raw(crm, b" " * (16 * 1024 + 1)).status_code == 413
    assert raw(crm, json.dumps(OUT).encode().ljust(16 * 1024)).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404), ("GET", "/api/", 404), ("GET", "/api/v1", 404), ("GET", "/api/v2/decisions", 404),
        ("PUT", "/api/v1/decisions", 405), ("DELETE", "/api/v1/decisions", 405), ("OPTIONS", "/api/v1/decisions", 405),
        ("POST", "/api/v1/openapi.json", 405), ("GET", "/api/v1/%00", 404), ("GET", "/api/v1/decisions/a/b", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_too(application, method, path, status):
    answer = Client(application).open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert ("Allow" in answer.headers) is (status == 405)


def test_every_answer_carries_the_headers_and_no_cookie(crm, application):
    answers = [
        crm.gets("/decisions"), crm.writes(), crm.writes(choice="x"), Client(application).get("/api/v1/nothing"),
        Client(application).get("/api/v1/decisions", headers={"Origin": "https://evil.example"}),
    ]  # fmt: skip
    for answer in answers:
        for name, value in public_headers():
            assert answer.headers.getlist(name) == [value]
        assert "Set-Cookie" not in answer.headers
        assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]


def test_what_begins_otherwise_is_the_pages(application):
    for path in ("/apis", "/apiary/v1", "/u/"):
        assert Client(application).get(path).content_type.startswith("text/html")


def test_no_other_spelling_of_an_address_is_a_redirect(application):
    for path in ("/api/v1/decisions/", "/api//v1/decisions", "//api/v1/decisions"):
        assert Client(application).post(path).status_code in {401, 404, 405}


def test_the_types_of_problems_are_said(application):
    found = Client(application).get("/api/v1/problems").json["problems"]
    assert {each["type"].partition("#")[2]: each["status"] for each in found} == {
        name: kind.status for name, kind in KINDS.items()
    }


def test_nothing_that_was_sent_is_in_the_log(crm, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    crm.writes()
    crm.writes(profile={"email": "anna"}, campaign=ADDRESS)
    monkeypatch.setattr("resign.api.decisions.writing.upload", lambda *_given, **_more: 1 / 0)
    assert crm.writes().status_code == 500
    assert ADDRESS not in caplog.text
    assert crm.key.split("_")[2] not in caplog.text
