"""What is published is worn by a running process, and one query is all it costs while nothing changes."""

import dataclasses
import threading

import pytest
from sqlalchemy import event, func, select

from resign.telemetry.metrics import THEME_FALLBACK
from resign.themes import Pages, Sender
from resign.themes import keeper as module
from resign.themes.keeper import Keeper
from resign.themes.publishing import SHIPPED, Prepared
from resign.themes.tables import ThemePage
from tests.themes.versions.conftest import theme


@pytest.fixture
def built_never(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("there is nothing to build")

    monkeypatch.setattr(module, "build", refused)


def fallen_back() -> float:
    return THEME_FALLBACK.labels("default")._value.get()


def text(pages: Pages, name: str = "optout", language: str = "en") -> str:
    return pages.page(name, language, "default").text


@pytest.mark.usefixtures("built_never")
def test_what_is_published_is_worn_at_the_next_look_and_what_is_taken_off_is_not(
    pages, keeper, published, put_on
):
    shipped = text(pages)
    keeper.look()
    assert text(pages) == shipped
    published(theme("First"))
    assert text(pages) == shipped
    keeper.look()
    assert "First" in text(pages)
    assert pages.page("optout", "en", "default").theme == "default@1"
    published(theme("Second"))
    keeper.look()
    assert "Second" in text(pages, "done", "pl")
    put_on(SHIPPED)
    keeper.look()
    assert text(pages) == shipped
    assert fallen_back() == 0


@pytest.mark.usefixtures("built_never")
def test_a_look_that_finds_nothing_new_is_one_query(database, keeper, published):
    published(theme("First"))
    keeper.look()
    asked: list[str] = []
    event.listen(database.reader, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for _ in range(5):
        keeper.look()
    assert len(asked) == 5


@pytest.mark.usefixtures("built_never")
def test_a_process_that_begins_wears_at_once_what_is_stored(pages, keeper, published):
    published(theme("First"))
    ended(keeper.start())
    assert "First" in text(pages)


def test_the_first_look_never_builds(database, pages, brand, two, published):
    published(theme("First"))
    renamed = Keeper(database, pages, {"default": other(brand)}, two)
    renamed.look(building=False)
    assert "First" not in text(pages)
    renamed.look()
    assert "First" in text(pages)


def test_pages_of_another_basis_are_built_again_and_stored_for_the_other_processes(
    database, brand, two, published, monkeypatch
):
    published(theme("First"))
    pages, beside = (Pages(two, {"default": other(brand)}) for _ in range(2))
    Keeper(database, pages, {"default": other(brand)}, two).look()
    assert "First" in text(pages)
    assert "Another Ltd" in text(pages)
    with database.reading() as session:
        counts = session.execute(select(ThemePage.basis, func.count()).group_by(ThemePage.basis)).all()
    assert len(counts) == 2
    assert len({count for _, count in counts}) == 1
    monkeypatch.setattr(module, "build", None)
    Keeper(database, beside, {"default": other(brand)}, two).look()
    assert text(beside) == text(pages)
    assert fallen_back() == 0


def test_a_page_of_an_earlier_version_or_release_is_found_by_its_digest(
    database, pages, brand, two, keeper, published
):
    published(theme("First"))
    keeper.look()
    old = pages.page("done", "pl", "default")
    published(theme("Second"))
    begun = Pages(two, {"default": other(brand)})
    Keeper(database, begun, {"default": other(brand)}, two).look()
    found = begun.shown(old.digest)
    assert (found.name, found.language, found.theme, found.text) == ("done", "pl", "default@1", old.text)
    assert begun.shown("f" * 16) is None


def test_the_thread_puts_on_what_is_published_and_ends_when_it_is_asked_to(
    pages, keeper, published, monkeypatch
):
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.02)
    looked = threading.Event()
    whole = keeper.look
    monkeypatch.setattr(keeper, "look", lambda **more: (whole(**more), looked.set()))
    stop = keeper.start()
    published(theme("First"))
    # The look that was under way when it was published, and one that began after it.
    for _ in range(2):
        looked.clear()
        assert looked.wait(timeout=20)
    assert "First" in text(pages)
    ended(stop)


def test_two_processes_that_build_at_once_store_the_same(database, brand, two, pushed, put_on):
    put_on(Prepared(version=pushed(theme("First")), basis="0" * 16))
    worn = [Pages(two, {"default": brand}) for _ in range(2)]
    threads = [threading.Thread(target=Keeper(database, each, {"default": brand}, two).look) for each in worn]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert "First" in text(worn[0])
    assert text(worn[0]) == text(worn[1])
    assert fallen_back() == 0


def other(brand):
    return dataclasses.replace(brand, sender=Sender("Another Ltd", "hello@another.example"))


def ended(stop: threading.Event) -> None:
    """Waits for the thread too: one that looked on would open a database that was closed."""
    stop.set()
    for thread in [each for each in threading.enumerate() if each.name == "themes"]:
        thread.join(timeout=20)
        assert not thread.is_alive()
