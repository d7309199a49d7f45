"""A theme that passed once may not hold with other settings or in another release: its pages are checked when rebuilt."""

import dataclasses
import logging

import pytest
from sqlalchemy import func, select

from resign.alarms.seen import alarms
from resign.telemetry.metrics import THEME_FALLBACK
from resign.themes import Pages, Sender
from resign.themes import keeper as module
from resign.themes.basis import basis
from resign.themes.keeper import Keeper
from resign.themes.publishing import Prepared, Refused, is_prepared, prepare, prepare_again
from resign.themes.source import ThemeSource
from resign.themes.tables import ThemePage

SECRET = "Nobody-Reads-This-In-A-Log"
NAME = "{% if sender.name == 'Another Ltd' %}"
OPTOUT = (
    f'{{% extends "~/public/optout.html" %}}\n{{% block content %}}{NAME}<p>{SECRET}: nothing to do.</p>'
    "{% else %}{{ super() }}{% endif %}{% endblock %}"
)
LAYOUT = '{% extends "~/public/layout.html" %}{% block brand %}<p class="brand">Worn</p>{% endblock %}'
TURNS = ThemeSource({"templates/optout.html": OPTOUT.encode(), "templates/layout.html": LAYOUT.encode()})


@pytest.fixture
def another(brand):
    return dataclasses.replace(brand, sender=Sender("Another Ltd", "hello@another.example"))


def fallen_back() -> float:
    return THEME_FALLBACK.labels("default")._value.get()


def kept_pages(database, brand, two) -> int:
    here = select(func.count()).select_from(ThemePage).where(ThemePage.basis == basis(brand, two))
    with database.reading() as session:
        return session.scalar(here)


def test_a_page_that_breaks_a_rule_with_other_settings_is_the_shipped_one(
    database, another, two, published, clock, caplog
):
    published(TURNS)
    pages = Pages(two, {"default": another})
    keeper = Keeper(database, pages, {"default": another}, two, clock=clock)
    with caplog.at_level(logging.INFO):
        keeper.look()
    page = pages.page("optout", "en", "default")
    assert 'action="{{action}}"' in page.text
    assert SECRET not in page.text
    assert page.theme.startswith("shipped@")
    assert "Worn" in pages.page("done", "en", "default").text
    assert fallen_back() == 1
    assert "2 of its pages break a rule of publishing; see templates/optout.html" in caplog.text
    assert SECRET not in caplog.text
    clock.advance(seconds=150)
    keeper._note_at = 0
    keeper.look()
    with database.reading() as session:
        assert [alarm.name for alarm in alarms(session, clock.now(), {})] == ["theme"]


def test_what_breaks_a_rule_is_neither_stored_nor_made_again_and_again(
    database, brand, another, two, pushed, put_on, monkeypatch
):
    now, built = [0.0], []
    whole = module.build

    def counted(*given, **more):
        built.append(now[0])
        return whole(*given, **more)

    monkeypatch.setattr(module, "build", counted)
    put_on(Prepared(version=pushed(TURNS), basis=basis(brand, two)))
    keeper = Keeper(
        database, Pages(two, {"default": another}), {"default": another}, two, monotonic=lambda: now[0]
    )
    for now[0] in (0.0, 2.0, 61.0, 3600.0):
        keeper.look()
        assert fallen_back() == 1
    assert built == [0.0], "the same files and settings give the same page"
    whole_theme = Keeper(database, Pages(two, {"default": brand}), {"default": brand}, two)
    whole_theme.look()
    assert kept_pages(database, another, two) == kept_pages(database, brand, two) - 2


def test_colours_that_can_no_longer_be_told_apart_take_the_theme_off(
    database, brand, two, pushed, put_on, caplog
):
    pale = ThemeSource(
        {"theme.toml": b'[colours]\npress = "#ffffff"\n', "templates/layout.html": LAYOUT.encode()}
    )
    put_on(Prepared(version=pushed(pale), basis=basis(brand, two)))
    pages = Pages(two, {"default": brand})
    Keeper(database, pages, {"default": brand}, two).look()
    assert pages.page("optout", "en", "default").theme.startswith("shipped@")
    assert fallen_back() == 1
    assert "see theme.toml:2" in caplog.text


def test_going_back_leaves_out_what_breaks_a_rule_and_says_so(brand, another, two, pushed, database, put_on):
    version = pushed(TURNS)
    assert isinstance(prepare(TURNS, version, brand, two, looks=False), Prepared)
    assert prepare_again(TURNS, version, brand, two).left_out == ()
    prepared = prepare_again(TURNS, version, another, two)
    assert isinstance(prepared, Prepared)
    assert {page.name for page in prepared.pages} >= {"done", "undone"}
    assert "optout" not in {page.name for page in prepared.pages}
    assert any("the form that opts out is missing" in fault.what for fault in prepared.left_out)
    put_on(prepared)
    with database.reading() as session:
        assert is_prepared(session, version, another, two) is None


def test_going_back_to_what_has_no_page_left_is_refused(brand, two, pushed):
    pale = ThemeSource({"theme.toml": b'[colours]\npress = "#ffffff"\n'})
    assert isinstance(prepare_again(pale, pushed(pale), brand, two), Refused)
