"""Headless Chromium for the tests that look at pages as people do."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

MISSING = "Chromium is missing: apt-get install chromium"
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Without Chromium these tests are skipped at home and fail in CI, where nobody would notice the gap."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        # Five seconds, its own measure, is short where three test processes share two cores.
        expect.set_options(timeout=30_000)
        browser = playwright.chromium.launch(executable_path=Path(chromium), args=CHROMIUM)
        yield browser
        browser.close()
