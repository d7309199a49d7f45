"""One set of pages for all these tests: two senders, and three languages, one of which runs right to left."""

import dataclasses
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from resign import paths
from resign.i18n import Catalogues
from resign.themes import Page, Pages, Sender
from resign.themes.contexts import CONTEXTS, Context

SENDERS = {
    "fern": Sender("Fjord & Fern Ltd", "hello@fjordfern.example"),
    "long": Sender(
        "Przedsiębiorstwo Handlowo-Usługowe Międzynarodowe Wydawnictwa Naukowo-Techniczne Sp. z o.o.",
        "https://www.a-publisher-with-a-very-long-name.example/contact/customer-service/",
    ),
}


@pytest.fixture(scope="session")
def senders() -> dict[str, Sender]:
    return SENDERS


@pytest.fixture(scope="session")
def catalogues() -> Catalogues:
    return Catalogues()


@pytest.fixture(scope="session")
def pages(catalogues: Catalogues) -> Pages:
    return Pages(catalogues, SENDERS)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    """The shipped catalogues and an Arabic one: not a translation, but its letters, its length, its direction."""
    folder = tmp_path_factory.mktemp("translations")
    shutil.copytree(paths.translations(), folder, dirs_exist_ok=True)
    polish = folder / "pl" / "LC_MESSAGES" / "messages.po"
    arabic = folder / "ar" / "LC_MESSAGES" / "messages.po"
    arabic.parent.mkdir(parents=True)
    text = re.sub(r'^"Plural-Forms:.*\n', "", polish.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = text.replace("Language: pl", "Language: ar")
    arabic.write_text(re.sub(r'(?<=\n)msgid "(.+)"\nmsgstr ".*"', _in_arabic_letters, text), encoding="utf-8")
    return Catalogues(folder)


def _in_arabic_letters(message: re.Match[str]) -> str:
    words = "رسائل تسويقية إلى عنوانك من المرسل هذا القرار محفوظ هنا ويمكنك العودة في أي وقت".split()
    source = message[1].split()
    said = [
        "".join(re.findall(r"%\(\w+\)s", word)) or words[(len(message[1]) + at * 7) % len(words)]
        for at, word in enumerate(source)
    ]
    return f'msgid "{message[1]}"\nmsgstr "{" ".join(said)}"'


@pytest.fixture(scope="session")
def world_pages(world: Catalogues) -> Pages:
    return Pages(world, SENDERS)


@pytest.fixture(scope="session")
def example(world: Catalogues) -> Callable[..., Context]:
    """What a page is filled with, by default an ordinary person's values; `changed` replaces some of them."""

    def build(page: Page, **changed: str) -> Context:
        at = world.moment(datetime(2026, 11, 22, 15, 48, tzinfo=UTC), page.language)
        values = {
            "masked": "a•••@example.com",
            "link": "/u/AbC-123",
            "query": "&c=spring",
            "action": "/u/AbC-123?c=spring",
            "undo": "/u/AbC-123/undo",
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
