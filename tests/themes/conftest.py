"""One set of pages for all these tests: two senders, and three languages, one of which runs right to left."""

import dataclasses
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from resign import paths
from resign.i18n import Catalogues
from resign.themes import Brand, Page, Pages, Sender
from resign.themes.brand import OfferedAgreement, Spoken
from resign.themes.contexts import CONTEXTS, Context

SENDERS = {
    "fern": Sender("Fjord & Fern Ltd", "hello@fjordfern.example"),
    "long": Sender(
        "Przedsiębiorstwo Handlowo-Usługowe Międzynarodowe Wydawnictwa Naukowo-Techniczne Sp. z o.o.",
        "https://www.a-publisher-with-a-very-long-name.example/contact/customer-service/",
    ),
}
AGREEMENTS = (
    OfferedAgreement(
        "wine",
        Spoken({"en": "Wine and beer", "pl": "Wino i piwo"}, "en"),
        Spoken({"en": "Communications that feature alcohol"}, "en"),
    ),
    OfferedAgreement("post", Spoken({"en": "Letters by post"}, "en"), Spoken({}, "en")),
)
BRANDS = {name: Brand(sender, AGREEMENTS, pauses=(1, 3)) for name, sender in SENDERS.items()}


@pytest.fixture(scope="session")
def senders() -> dict[str, Sender]:
    return SENDERS


@pytest.fixture(scope="session")
def catalogues() -> Catalogues:
    return Catalogues()


@pytest.fixture(scope="session")
def pages(catalogues: Catalogues) -> Pages:
    return Pages(catalogues, BRANDS)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    """Three of the shipped languages, one of which runs right to left: few enough to stand side by side."""
    folder = tmp_path_factory.mktemp("translations")
    for language in ("ar", "en", "pl"):
        shutil.copytree(paths.translations() / language, folder / language)
    return Catalogues(folder)


@pytest.fixture(scope="session")
def world_pages(world: Catalogues) -> Pages:
    return Pages(world, BRANDS)


@pytest.fixture(scope="session")
def example(world: Catalogues) -> Callable[..., Context]:
    """What a page is filled with, by default an ordinary person's values; `changed` replaces some of them."""

    def build(page: Page, **changed: Any) -> Context:
        at = world.moment(datetime(2026, 11, 22, 15, 48, tzinfo=UTC), page.language)
        values = {
            "masked": "a•••@example.com",
            "link": "/u/AbC-123",
            "query": "&c=spring",
            "action": "/u/AbC-123?c=spring",
            "undo": "/u/AbC-123/undo",
            "pause": "/u/AbC-123/pause?c=spring",
            "reason": "/u/AbC-123/reason?c=spring",
            "centre": "/p/AbC-123",
            "elsewhere": "https://optout.other.example/u/AbC-123",
            "until": world.day(datetime(2027, 2, 1, tzinfo=UTC), page.language),
            "agreement": "Wine and beer",
            "typed": "It was <too> much",
            "was": {"newsletter": "on", "wine": "off"},
            "to": {"newsletter": "on", "wine": "off"},
            "now": {"newsletter": "On", "wine": "Off", "post": "As it was"},
            "record": "/u/AbC-123/record",
            "recorded_at": at,
            "confirmed_at": at,
            "reference": "7K3M-9QXA",
            "email": "anna@example",
            **changed,
        }
        context = CONTEXTS[page.name]
        return context(**{field.name: values[field.name] for field in dataclasses.fields(context)})

    return build
