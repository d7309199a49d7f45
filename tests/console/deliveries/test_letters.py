"""Dead letters in the console: seen masked, found by filter, sent again one by one or by hundreds, and never twice."""

import re

import pytest
from sqlalchemy import func, select

from resign.console.deliveries import letters as view
from resign.outbox.tables import MessageRow
from resign.staff.tables import Deed
from tests.console.deliveries.conftest import BOARD, LETTERS
from tests.console.deliveries.test_board import said
from tests.support.decisions import decision, record, states

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def deeds(database) -> list[tuple]:
    with database.reading() as session:
        return [
            (deed.action, deed.workspace, deed.detail)
            for deed in session.scalars(select(Deed).where(Deed.action == "sent-again").order_by(Deed.id))
        ]


def test_those_that_match_are_sent_again_and_the_others_stay(mia, database, clock, refused):
    refused(3, "400 email")
    refused(2, "422 attribute")
    page = mia.opens(f"{LETTERS}/retry?reason=ATTRIBUTE")
    assert "2 match." in said(page)
    answer = mia.presses(page, f"{LETTERS}/retry")
    assert answer.status_code == 303
    assert "2 are on their way again." in said(mia.opens(answer.headers["Location"]))
    assert states(database) == ["dead"] * 3 + ["owed"] * 2
    assert deeds(database) == [
        ("sent-again", "default", '{"age": null, "by_reason": true, "destination": null, "letters": 2}')
    ]


def test_what_was_overtaken_is_said_and_never_sent(mia, database, clock, refused):
    (person,) = refused(1, choice="opt-in")
    record(database, decision(clock, person, method="synerise"))
    assert "Overtaken: something newer was decided. It is never sent." in said(mia.opens(LETTERS))
    answer = mia.presses(mia.opens(f"{LETTERS}/retry"), f"{LETTERS}/retry")
    assert "1 was not sent" in said(mia.opens(answer.headers["Location"]))
    one = mia.presses(mia.opens(f"{LETTERS}/retry"), f"{BOARD}/default/dead/1/retry")
    assert "1 was not sent" in said(mia.opens(one.headers["Location"]))
    assert states(database) == ["dead"]
    assert deeds(database) == []


@on_sqlite
def test_one_is_sent_again_and_pressed_twice_only_once(mia, database, refused):
    refused(2)
    page = mia.opens(LETTERS)
    assert re.search(r"4•••@example\.com", said(page))
    assert "40@example.com" not in page.text
    first, second = (mia.presses(page, f"{BOARD}/default/dead/1/retry") for _ in range(2))
    assert "1 is on its way again." in said(mia.opens(first.headers["Location"]))
    assert "1 was not sent" in said(mia.opens(second.headers["Location"]))
    assert mia.presses(page, f"{BOARD}/default/dead/{10**30}/retry").status_code == 404
    assert states(database) == ["owed", "dead"]
    assert len(deeds(database)) == 1


@on_sqlite
def test_many_go_in_parts_and_the_rest_when_it_takes_too_long(mia, database, refused, monkeypatch):
    refused(7)
    monkeypatch.setattr(view, "_COUNTED", 5)
    assert "More than 5 match." in said(mia.opens(f"{LETTERS}/retry"))
    sizes = []
    real = view.retry_some

    def small(*args, **more):
        sizes.append(real(*args, **more, most=3))
        return sizes[-1]

    monkeypatch.setattr(view, "retry_some", small)
    ticks = iter([0.0, 0.0, 0.0, 99.0])
    monkeypatch.setattr(view.time, "monotonic", lambda: next(ticks, 0.0))
    answer = mia.presses(mia.opens(f"{LETTERS}/retry"), f"{LETTERS}/retry")
    words = said(mia.opens(answer.headers["Location"]))
    assert "6 are on their way again." in words
    assert "Some are left." in words
    mia.presses(mia.opens(f"{LETTERS}/retry"), f"{LETTERS}/retry")
    assert states(database) == ["owed"] * 7
    assert [part.sent for part in sizes] == [3, 3, 1]


@on_sqlite
def test_the_list_goes_on_page_by_page(mia, refused, monkeypatch):
    refused(5)
    monkeypatch.setattr(view, "_ON_A_PAGE", 2)
    seen, path = [], LETTERS
    while path:
        page = mia.opens(path)
        seen += re.findall(r"/console/deliveries/default/dead/(\d+)/retry", page.text)
        found = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = found[1].replace("&amp;", "&") if found else None
    assert seen == ["1", "2", "3", "4", "5"]


@on_sqlite
def test_any_filter_is_answered_and_one_without_meaning_sends_nothing(mia, database, refused):
    """In this order: the last one sends what there is."""
    refused(1)
    mark = mia.fields(mia.opens(f"{LETTERS}/retry"))
    for query, status in {
        "age=ever": 400, "destination=nowhere": 400, "workspace=nobody": 404, "after=x": 400,
        "after=99999999999999999999": 400, "after=%F0%9F%92%A9": 400, "age=week": 200,
        "reason=" + "x" * 5000: 200, "sent=x&left=%00&reason=no": 200, "reason=%25_%27%22%00": 200, "": 200,
    }.items():  # fmt: skip
        assert states(database) == ["dead"]
        assert mia.opens(f"{LETTERS}?{query}").status_code == status, query
        answer = mia.client.post(f"{LETTERS}/retry?{query}", data=mark)
        assert answer.status_code == (303 if status == 200 else status), query
    assert states(database) == ["owed"]


@on_sqlite
def test_whoever_may_see_a_person_finds_the_way_there(mia, refused, signed_in_as):
    refused(1)
    assert "/console/people/default/" in mia.opens(LETTERS).text
    signed_in_as("ola", default="operator")
    assert "/console/people/default/" not in mia.opens(LETTERS).text


@on_sqlite
def test_a_letter_of_another_workspace_is_not_sent_from_this_one(mia, database, refused):
    refused(1)
    with database.writing() as session:
        session.execute(MessageRow.__table__.update().values(workspace="another"))
        session.commit()
    page = mia.opens(f"{LETTERS}/retry")
    assert mia.presses(page, f"{BOARD}/default/dead/1/retry").status_code == 404
    assert mia.presses(page, f"{LETTERS}/retry").status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(MessageRow.state == "dead")) == 1


@on_sqlite
def test_nobody_without_the_role_sees_or_sends_anything(mia, database, refused, signed_in_as):
    refused(1)
    mark = mia.fields(mia.opens(f"{LETTERS}/retry"))
    for status, grants in ((403, {"default": "support marketer admin"}), (404, {"other": "operator"})):
        signed_in_as("eve", **grants)
        for path in (
            f"{BOARD}/default/dead/1/retry",
            f"{BOARD}/default/synerise/pause",
            f"{BOARD}/default/synerise/resume",
        ):
            assert mia.client.post(path, data=mark).status_code == status
    assert "example.com" not in mia.opens(LETTERS).text
    own = mia.fields(mia.opens(f"{LETTERS}/retry"))
    assert mia.client.post(f"{LETTERS}/retry", data=own).status_code == 303
    assert states(database) == ["dead"]
