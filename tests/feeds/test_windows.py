"""A ledger is gone through in windows: however much of it is not to be told, no statement passes all of it."""

import pytest
from sqlalchemy import event

from resign.feeds import feed as feed_module
from resign.feeds import rows as rows_module
from resign.profile import Profile

OF_CRM = {"origin": "crm", "method": "api"}
PEOPLE = [Profile("email", f"p{number}@example.com") for number in range(30)]


@pytest.fixture(params=[(7, 3), (3, 7), (1, 1), (1000, 1000)])
def small(request, monkeypatch):
    window, page = request.param
    monkeypatch.setattr(rows_module, "_WINDOW", window)
    monkeypatch.setattr(rows_module, "_PAGE", page)
    monkeypatch.setattr(feed_module, "_PASSED_OVER", 2)
    monkeypatch.setattr(feed_module, "_AT_ONCE", 5)
    return window


def test_all_that_is_to_be_told_is_and_the_rest_is_passed(feed, decides, small):
    crm = feed()
    for who in PEOPLE:
        decides(who, **OF_CRM)
    crm.runs()
    assert crm.files == []
    for who in PEOPLE[:20]:
        decides(who, "opt-in")
    for who in PEOPLE[:20]:
        decides(who)
    for who in PEOPLE[20:]:
        decides(who, "opt-in", **OF_CRM)
    decides(PEOPLE[25])
    crm.runs()
    assert [row[::2] for name in crm.files for row in crm.rows(name)] == [
        [who.value, "opt-out"] for who in (*PEOPLE[:20], PEOPLE[25])
    ]
    assert crm.lane("changes").owed_since is None


def test_no_statement_goes_through_more_than_a_window(feed, decides, small, database):
    crm = feed()
    crm.runs()
    for who in PEOPLE:
        decides(who, **OF_CRM)
    heard = []
    for engine in (database.reader, database.engine):
        event.listen(
            engine,
            "before_cursor_execute",
            lambda *said: heard.append(getattr(said[4], "compiled_parameters", ())),
        )
    crm.runs()
    widths = [each["upto"] - each["behind"] for given in heard for each in given if "upto" in each]
    assert widths
    assert max(widths) <= small
    assert crm.lane("changes").seen == len(PEOPLE)
