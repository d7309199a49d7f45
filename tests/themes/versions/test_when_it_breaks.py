"""E2: whatever is wrong with a published theme, people get a page that works, and somebody hears of it."""

import logging
import re

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from resign.alarms.seen import alarms
from resign.app import web_application
from resign.ledger.tables import ShownPage
from resign.telemetry.metrics import THEME_FALLBACK
from resign.themes.basis import basis
from resign.themes.build import Built
from resign.themes.fault import Fault
from resign.themes.keeper import Keeper
from resign.themes.page import digest_of
from resign.themes.publishing import Prepared, prepare_again
from resign.themes.source import ThemeSource
from resign.themes.tables import ThemePage, ThemeVersion
from tests.support.person import Person
from tests.themes.versions.conftest import theme

SECRET = "Nobody-Reads-This-In-A-Log"


@pytest.fixture
def site(settings, clock, database):
    """The real application; what is put on is put on its own pages."""
    application = web_application(settings, clock, database)
    return application, application._site


@pytest.fixture
def anna(site, settings, clock, database) -> Person:
    return Person(Client(site[0], use_cookies=False), settings, clock, database)


@pytest.fixture
def keeper(site, database, brand, two) -> Keeper:
    return Keeper(database, site[1].pages, {"default": brand}, two)


def fallen_back() -> float:
    return THEME_FALLBACK.labels("default")._value.get()


def damage(database, page="optout", **changes) -> None:
    with database.writing() as session:
        session.execute(update(ThemePage).where(ThemePage.page == page).values(**changes))
        session.commit()


def opts_out(anna: Person) -> None:
    done = anna.presses(anna.opens())
    assert done.status_code == 200
    assert [each.choice for each in anna.decisions()] == ["opt-out"]


def missing_field() -> dict[str, str]:
    text = '<!doctype html><h1>Out</h1><form method="post" action="{{action}}">{{birthday}}</form>'
    return {"text": text, "digest": digest_of(text)}


def wrong_shape() -> dict[str, str]:
    text = "<!doctype html><h1>Out</h1>{{masked.newsletter}}"
    return {"text": text, "digest": digest_of(text)}


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "<!doctype html><h1>Cut off in the mid"},
        {"text": ""},
        {"digest": "0" * 16},
        missing_field(),
        wrong_shape(),
        {"csp": "default-src *"},
        {"csp": "default-src 'none'\r\nSet-Cookie: a=b"},
    ],
    ids=["text", "empty", "digest", "a missing field", "a wrong field", "policy", "a policy with a line end"],
)
def test_a_damaged_page_is_left_out_and_the_shipped_one_stands_in(
    database, keeper, published, anna, caplog, changes
):
    published(theme(SECRET))
    damage(database, **changes)
    keeper.look()
    opened = anna.opens()
    assert opened.status_code == 200
    assert SECRET not in opened.text
    assert "Stop marketing emails" in opened.text
    opts_out(anna)
    assert SECRET in anna.presses(opened).text, "the pages that are sound are the theme's"
    assert fallen_back() == 1
    assert "damaged in the database, `optout`" in caplog.text
    assert SECRET not in caplog.text


@pytest.fixture
def noting(site, database, brand, two, clock):
    """A keeper whose minutes are the clock's; looking for a while, and the alarms of then."""
    begun = clock.now()

    def seconds() -> float:
        return (clock.now() - begun).total_seconds()

    pages = site[1].pages
    keeper = Keeper(database, pages, {"default": brand}, two, clock=clock, monotonic=seconds)

    def look_for(time: int, *, alive: bool = True) -> list[tuple[str, str]]:
        for _ in range(time // 10):
            if alive:
                keeper.look()
            clock.advance(seconds=10)
        with database.reading() as session:
            return [(alarm.name, alarm.workspace) for alarm in alarms(session, clock.now(), {})]

    return look_for


def test_an_alarm_is_raised_after_two_minutes_and_ends_when_the_theme_is_shown_again(
    database, noting, published, put_on, brand, two
):
    version = published(theme("Hello"))
    assert noting(300) == []
    damage(database, text="")
    put_on(Prepared(version=version, basis=basis(brand, two)))
    assert noting(110) == []
    assert noting(30) == [("theme", "default")]
    assert noting(3600) == [("theme", "default")]
    put_on(prepare_again(theme("Hello"), version, brand, two))
    assert noting(240) == []
    damage(database, text="")
    put_on(Prepared(version=version, basis=basis(brand, two)))
    assert noting(110) == [], "what was over does not count"
    assert noting(30) == [("theme", "default")]
    assert noting(240, alive=False) == [], "where no web runs there is nothing to be shown"


def test_publishing_again_mends_a_damaged_page(database, keeper, published, put_on, anna, brand, two):
    version = published(theme("Hello"))
    damage(database, text="")
    keeper.look()
    assert fallen_back() == 1
    put_on(prepare_again(theme("Hello"), version, brand, two))
    keeper.look()
    assert "Hello" in anna.opens().text
    assert fallen_back() == 0


def test_a_theme_that_no_longer_builds_leaves_the_shipped_pages(
    keeper, pushed, put_on, anna, caplog, monkeypatch
):
    broken = ThemeSource({"templates/layout.html": f"{{{{ no_such_value }}}} {SECRET}".encode()})
    put_on(Prepared(version=pushed(broken), basis="0" * 16))
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            keeper.look()
    assert "Stop marketing emails" in anna.opens().text
    opts_out(anna)
    assert fallen_back() == 1
    said = [record for record in caplog.records if "shipped pages stand in" in record.message]
    assert len(said) == 1, "said once, and not at every look"
    assert "can no longer be built; see templates/layout.html:1" in said[0].message
    assert (said[0].workspace, said[0].version) == ("default", 1)
    assert SECRET not in caplog.text


def test_a_theme_that_no_longer_builds_leaves_the_one_before_it(keeper, published, pushed, put_on, anna):
    published(theme("Hello"))
    keeper.look()
    broken = ThemeSource({"templates/layout.html": b"{% endfor %}"})
    put_on(Prepared(version=pushed(broken), basis="0" * 16))
    keeper.look()
    assert "Hello" in anna.opens().text
    assert fallen_back() == 1
    published(theme("Mended"))
    keeper.look()
    assert "Mended" in anna.opens().text
    assert fallen_back() == 0


def test_what_could_not_be_built_is_tried_again_after_a_minute(
    database, site, brand, two, pushed, put_on, monkeypatch
):
    now, built = [0.0], []

    def fails(*_, **__):
        built.append(now[0])
        return Built(pages=(), faults=(Fault(where="theme.toml", what=SECRET, remedy="Mend it."),))

    keeper = Keeper(database, site[1].pages, {"default": brand}, two, monotonic=lambda: now[0])
    monkeypatch.setattr("resign.themes.keeper.build", fails)
    put_on(Prepared(version=pushed(theme("Hello")), basis="0" * 16))
    for now[0] in (0.0, 2.0, 59.0, 61.0, 63.0):
        keeper.look()
        assert fallen_back() == 1
    assert built == [0.0, 61.0]


def test_what_was_never_the_themes_fault_is_tried_again_at_the_next_look(
    keeper, pushed, put_on, anna, monkeypatch
):
    put_on(Prepared(version=pushed(theme("Hello")), basis="0" * 16))
    with monkeypatch.context() as patched:
        patched.setattr("resign.themes.keeper.build", _no_process)
        keeper.look()
    assert fallen_back() == 1
    opts_out(anna)
    keeper.look()
    assert fallen_back() == 0


def _no_process(*_, **__):
    raise OSError("no process can be started")


def test_pages_that_cannot_be_stored_are_worn_all_the_same(keeper, pushed, put_on, anna, monkeypatch, caplog):
    put_on(Prepared(version=pushed(theme("Hello")), basis="0" * 16))
    monkeypatch.setattr("resign.themes.keeper.keep_in_turns", _no_database)
    keeper.look()
    assert "Hello" in anna.opens().text
    assert "cannot be stored" in caplog.text


def _no_database(*_, **__):
    raise OperationalError("INSERT", {}, Exception(SECRET))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_dies_takes_no_theme_off(database, keeper, published, site, caplog, monkeypatch):
    published(theme("Hello"))
    keeper.look()
    page = site[1].pages.page("optout", "en", "default")
    assert "Hello" in page.text
    monkeypatch.setattr(database, "reading", _no_database)
    for _ in range(3):
        keeper.look()
    assert site[1].pages.page("optout", "en", "default") is page
    assert keeper.find("0" * 16) is None
    assert fallen_back() == 0
    assert caplog.text.count("Themes stay as they are") == 1
    assert SECRET not in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_process_that_begins_without_a_database_shows_the_shipped_pages_and_says_so(
    database, keeper, published, site, monkeypatch
):
    published(theme("Hello"))
    with monkeypatch.context() as patched:
        patched.setattr(database, "reading", _no_database)
        keeper.look()
    assert "Hello" not in site[1].pages.page("optout", "en", "default").text
    assert fallen_back() == 1
    keeper.look()
    assert "Hello" in site[1].pages.page("optout", "en", "default").text
    assert fallen_back() == 0


def test_rows_that_are_gone_are_built_again(database, keeper, published, anna):
    published(theme("Hello"))
    with database.writing() as session:
        session.execute(delete(ThemePage))
        session.commit()
    keeper.look()
    assert "Hello" in anna.opens().text
    assert fallen_back() == 0


def test_a_version_that_no_release_can_read_leaves_the_shipped_pages(database, keeper, put_on, pushed, anna):
    put_on(Prepared(version=pushed(theme("Hello")), basis="0" * 16))
    with database.writing() as session:
        session.execute(update(ThemeVersion).values(source=b"no archive"))
        session.commit()
    keeper.look()
    assert "Stop marketing emails" in anna.opens().text
    assert fallen_back() == 1


def test_one_click_never_meets_a_theme(database, keeper, published, anna):
    published(theme("Hello"))
    damage(database, text="{{birthday}}")
    keeper.look()
    assert anna.clicks_once().text.startswith("You are opted out.")


def test_the_metric_is_there_for_alarms(site, keeper, published):
    published(theme("Hello"))
    keeper.look()
    said = Client(site[0]).get("/metrics").text
    assert re.search(r'^resign_theme_fallback\{.*workspace="default".*\} 0', said, re.MULTILINE)


def test_a_form_pressed_on_the_old_version_is_recorded_with_what_was_shown(
    keeper, published, anna, database, site
):
    published(theme("First"))
    keeper.look()
    opened = anna.opens("?l=pl")
    first = site[1].pages.page("optout", "pl", "default")
    published(theme("Second"))
    keeper.look()
    answered = anna.presses(opened)
    assert "Second" in answered.text
    [decision] = anna.decisions()
    assert (decision.page, decision.language, decision.shown) == ("default@1/optout", "pl", first.digest)
    with database.reading() as session:
        assert session.get(ShownPage, first.digest).text == first.text
    assert "First" in first.text
