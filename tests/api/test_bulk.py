"""Many decisions, one a line: a bad line is its own problem, and whatever happens each good line is recorded or said not to be."""

import io
import json
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from resign.api.decisions import bulk, lines
from resign.ledger.tables import Decision
from tests.api.conftest import OUT

LINES = "application/x-ndjson"


def line(number: int, **more) -> bytes:
    return json.dumps({"profile": {"email": f"p{number}@example.com"}, "choice": "opt-out", **more}).encode()


def send(caller, *sent: bytes, content_type: str = LINES):
    return caller.posts("/decisions/bulk", data=b"\n".join(sent), content_type=content_type)


def answers(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == LINES
    return [json.loads(each) for each in answer.text.splitlines()]


def count(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Decision))


def test_each_line_is_answered_and_the_good_ones_go_through(crm, database):
    found = answers(
        send(
            crm, line(1), b"", b"{", line(2, agreement="beer"), line(1), b"  ", line(3, choice="opt-in"), line(1, choice="opt-in"),
            b'{"profile":{"email":"no address"},"choice":"opt-out","choice":"opt-out"}', b'"\xff"', line(4, campaign="x" * 20_000), line(5),
        )
    )  # fmt: skip
    said = [
        (each["line"], each["result"], (each["problem"] or {}).get("type", "").partition("#")[2])
        for each in found
    ]
    assert said == [
        (1, "recorded", ""), (3, "refused", "malformed"), (4, "refused", "unknown-agreement"), (5, "kept", ""),
        (7, "recorded", ""), (8, "refused", "opted-out"), (9, "refused", "invalid"), (10, "refused", "malformed"),
        (11, "refused", "too-large"), (12, "recorded", ""),
    ]  # fmt: skip
    assert found[0]["written"]["id"] == crm.gets("/decisions?order=oldest").json["decisions"][0]["id"]
    assert "no address" not in json.dumps(found)
    assert count(database) == 3


def test_sent_again_it_is_known_and_switches_nobody_on_who_left_in_between(crm, database, clock):
    """An Idempotency-Key beside it is not looked at: each line answers for itself."""
    sent = (line(1), line(2, choice="opt-in", evidence="form 7"))
    headers = {"Idempotency-Key": "nightly-1"}

    def said():
        found = crm.posts("/decisions/bulk", data=b"\n".join(sent), content_type=LINES, headers=headers)
        return [each["result"] for each in answers(found)]

    assert [said(), said()] == [["recorded", "recorded"], ["kept", "kept"]]
    clock.advance(hours=1)
    crm.writes(profile={"email": "p2@example.com"})
    assert said() == ["kept", "refused"]
    assert count(database) == 3


def test_more_than_one_transaction_holds(crm, database):
    found = answers(send(crm, *(line(number) for number in range(1_203)), b"x"))
    assert [each["line"] for each in found] == list(range(1, 1_205))
    assert {each["result"] for each in found[:-1]} == {"recorded"}
    assert count(database) == 1_203


def test_what_was_not_recorded_is_said_not_to_be(crm, database, monkeypatch):
    """The database goes away after the first 500."""
    whole, calls = bulk.uploaded_all, []

    def failing(session, statements):
        calls.append(len(statements))
        if len(calls) > 1:
            raise OperationalError("INSERT", None, Exception("the disk is full"))
        return whole(session, statements)

    monkeypatch.setattr(bulk, "uploaded_all", failing)
    found = answers(send(crm, *(line(number) for number in range(1_400))))
    recorded = [each for each in found if each["result"] == "recorded"]
    assert [each["line"] for each in recorded] == list(range(1, 501))
    assert {each["problem"]["type"] for each in found[500:]} == {"/api/v1/problems#unavailable"}
    assert len(found) == 1_400
    assert calls == [500, 500]
    assert count(database) == 500
    calls.append(0)
    assert send(crm, line(9_999)).status_code == 503


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_is_an_end_to_the_lines(crm, database, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_LINES", 3)
    found = answers(send(crm, *(line(number) for number in range(9))))
    assert [each["result"] for each in found] == ["recorded"] * 3 + ["refused"]
    assert found[3]["problem"]["type"] == "/api/v1/problems#too-large"
    assert count(database) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_body_of_another_type_or_cut_short_is_refused(crm):
    assert send(crm, line(1), content_type="application/json").status_code == 415
    declared = {"CONTENT_LENGTH": "500"}
    cut = crm.posts("/decisions/bulk", data=line(1), content_type=LINES, environ_overrides=declared)
    assert cut.status_code == 400
    assert answers(send(crm)) == []


@given(st.lists(st.binary(max_size=40)), st.integers(1, 9), st.integers(5, 30))
def test_lines_are_the_same_however_they_arrive(sent, piece, most):
    body = b"\n".join(sent)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "_PIECE", piece)
        patched.setattr(lines, "MOST_IN_A_LINE", most)
        found = list(lines.lines_of(io.BytesIO(body), len(body)))
    expected = body.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert found == [None if len(each) > most else each for each in expected]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_sends_everything_before_reading_anything_is_not_left_waiting(crm, serve_for_real, settings):
    """Over the real server: ten megabytes of answers are more than anything between us holds."""
    host, port = serve_for_real()
    bad = b'{"x":1}\n' * 49_000
    with socket.create_connection((host, port), timeout=60) as there:
        there.sendall(
            b"POST /api/v1/decisions/bulk HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n" % (crm.key.encode(), len(bad))
        )
        there.sendall(bad)
        time.sleep(0.2)
        received = 0
        beginning = b""
        while piece := there.recv(1 << 20):
            beginning = beginning or piece
            received += len(piece)
    assert beginning.startswith(b"HTTP/1.1 200")
    assert received > 10_000_000
    assert OUT["profile"]["email"].encode() not in beginning
