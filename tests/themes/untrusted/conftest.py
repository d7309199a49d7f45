"""Themes made of a few files, built into a page or two."""

from collections.abc import Callable

import pytest

from resign.i18n import Catalogues
from resign.themes import Brand, Sender
from resign.themes.brand import OfferedAgreement, Spoken
from resign.themes.build import Built, build
from resign.themes.source import ThemeSource

BRAND = Brand(
    Sender("Fjord & Fern Ltd", "hello@fjordfern.example"),
    agreements=(
        OfferedAgreement(
            "alcohol", Spoken({"en": "News of wine"}, "en"), Spoken({"en": "Tastings too."}, "en")
        ),
    ),
    pauses=(1, 3),
)


@pytest.fixture(scope="session")
def brand() -> Brand:
    return BRAND


@pytest.fixture(scope="session")
def build_of(catalogues: Catalogues) -> Callable[..., Built]:
    """From files as texts or bytes; by default the page `optout` in English."""

    def built(
        files: dict[str, str | bytes], pages=("optout",), languages=("en",), brand: Brand = BRAND
    ) -> Built:
        return build(
            theme_of(files),
            theme="fern@1",
            workspace="fern",
            brand=brand,
            catalogues=catalogues,
            pages=pages,
            languages=languages,
        )

    return built


def theme_of(files: dict[str, str | bytes]) -> ThemeSource:
    return ThemeSource(
        {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    )
