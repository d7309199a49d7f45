"""Themes made of a few files, built into a page or two."""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

from resign.i18n import Catalogues
from resign.themes import Brand, Sender
from resign.themes.brand import OfferedAgreement, Spoken
from resign.themes.build import Built, build
from resign.themes.checks import check, look
from resign.themes.fault import Fault
from resign.themes.source import ThemeSource, read

BRAND = Brand(
    Sender("Fjord & Fern Ltd", "hello@fjordfern.example"),
    agreements=(
        OfferedAgreement(
            "alcohol", Spoken({"en": "News of wine"}, "en"), Spoken({"en": "Tastings too."}, "en")
        ),
    ),
    pauses=(1, 3),
)


_WITH_ALL_SAMPLES = look._WITH_ALL_SAMPLES


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


@pytest.fixture
def looked(
    browser: Browser,
    build_of: Callable[..., Built],
    catalogues: Catalogues,
    brand: Brand,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable:
    """With the browser of all tests: one that is started for each of these would take longer than the look.

    For one person, unless `everybody` is asked for: a third of the time.
    """

    def faults(files: dict[str, str | bytes], *, everybody: bool = False, **options: object) -> list[str]:
        monkeypatch.setattr(look, "_WITH_ALL_SAMPLES", _WITH_ALL_SAMPLES if everybody else ())
        built = build_of(files, **options)
        assert built.faults == ()
        theme = read(theme_of(files))
        found = look.looked(browser, AXE_SCRIPT, built.pages, theme, brand, catalogues, "en")
        return [fault.what for fault in found]

    return faults


@pytest.fixture
def checked(
    build_of: Callable[..., Built], catalogues: Catalogues, brand: Brand
) -> Callable[..., tuple[Fault, ...]]:
    def faults(files: dict[str, str | bytes], **options: object) -> tuple[Fault, ...]:
        return check(build_of(files, **options), theme_of(files), brand, catalogues, looks=False)

    return faults
