"""What makes a theme's pages besides the theme: a change of it makes stored pages stale, and nothing else does."""

import dataclasses
import shutil

import pytest

from resign import paths
from resign.themes import Sender
from resign.themes import basis as module
from resign.themes.basis import basis
from resign.themes.brand import OfferedAgreement, Spoken


@pytest.fixture
def moved(monkeypatch, tmp_path):
    """Templates and translations of the test's own."""
    for name in ("templates", "translations"):
        shutil.copytree(getattr(paths, name)(), tmp_path / name)
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    return tmp_path


def test_it_is_the_same_every_time(brand, two):
    assert basis(brand, two) == basis(dataclasses.replace(brand), two)
    assert len(basis(brand, two)) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"sender": Sender("Fjord & Fern AS", "hello@fjordandfern.example")},
        {"sender": Sender("Fjord & Fern", "other@fjordandfern.example")},
        {"agreements": (OfferedAgreement("wine", Spoken({"en": "Wine"}, "en"), Spoken({}, "en")),)},
        {"agreements": (OfferedAgreement("wine", Spoken({"en": "Beer"}, "en"), Spoken({}, "en")),)},
        {"pauses": (1, 3)},
        {"reasons": {}},
        {"reasons": {"other": Spoken({"en": "Another one"}, "en")}},
        {"double_opt_in": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_the_settings_say_is_part_of_it(brand, two, change):
    assert basis(dataclasses.replace(brand, **change), two) != basis(brand, two)


@pytest.mark.parametrize(
    "file",
    ["templates/public/optout.html", "templates/public/words.txt", "translations/pl/LC_MESSAGES/messages.po"],
)
def test_what_is_shipped_is_part_of_it(brand, two, moved, file):
    before = basis(brand, two)
    with (moved / file).open("ab") as shipped:
        shipped.write(b"\n")
    assert basis(brand, two) != before


def test_a_language_that_is_not_spoken_is_not_part_of_it(brand, two, moved):
    before = basis(brand, two)
    with (moved / "translations/de/LC_MESSAGES/messages.po").open("ab") as shipped:
        shipped.write(b"\n")
    assert basis(brand, two) == before


def test_another_field_of_a_context_is_another_basis(brand, two, monkeypatch):
    before = basis(brand, two)
    monkeypatch.setattr(module, "CONTEXTS", dict(list(module.CONTEXTS.items())[1:]))
    assert basis(brand, two) != before
