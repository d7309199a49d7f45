"""Versions are numbered and never change; what is worn is the newest publication; a draft knows whom it was based on."""

import threading

import pytest
from sqlalchemy import func, select

from resign.themes.publishing import SHIPPED, Prepared, put
from resign.themes.source import ThemeSource
from resign.themes.tables import MOST_AUTHOR, MOST_NOTE, ThemeVersion
from resign.themes.versions import (
    NoSuchVersion,
    StaleDraft,
    add,
    draft,
    history,
    publications,
    save_draft,
    source_of,
    version,
    worn,
    worn_before,
)
from tests.themes.versions.conftest import theme


def test_versions_count_from_one_in_each_workspace(database, clock):
    with database.writing() as session:
        numbers = [add(session, name, theme("A"), "", "kim", clock.now()).number for name in ("a", "b", "a")]
        session.commit()
    assert numbers == [1, 1, 2]


def test_the_same_files_again_are_a_new_version_all_the_same(database, pushed):
    first, second = pushed(theme("A")), pushed(theme("A"))
    assert (first.number, second.number) == (1, 2)
    assert first.digest == second.digest
    with database.reading() as session:
        assert [each.number for each in history(session, "default")] == [2, 1]


def test_what_was_pushed_comes_back_to_the_byte(database, pushed):
    source = ThemeSource({"style.css": b"p { color: red }\r\n", "logo.png": bytes(range(256))})
    pushed(source)
    with database.reading() as session:
        assert source_of(session, "default", 1).files == source.files


def test_a_version_that_is_not_there_is_named_as_such(database, pushed):
    pushed(theme("A"))
    with database.reading() as session:
        for ask in (version, source_of):
            for workspace, number in (("default", 2), ("other", 1)):
                with pytest.raises(NoSuchVersion):
                    ask(session, workspace, number)


def test_twenty_who_push_at_once_get_twenty_numbers(database, clock):
    def push() -> None:
        with database.writing() as session:
            add(session, "default", theme("A"), "", "kim", clock.now())
            session.commit()

    threads = [threading.Thread(target=push) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with database.reading() as session:
        assert [each.number for each in history(session, "default")] == list(range(20, 0, -1))


def test_a_note_is_cut_and_steers_no_terminal(database, clock):
    with database.writing() as session:
        kept = add(session, "default", theme("A"), "a\x1b[2J\x00\ud800b" + "x" * 1000, "k" * 100, clock.now())
        session.commit()
    assert kept.note.startswith("a [2J  b")
    assert len(kept.note) == MOST_NOTE
    assert len(kept.author) == MOST_AUTHOR
    with database.reading() as session:
        assert history(session, "default") == [kept]


def test_what_is_worn_is_the_newest_publication_and_all_of_them_stay(database, pushed, put_on):
    with database.reading() as session:
        assert worn(session, "default") is None
    first, second = pushed(theme("A")), pushed(theme("B"))
    for each in (first, second, first):
        put_on(Prepared(version=each, basis="0" * 16))
    put_on(SHIPPED)
    with database.reading() as session:
        assert worn(session, "default").version is None
        assert [each.version for each in publications(session, "default")] == [None, first, second, first]
        assert worn(session, "other") is None


def test_going_back_is_to_what_was_worn_before(database, pushed, put_on):
    with database.reading() as session, pytest.raises(NoSuchVersion):
        worn_before(session, "default")
    first, second = pushed(theme("A")), pushed(theme("B"))
    put_on(Prepared(version=first, basis="0" * 16))
    with database.reading() as session:
        assert worn_before(session, "default") is None
    put_on(Prepared(version=second, basis="0" * 16))
    put_on(Prepared(version=second, basis="0" * 16))
    with database.reading() as session:
        assert worn_before(session, "default") == first


def test_no_version_is_put_on_another_workspace(database, pushed, clock):
    prepared = Prepared(version=pushed(theme("A")), basis="")
    with database.writing() as session, pytest.raises(ValueError, match="another workspace"):
        put(session, "other", prepared, author="", note="", now=clock.now())


def test_a_draft_is_saved_by_whoever_saw_the_newest(database, clock):
    def save(said: str, revision: int) -> int:
        with database.writing() as session:
            saved = save_draft(session, "default", theme(said), revision, "kim", clock.now())
            session.commit()
        return saved

    assert save("A", 0) == 1
    assert save("B", 1) == 2
    for stale in (0, 1, 7):
        with pytest.raises(StaleDraft) as found:
            save("C", stale)
        assert found.value.revision == 2
    with database.reading() as session:
        kept = draft(session, "default")
        assert (kept.revision, kept.source.files) == (2, theme("B").files)
        assert draft(session, "other") is None


def test_of_ten_who_save_a_draft_at_once_one_is_kept_and_nine_are_told(database, clock):
    told: list[object] = []

    def save(said: str) -> None:
        try:
            with database.writing() as session:
                save_draft(session, "default", theme(said), 0, "kim", clock.now())
                session.commit()
            told.append("kept")
        except StaleDraft as stale:
            told.append(stale.revision)

    threads = [threading.Thread(target=save, args=(str(number),)) for number in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told, key=str) == [1] * 9 + ["kept"]


def test_nothing_that_is_done_with_versions_changes_a_row_of_them(database, pushed, put_on, clock):
    def rows() -> list[tuple]:
        with database.reading() as session:
            return [tuple(row) for row in session.execute(select(*ThemeVersion.__table__.columns))]

    first = pushed(theme("A"))
    before = rows()
    put_on(Prepared(version=first, basis="0" * 16))
    put_on(SHIPPED)
    pushed(theme("B"))
    with database.writing() as session:
        save_draft(session, "default", theme("C"), 0, "kim", clock.now())
        session.commit()
    assert rows()[: len(before)] == before
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ThemeVersion)) == 2
