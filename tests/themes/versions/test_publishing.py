"""A version is built and checked before it is put on; what does not build is refused, and says why."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, func, select

from resign.themes import publishing
from resign.themes.basis import basis
from resign.themes.fault import Fault
from resign.themes.kept import expected, found
from resign.themes.publishing import Prepared, Refused, is_prepared, prepare, prepare_again, put, store
from resign.themes.source import ThemeSource
from resign.themes.tables import ThemePage
from resign.themes.versions import publications, worn
from tests.themes.versions.conftest import theme

BROKEN = ThemeSource({"templates/optout.html": b"<h1>Oh</h1>\n{{ nobody_knows_me }}"})


@pytest.fixture
def unchecked(monkeypatch):
    """What is checked has tests of its own; here the faults of building stand for all of them."""
    monkeypatch.setattr(publishing, "check", lambda built, *_, **__: built.faults)


def test_every_page_in_every_language_is_kept_for_the_present_basis(database, brand, two, published):
    version = published(theme("Hello"))
    with database.reading() as session:
        rows = list(session.scalars(select(ThemePage)))
        assert {(row.page, row.language) for row in rows} == expected(two)
        assert {(row.version_id, row.basis) for row in rows} == {(version.id, basis(brand, two))}
        assert all("Hello" in row.text for row in rows)
        assert worn(session, "default").version == version
        page = found(session, rows[0].digest)
        assert (page.theme, page.text, page.workspace) == ("default@1", rows[0].text, "default")
        assert found(session, "0" * 16) is None


@pytest.mark.usefixtures("unchecked")
def test_what_does_not_build_is_refused_with_its_line(brand, two, pushed):
    refused = prepare(BROKEN, pushed(BROKEN), brand, two)
    assert isinstance(refused, Refused)
    assert ("templates/optout.html", 2) in {(fault.where, fault.line) for fault in refused.faults}


def test_what_a_check_finds_is_in_the_way(brand, two, pushed, monkeypatch):
    found = Fault(where="style.css", what="the button cannot be seen", remedy="Show it.")
    monkeypatch.setattr(publishing, "check", lambda *_, **__: (found,))
    assert prepare(theme("A"), pushed(theme("A")), brand, two) == Refused((found,))


def test_going_back_asks_for_no_checks_and_for_pages(brand, two, pushed, monkeypatch):
    monkeypatch.setattr(publishing, "check", None)
    assert isinstance(prepare_again(theme("A"), pushed(theme("A")), brand, two), Prepared)
    assert isinstance(prepare_again(BROKEN, pushed(BROKEN), brand, two), Refused)


@pytest.mark.usefixtures("unchecked")
def test_a_page_that_is_silently_absent_is_a_fault_all_the_same(brand, two, pushed, monkeypatch):
    whole = publishing.build
    monkeypatch.setattr(
        publishing, "build", lambda *given, **more: whole(*given, **{**more, "languages": ["en"]})
    )
    refused = prepare(theme("A"), pushed(theme("A")), brand, two)
    assert {fault.language for fault in refused.faults} == {"pl"}


def test_pages_that_are_there_need_no_building(database, brand, two, published):
    version = published(theme("A"))
    with database.reading() as session:
        assert is_prepared(session, version, brand, two) == Prepared(version=version, basis=basis(brand, two))
    with database.writing() as session:
        session.execute(delete(ThemePage).where(ThemePage.page == "done"))
        session.commit()
    with database.reading() as session:
        assert is_prepared(session, version, brand, two) is None


def test_of_two_who_publish_at_once_both_are_recorded_and_nothing_is_half(
    database, brand, two, pushed, clock
):
    versions = [pushed(theme(said)) for said in ("A", "B")]
    prepared = [
        prepare_again(theme(said), each, brand, two) for said, each in zip(("A", "B"), versions, strict=True)
    ]

    def publish(one: Prepared) -> None:
        for _ in range(3):
            with database.writing() as session:
                put(session, "default", one, author="kim", note="", now=clock.now())
                session.commit()

    threads = [threading.Thread(target=publish, args=(one,)) for one in prepared]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with database.reading() as session:
        rows = publications(session, "default")
        assert len(rows) == 6
        assert worn(session, "default") == rows[0]
        assert session.scalar(select(func.count()).select_from(ThemePage)) == 2 * len(expected(two))


def test_pages_are_stored_a_few_at_a_time_so_that_a_press_waits_for_few(database, brand, two, pushed):
    version = pushed(theme("A"))
    prepared = prepare_again(theme("A"), version, brand, two)
    stored_at_once = []

    @contextmanager
    def writing():
        with database.writing() as session:
            before = session.scalar(select(func.count()).select_from(ThemePage))
            yield session
            stored_at_once.append(session.scalar(select(func.count()).select_from(ThemePage)) - before)

    stored = store(writing, prepared)
    assert stored == Prepared(version=version, basis=prepared.basis)
    assert sum(stored_at_once) == len(expected(two))
    assert max(stored_at_once) <= 50
    with database.reading() as session:
        assert is_prepared(session, version, brand, two) == stored
