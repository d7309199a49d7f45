"""A workspace with a theme or two, in two languages so that building takes a moment and not many."""

import shutil
from collections.abc import Callable

import pytest

from resign import paths
from resign.app import brand_of
from resign.db import Database
from resign.i18n import Catalogues
from resign.settings import Workspace
from resign.themes import Brand, Pages
from resign.themes.keeper import Keeper
from resign.themes.publishing import Prepared, prepare_again, put
from resign.themes.source import ThemeSource
from resign.themes.versions import Version, add
from tests.support.clock import StandingClock

LAYOUT = '{% extends "~/public/layout.html" %}{% block brand %}<p class="brand">SAID</p>{% endblock %}'


def theme(said: str) -> ThemeSource:
    """A theme that says one thing above every page."""
    return ThemeSource({"templates/layout.html": LAYOUT.replace("SAID", said).encode()})


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    folder = tmp_path_factory.mktemp("translations")
    for language in ("en", "pl"):
        shutil.copytree(paths.translations() / language, folder / language)
    return Catalogues(folder)


@pytest.fixture
def brand(workspace: Workspace) -> Brand:
    return brand_of(workspace)


@pytest.fixture
def pages(two: Catalogues, brand: Brand) -> Pages:
    return Pages(two, {"default": brand})


@pytest.fixture
def keeper(database: Database, pages: Pages, brand: Brand, two: Catalogues) -> Keeper:
    return Keeper(database, pages, {"default": brand}, two)


@pytest.fixture
def pushed(database: Database, clock: StandingClock) -> Callable[[ThemeSource], Version]:
    def push(source: ThemeSource) -> Version:
        with database.writing() as session:
            version = add(session, "default", source, "", "kim", clock.now())
            session.commit()
        return version

    return push


@pytest.fixture
def put_on(database: Database, clock: StandingClock) -> Callable[[Prepared], int]:
    def publish(prepared: Prepared) -> int:
        with database.writing() as session:
            publication = put(session, "default", prepared, author="kim", note="", now=clock.now())
            session.commit()
        return publication

    return publish


@pytest.fixture
def published(pushed, put_on, brand: Brand, two: Catalogues) -> Callable[[ThemeSource], Version]:
    """Built and put on; what is checked before that is not what these tests are about."""

    def publish(source: ThemeSource) -> Version:
        version = pushed(source)
        prepared = prepare_again(source, version, brand, two)
        assert isinstance(prepared, Prepared), prepared
        put_on(prepared)
        return version

    return publish
