"""What is asked for: few rows at once, many by the worker; what is kept of the question, and what is noted."""

import json

import pytest
from sqlalchemy import select

from resign.exports import asking
from resign.exports.asking import Asked, NoReason, TooMany, few, note_taken
from resign.exports.filters import filters_of
from resign.profile import Profile
from resign.search.parse import parse
from resign.staff.tables import Deed
from tests.exports.conftest import SHE, SOMEBODY_ELSE
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def deeds(database):
    def listed():
        with database.reading() as session:
            found = session.scalars(select(Deed).order_by(Deed.id)).all()
            return [(deed.name, deed.action, deed.workspace, json.loads(deed.detail)) for deed in found]

    return listed


def seqs(database, text, workspaces=("default",)):
    with database.reading() as session:
        return few(session, Asked(text), workspaces, lambda _: DIGEST_KEY)


def test_few_are_found_at_once_the_newest_first(database, decided, monkeypatch):
    for profile in (ANNA, BORIS, ANNA):
        decided(profile)
    assert seqs(database, "") == [3, 2, 1]
    assert seqs(database, "anna@example.com") == [3, 1]
    assert seqs(database, "nobody@example.com") == []
    assert seqs(database, "", ()) == ()
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 2)
    assert seqs(database, "") is None
    assert seqs(database, "ann") == [3, 1]


def test_a_question_is_cleaned_and_addresses_in_clear_need_a_reason():
    assert Asked.of({"q": "an\x00na", "format": "nonsense"}) == Asked("an na", "csv")
    assert (
        Asked.of({"q": "", "clear": "yes", "why": "  the \n regulator asked "}).why == "the regulator asked"
    )
    for why in ("", " \t\n"):
        with pytest.raises(NoReason):
            Asked.of({"clear": "yes", "why": why})
    assert "regulator" not in repr(Asked.of({"clear": "yes", "why": "the regulator"}))


@on_sqlite
def test_the_same_is_not_put_down_twice_and_not_too_much(ask):
    first = ask("campaign:spring")
    assert ask("campaign:spring") == first
    others = [ask("campaign:spring", form="jsonl"), ask("", clear=True, why="x"), ask("a"), ask("b")]
    assert len({first, *others}) == 5
    with pytest.raises(TooMany):
        ask("c")
    assert ask("b") == others[-1]
    ask("c", SOMEBODY_ELSE)


@on_sqlite
def test_what_is_noted_and_kept_names_nobody(ask, deeds, export_of):
    typed = 'anna@example.com kowalsk part:rcpt@x campaign:ann@example.com campaign:"spring sale" after:2026-01-01'
    number = ask(typed, clear=True, why="Anna <anna@example.com> asked for her data")
    kept = "•••"
    filters = f'email:{kept} part:{kept} part:{kept} campaign:{kept} campaign:"spring sale" after:2026-01-01'
    why = f"Anna {kept} asked for her data"
    detail = {"filters": filters, "format": "csv", "clear": True, "why": why, "export": number}
    assert deeds() == [("mia", "asked-export", "default", detail)]
    assert export_of(number).filters == filters


@on_sqlite
def test_what_is_taken_at_once_is_noted_for_each_workspace(database, clock, deeds):
    asked = Asked("choice:out", "jsonl")
    with database.writing() as session:
        note_taken(session, SHE, asked, ["default", "shop"], 3, clock.now())
        session.commit()
    detail = {"filters": "choice:out", "format": "jsonl", "clear": False, "rows": 3}
    assert deeds() == [("mia", "exported", name, detail) for name in ("default", "shop")]


def test_filters_mean_the_same_when_they_are_typed_again():
    typed = 'campaign:"spring sale" method:page agreement:newsletter language:pl choice:in origin:crm state:dead reason:other workspace:shop after:2026-01-01 before:2026-02-01'
    assert set(filters_of(parse(typed)).split()) == set(typed.split())
    assert parse(filters_of(parse(typed))) == parse(typed)
    assert filters_of(parse("")) == ""
    assert filters_of(parse("reference:01KB-3F9Q-7XZA")) == "reference:•••"


def test_more_people_than_a_page_of_the_search_names_are_all_exported(database, decided, monkeypatch):
    for number in range(6):
        decided(Profile("email", f"kowalsk{number}@example.com"))
        decided(Profile("email", f"nowak{number}@example.com"))
    monkeypatch.setattr("resign.search.people.MOST_PEOPLE", 2)
    assert seqs(database, "kowalsk") == [11, 9, 7, 5, 3, 1]
    assert seqs(database, "kowal* choice:out") == [11, 9, 7, 5, 3, 1]
    assert seqs(database, "kowalsk choice:in") == []
