"""A theme's folder, and the preview of it without a port."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from resign.app import brand_of
from resign.i18n import Catalogues
from resign.preview.app import create_preview
from resign.preview.room import Room

LAYOUT = '{% extends "~/public/layout.html" %}{% block brand %}<p class="brand">Hello</p>{% endblock %}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mine"
    (place / "templates").mkdir(parents=True)
    (place / "templates" / "layout.html").write_text(LAYOUT)
    return place


@pytest.fixture
def room(folder: Path, workspace) -> Room:
    return Room(folder, "default", "en", brand_of(workspace), Catalogues())


@pytest.fixture
def client(room: Room) -> Client:
    return Client(create_preview(room))
