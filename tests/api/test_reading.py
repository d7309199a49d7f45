"""Decisions read by another system: filtered, page by page, none left out while more arrive."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from resign.api.decisions import reading
from resign.ledger import Intake
from resign.outbox.worker import Worker
from resign.profile import Profile
from tests.api.conftest import ADDRESS, ELSEWHERE, HERE
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination


def people(database, clock, count: int, **more) -> list[str]:
    made = [
        decision(clock, Profile("email", f"p{number}@example.com"), **{"workspace": HERE, **more})
        for number in range(count)
    ]
    record(database, *made)
    return [str(each.id) for each in made]


def pages(caller, query: str = "") -> list[str]:
    """Every id that is found by following the links."""
    found, path = [], f"/decisions?{query}"
    while path:
        answer = caller.gets(path)
        assert answer.status_code == 200, answer.text
        found += [each["id"] for each in answer.json["decisions"]]
        assert answer.json["more"] is ("Link" in answer.headers)
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('; rel="next"')
        path = link[1:].partition(">")[0].removeprefix("/api/v1")
    return found


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("limit", [1, 3, 7, 8, 200])
def test_the_links_lead_to_every_decision_once(crm, database, clock, order, limit):
    ids = people(database, clock, 7)
    people(database, clock, 2, workspace=ELSEWHERE)
    assert pages(crm, f"order={order}&limit={limit}") == (ids if order == "oldest" else ids[::-1])


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_has_its_price_however_few_the_filters_let_through(crm, database, clock, order, monkeypatch):
    monkeypatch.setattr(reading, "_LOOKED_AT", 2)
    people(database, clock, 9)
    [wanted] = people(database, clock, 1, campaign="spring")
    people(database, clock, 9)
    assert pages(crm, f"order={order}&campaign=spring") == [wanted]
    assert len(pages(crm, f"order={order}")) == 19


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_filter_lets_through_what_it_names(crm, database, clock):
    out = crm.writes(campaign="spring").json["id"]
    clock.advance(hours=1)
    wine = crm.writes(agreement="wine", choice="opt-in").json["id"]
    [page] = people(database, clock, 1)
    digest = crm.gets(f"/decisions/{out}").json["profile"]["digest"]
    for query, found in {
        "agreement=wine": [wine], "choice=opt-in": [wine], "method=page": [page], "origin=crm": [wine, out],
        "campaign=spring": [out], f"digest={digest}": [wine, out], f"digest={'0' * 32}": [],
        "before=2026-05-04T11:00:00Z": [out], "since=2026-05-04T13:11:12%2B02:00": [page, wine],
    }.items():  # fmt: skip
        assert pages(crm, query) == found, query


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "bad-query"), ("limit=201", "bad-query"), ("limit=x", "bad-query"), ("page=2", "bad-query"),
        ("choice=out", "bad-query"), ("limit=1&limit=2", "bad-query"), ("since=2026-05-04", "bad-query"),
        ("since=0001-01-01T00:00:00%2B14:00", "bad-query"), ("campaign=%00", "bad-query"), ("digest=x", "bad-query"),
        ("cursor=%20", "bad-query"), ("cursor=xyz", "bad-cursor"), ("cursor=bmV3ZXN0IDE", 0),
        ("order=oldest&cursor=bmV3ZXN0IDE", "bad-cursor"), ("anna%40example.com=1", "bad-query"),
    ],
)  # fmt: skip
def test_an_address_line_that_asks_for_what_is_not_there_is_refused(crm, query, name):
    answer = crm.gets(f"/decisions?{query}")
    if not name:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json["type"]) == (400, f"/api/v1/problems#{name}")
    assert ADDRESS not in answer.text


def test_whoever_follows_sees_each_once_while_rows_arrive(crm, database, clock):
    """Four write at once, so that on PostgreSQL numbers are committed out of their order."""
    writers, seen, intake = [], [], Intake(database)
    written: set[str] = set()

    def write(writer: int) -> None:
        for number in range(25):
            made = decision(clock, Profile("email", f"{writer}-{number}@example.com"), workspace=HERE)
            intake.append(made)
            written.add(str(made.id))

    for writer in range(4):
        writers.append(threading.Thread(target=write, args=(writer,)))
        writers[-1].start()
    cursor, last_round = "", False
    while True:
        answer = crm.gets(f"/decisions?order=oldest&limit=7{cursor}").json
        seen += [each["id"] for each in answer["decisions"]]
        cursor = f"&cursor={answer['next']}"
        if not answer["more"]:
            if last_round:
                break
            last_round = not any(writer.is_alive() for writer in writers)
    assert len(seen) == len(set(seen)) == 100
    assert set(seen) == written


def test_a_number_that_is_committed_late_is_not_passed_by(crm, database, clock):
    """The transaction of the first is still open when the second is there."""
    if database.is_sqlite:
        people(database, clock, 1)
        assert len(pages(crm, "order=oldest")) == 1
        return
    from sqlalchemy import insert  # noqa: PLC0415

    from resign.ledger.intake import BEFORE_APPENDING  # noqa: PLC0415
    from resign.ledger.tables import Decision  # noqa: PLC0415

    late = decision(clock, workspace=HERE)
    answers = []
    with database.writing() as session:
        session.execute(BEFORE_APPENDING)
        session.execute(insert(Decision), [late.row])
        [soon] = people(database, clock, 1)
        reader = threading.Thread(target=lambda: answers.append(pages(crm, "order=oldest")))
        reader.start()
        reader.join(timeout=0.5)
        assert reader.is_alive(), "it waits for what is on its way"
        session.commit()
    reader.join()
    assert answers == [[str(late.id), soon]]


def test_one_decision_is_shown_with_what_each_destination_heard(crm, database, settings, clock):
    number = crm.writes(evidence="asked by telephone").json["id"]
    before = crm.gets(f"/decisions/{number}").json
    assert before["told"] == []
    assert (before["profile"]["kind"], before["profile"]["value"]) == ("email", ADDRESS)
    assert (before["origin"], before["evidence"], before["method"]) == ("crm", "asked by telephone", "api")
    clock.advance(seconds=1)
    worker = Worker(database, settings.workspaces, {HERE: [ScriptedDestination()], ELSEWHERE: []}, clock)
    worker.drain()
    clock.advance(minutes=1)
    worker.drain()
    worker.finish()
    [told] = crm.gets(f"/decisions/{number}").json["told"]
    assert told["state"] == "confirmed"
    assert told["accepted_at"] < told["confirmed_at"]
    assert [each["outcome"] for each in told["tries"]] == ["confirmed", "accepted"]


@pytest.mark.parametrize("number", ["x", "", "%00", "018f0000-0000-7000-8000-000000000000", "../decisions"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_decision_that_is_not_there_is_not_found(crm, number):
    answer = crm.gets(f"/decisions/{number}")
    assert answer.status_code in ({200} if not number else {404}), answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_link_keeps_the_filters(crm, database, clock):
    people(database, clock, 3, campaign="a&b")
    link = crm.gets("/decisions?campaign=a%26b&limit=1").headers["Link"]
    asked = parse_qs(urlsplit(link[1:].partition(">")[0]).query)
    assert (asked["campaign"], asked["limit"]) == (["a&b"], ["1"])
