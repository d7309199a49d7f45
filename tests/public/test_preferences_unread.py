"""The preference centre and what cannot be read: nothing is a choice by accident, and no stop is called "nothing has changed"."""

import pytest

from resign.public.asked import Body
from tests.public.test_pages import heading
from tests.support.decisions import decision, record
from tests.support.person import FORM


@pytest.fixture
def anna(somebody):
    return somebody(RESIGN_DOUBLE_OPT_IN="off")


def decided(anna) -> list[tuple[str, str]]:
    return [(each.agreement, each.choice) for each in anna.decisions()]


GARBAGE = [
    {"was.wine": "x" * 5000, "to.wine": "maybe"},
    {"to.nothing": "on", "was.nothing": "off"},
    {"to.all": "on"},
    {"to.newsletter\x00": "on", "\ud7ff": "\u202e"},
    {"page": "../../etc/passwd", "l": "xx", "to.wine": "ON"},
    {"was.wine": "{{masked}}", "to.wine": "{{to.wine=on}}"},
]


@pytest.mark.parametrize("fields", GARBAGE)
def test_garbage_is_no_choice_and_no_fault(anna, fields):
    answer = anna.client.post(anna.preferences, data=fields)
    assert answer.status_code == 200
    assert decided(anna) == []


UNCLEAR = [
    {"stop": "ALL"},
    {"stop": "\x00"},
    {f"to.a{at}": "on" for at in range(300)},
    {"stop": "all", **{f"x{at}": "1" for at in range(70)}},
    {},
]


@pytest.mark.parametrize("fields", UNCLEAR)
def test_what_cannot_be_understood_is_not_answered_with_nothing_has_changed(anna, fields):
    """It may have been "stop everything": nothing is recorded, and nobody is told that all is well."""
    answer = anna.client.post(anna.preferences, data=fields)
    assert answer.status_code == 503
    assert heading(answer) != "Nothing has changed"
    assert "Stop everything" in answer.text
    assert decided(anna) == []


BODIES = [
    b"\xff\xfe",
    b"%",
    b"a=%ZZ&b=%ff%fe",
    b"&&&===",
    b"\x00" * 1000,
    b"stop=all",
    "stop=all".encode("utf-16"),
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("kind", [FORM, "text/plain", "application/json", ""])
def test_a_body_of_any_kind_is_answered(anna, body, kind):
    answer = anna.client.post(anna.preferences, data=body, content_type=kind)
    if (body, kind) == (b"stop=all", FORM):
        assert heading(answer) == "Everything is stopped"
    else:
        assert answer.status_code == 503
        assert decided(anna) == []


def test_of_a_choice_that_comes_twice_the_opt_out_counts(anna):
    for body in (b"stop=all&stop=none", b"stop=none&stop=all"):
        before = len(decided(anna))
        anna.client.post(anna.preferences, data=body, content_type=FORM)
        assert {choice for _, choice in decided(anna)[before:]} == {"opt-out"}
    anna.client.post(anna.preferences, data={**anna.form(), "to.wine": "on"})
    page = anna.form()["page"]
    for body in ("to.wine=off&to.wine=on", "to.wine=on&to.wine=off"):
        anna.client.post(anna.preferences, data=f"page={page}&l=en&was.wine=on&{body}", content_type=FORM)
        assert decided(anna)[-1] == ("wine", "opt-out")


@pytest.mark.parametrize(
    "body",
    [b"List-Unsubscribe=One-Click\r\n", b"List-Unsubscribe=One-Click&x=1", b"list-unsubscribe=one-click"],
)
def test_what_mail_programs_make_of_their_stop_stops_everything_and_switches_nobody_on(anna, body):
    answer = anna.client.post(anna.preferences, data=body, content_type=FORM)
    assert heading(answer) == "Everything is stopped"
    made = len(decided(anna))
    for path in (f"{anna.preferences}/undo", f"{anna.path}/undo"):
        anna.client.post(path, data=body, content_type=FORM)
    assert "opt-in" not in [choice for _, choice in decided(anna)[made:]]


def test_a_no_is_not_answered_with_nothing_has_changed_while_the_database_is_away(
    anna, database, clock, monkeypatch
):
    """The page may be old: only the ledger knows that it is a change."""
    form = {**anna.form(wine="off"), "was.wine": "off"}
    record(database, decision(clock, choice="opt-in", agreement="wine"))

    def away(*_, **__):
        raise OSError

    monkeypatch.setattr(database, "reading", away)
    answer = anna.client.post(anna.preferences, data=form)
    assert answer.status_code == 503
    monkeypatch.undo()
    anna.client.post(anna.preferences, data=form)
    assert decided(anna)[-1] == ("wine", "opt-out")


def test_a_body_that_is_not_read_is_not_answered_with_nothing_has_changed(anna, monkeypatch):
    form = anna.form(wine="off")
    monkeypatch.setattr("resign.public.preferring.body", lambda: Body("unread"))
    answer = anna.client.post(anna.preferences, data=form)
    assert answer.status_code == 503
    assert heading(answer) == "Your choices are not saved yet"
