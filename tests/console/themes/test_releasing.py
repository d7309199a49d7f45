"""From a draft to what people see and back: refused with where to mend it, published, rolled back, discarded."""

import time

import httpx
import pytest
from sqlalchemy import select

from resign import app
from resign.links import Links
from resign.themes.keeper import Keeper
from resign.themes.publishing import prepare
from resign.themes.tables import ThemePage, ThemePublication
from resign.themes.versions import history, worn
from tests.console.conftest import HOME
from tests.support.decisions import ANNA

PUBLISH = f"{HOME}/publish"
GUILT = '{% extends "~/public/optout.html" %}\n{% block sign %}\n<p>Are you sure you want to lose our offers?</p>\n{% endblock %}\n'


@pytest.fixture
def without_browser(monkeypatch):
    """The look in a browser takes most of a minute, and has tests of its own."""

    def quick(*given, **more):
        return prepare(*given, **{**more, "looks": False})

    monkeypatch.setattr("resign.console.themes.releasing.prepare", quick)


@pytest.fixture
def waits(mia):
    def wait():
        until = time.monotonic() + 120
        while mia.opens(f"{HOME}/status").json()["state"] == "running":
            assert time.monotonic() < until
            time.sleep(0.1)
        return mia.opens(PUBLISH)

    return wait


@pytest.fixture
def public(settings, clock, database, monkeypatch):
    """The public pages, and the look that each web process takes at what is published."""
    sites = []
    made = app._site
    monkeypatch.setattr(app, "_site", lambda *given: sites.append(made(*given)) or sites[-1])
    pages = app.web_application(settings, clock, database)
    brands = {name: app.brand_of(workspace) for name, workspace in settings.workspaces.items()}
    keeper = Keeper(database, sites[0].pages, brands, sites[0].catalogues)
    path = f"/u/{Links(settings.workspaces.values()).mint('default', ANNA)}"

    def opens(url):
        keeper.look()
        return httpx.get(f"{url}{path}", trust_env=False).text.replace(" ", "")

    return pages, opens


def pressed(mia, what="publish", note=""):
    return mia.presses(mia.opens(PUBLISH), f"{HOME}/{what}", note=note)


def publications(mia):
    with mia.database.reading() as session:
        return [(row.author, row.note) for row in session.scalars(select(ThemePublication))]


def test_a_draft_is_checked_published_worn_and_rolled_back(
    mia, without_browser, waits, public, served, database
):
    mia.sends(mia.opens(), light__paper="#ffffff")
    assert "+paper = &#34;#ffffff&#34;" in mia.opens(PUBLISH).text
    assert pressed(mia, "check").status_code == 303
    assert "nothing is in the way" in waits().text
    assert publications(mia) == []
    assert pressed(mia, note="White & <plain>").status_code == 303
    page = waits()
    assert "people see version 1" in page.text
    assert publications(mia) == [("mia", "White & <plain>")]
    assert mia.draft() is None
    listed = mia.opens("/console/themes").text
    assert "White &amp; &lt;plain&gt;" in listed
    assert listed.index("Version 1") < listed.index("Roll back to this")
    with database.reading() as session:
        assert [version.number for version in history(session, "default")] == [1]
        assert worn(session, "default").version.number == 1
    pages, opens = public
    url = served(pages)
    assert "--paper:#ffffff" in opens(url)
    asked = mia.opens(f"{HOME}/wear/0")
    assert "-paper = &#34;#ffffff&#34;" in asked.text
    assert mia.presses(asked, f"{HOME}/wear/0").status_code == 303
    assert "--paper:#ffffff" not in opens(url)
    assert mia.presses(mia.opens(f"{HOME}/wear/1"), f"{HOME}/wear/1").status_code == 303
    assert "--paper:#ffffff" in opens(url)
    assert len(publications(mia)) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refusal_names_the_place_and_leads_there_and_when_mended_it_is_published(
    mia, without_browser, waits
):
    page = mia.opens(f"{HOME}/templates/optout.html")
    assert mia.sends(page, own=GUILT).status_code == 303
    mia.sends(mia.opens(), light__ink="#cccccc")
    pressed(mia, note="Please stay")
    refused = waits().text
    assert "Not published" in refused
    assert 'value="Please stay"' in refused
    assert f"{HOME}/templates/optout.html" in refused
    assert "#line-3" in refused
    assert "contrast" in refused
    assert publications(mia) == []
    mia.sends(mia.opens(f"{HOME}/templates/optout.html"), own="")
    mia.sends(mia.opens(), light__ink="#111111")
    pressed(mia, note="Mended")
    assert "people see version 1" in waits().text
    assert publications(mia) == [("mia", "Mended")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_saved_since_the_page_was_opened_is_not_published_unseen(mia):
    mia.sends(mia.opens(), light__paper="#ffffff")
    seen = mia.opens(PUBLISH)
    mia.sends(mia.opens(), light__paper="#eeeeee")
    answer = mia.presses(seen, PUBLISH, note="As I saw it")
    assert answer.status_code == 409
    assert 'value="As I saw it"' in answer.text
    assert mia.opens(f"{HOME}/status").json()["state"] == "none"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_note_that_is_too_long_comes_back(mia):
    mia.sends(mia.opens(), light__paper="#ffffff")
    answer = pressed(mia, note="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_check_that_breaks_off_says_so_and_publishes_nothing(mia, waits, monkeypatch, caplog):
    def broken(*_given, **_more):
        raise RuntimeError("secret words of a theme")

    monkeypatch.setattr("resign.console.themes.releasing.prepare", broken)
    mia.sends(mia.opens(), light__paper="#ffffff")
    pressed(mia, note="kept")
    page = waits()
    assert "broke off" in page.text
    assert 'value="kept"' in page.text
    assert publications(mia) == []
    assert "secret words" not in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_published_rolled_back_and_discarded_is_noted(mia, people, waits, without_browser):
    mia.sends(mia.opens(), light__paper="#ffffff")
    page = mia.opens(PUBLISH)
    mia.presses(page, PUBLISH)
    waits()
    mia.presses(mia.opens(f"{HOME}/wear/0"), f"{HOME}/wear/0")
    mia.presses(mia.opens(f"{HOME}/wear/1"), f"{HOME}/wear/1")
    mia.sends(mia.opens(), light__paper="#fffff0")
    mia.presses(mia.opens(f"{HOME}/discard"), f"{HOME}/discard", digest="seen by nobody")
    mia.presses(mia.opens(f"{HOME}/discard"), f"{HOME}/discard")
    noted = [(deed.name, deed.action, deed.workspace, deed.detail) for deed in people.deeds()]
    assert noted == [
        ("mia", "published-theme", "default", '{"version": 1}'),
        ("mia", "rolled-back-theme", "default", '{"version": 0}'),
        ("mia", "rolled-back-theme", "default", '{"version": 1}'),
        ("mia", "discarded-draft", "default", None),
    ]


def test_a_draft_is_discarded_only_as_it_was_seen(mia):
    mia.sends(mia.opens(), light__paper="#ffffff")
    asked = mia.opens(f"{HOME}/discard")
    assert "+paper" in asked.text
    mia.sends(mia.opens(), light__paper="#eeeeee")
    mia.presses(asked, f"{HOME}/discard")
    assert mia.draft() is not None
    mia.presses(mia.opens(f"{HOME}/discard"), f"{HOME}/discard")
    assert mia.draft() is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_version_that_was_pushed_and_never_published_is_put_on_when_its_pages_are_made(mia, waits):
    number = mia.stores({"theme.toml": b'[colours]\npaper = "#ffffff"\n'})
    assert "never published" in mia.opens("/console/themes").text
    assert mia.presses(mia.opens(f"{HOME}/wear/{number}"), f"{HOME}/wear/{number}").status_code == 303
    assert "people see version 1" in waits().text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_theme_that_has_fallen_back_says_why(mia, without_browser, waits, database):
    mia.sends(mia.opens(), light__paper="#ffffff")
    pressed(mia)
    waits()
    assert "shipped pages stand in" not in mia.opens("/console/themes").text
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE theme_pages SET text = 'x' WHERE page = 'optout' AND language = 'en'"
        )
    page = mia.opens("/console/themes").text
    assert "shipped pages stand in" in page
    assert "optout in en" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_names_its_own_version_though_another_was_stored_since_the_check(
    mia, without_browser, waits
):
    mia.sends(mia.opens(), light__paper="#ffffff")
    pressed(mia, "check")
    assert "nothing is in the way" in waits().text
    mia.stores({})
    pressed(mia)
    assert "people see version 2" in waits().text
    with mia.database.reading() as session:
        rows = session.execute(select(ThemePage.text, ThemePage.version_id)).all()
        assert {row.version_id for row in rows} == {worn(session, "default").version.id}
    assert all('content="default@2"' in row.text for row in rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_that_it_is_published_is_said_only_while_people_see_it_and_nothing_newer_is_begun(
    mia, without_browser, waits
):
    mia.sends(mia.opens(), light__paper="#ffffff")
    pressed(mia)
    assert "people see version 1" in waits().text
    mia.sends(mia.opens(), light__paper="#fffff0")
    assert "people see version 1" not in mia.opens(PUBLISH).text
    mia.presses(mia.opens(f"{HOME}/discard"), f"{HOME}/discard")
    mia.presses(mia.opens(f"{HOME}/wear/0"), f"{HOME}/wear/0")
    assert "people see version 1" not in mia.opens(PUBLISH).text
    mia.presses(mia.opens(f"{HOME}/wear/1"), f"{HOME}/wear/1")
    assert "people see version 1 within" not in mia.opens(PUBLISH).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_in_the_way_of_a_draft_is_gone_with_the_draft(mia, without_browser, waits):
    mia.sends(mia.opens(), light__ink="#cccccc")
    pressed(mia, "check")
    assert "This is in the way" in waits().text
    mia.sends(mia.opens(), light__ink="#cccccd")
    assert "The draft was changed since this check" in mia.opens(PUBLISH).text
    mia.presses(mia.opens(f"{HOME}/discard"), f"{HOME}/discard")
    assert "This is in the way" not in mia.opens(PUBLISH).text
    mia.sends(mia.opens(), light__paper="#ffffff")
    assert "This is in the way" not in mia.opens(PUBLISH).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rollback_that_broke_off_is_told_until_something_else_is_published(mia, waits, monkeypatch):
    number = mia.stores({"theme.toml": b'[colours]\npaper = "#ffffff"\n'})

    def broken(*_given, **_more):
        raise RuntimeError

    monkeypatch.setattr("resign.console.themes.listing.prepare_again", broken)
    mia.presses(mia.opens(f"{HOME}/wear/{number}"), f"{HOME}/wear/{number}")
    assert "broke off" in waits().text
    mia.presses(mia.opens(f"{HOME}/wear/0"), f"{HOME}/wear/0")
    assert "broke off" not in mia.opens(PUBLISH).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_note_is_kept_over_a_check(mia, without_browser, waits):
    mia.sends(mia.opens(), light__paper="#ffffff")
    pressed(mia, "check", note="White for the winter")
    assert 'value="White for the winter"' in waits().text
    pressed(mia, "check", note="x" * 501)
    assert publications(mia) == []
    mia.sends(mia.opens(), light__paper="#fffff0")
    assert 'value="White for the winter"' in mia.opens(PUBLISH).text
