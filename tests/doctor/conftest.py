"""Settings as an operator would have them, links for them, and what the doctor says in short."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resign.links import Links
from resign.settings import Settings, load
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def at(tmp_path: Path) -> Callable[..., Settings]:
    """Settings for one workspace whose Synerise nobody answers for."""

    def of(**changed: str) -> Settings:
        base = {
            "RESIGN_DATA_DIR": str(tmp_path),
            "RESIGN_SYNERISE_URL": NOBODY_LISTENS,
            "RESIGN_BASE_URL": "https://optout.example.com",
        }
        return load({**VARIABLES, **base, **changed})

    return of


@pytest.fixture
def public(at) -> Settings:
    return at()


@pytest.fixture
def link(public: Settings) -> Callable[..., str]:
    """Mints the address of a link."""

    def for_profile(profile=ANNA) -> str:
        return f"{public.base_url}/u/{Links(public.workspaces.values()).mint('default', profile)}"

    return for_profile


def of(verdict, findings) -> list[str]:
    return [finding.what for finding in findings if finding.verdict == verdict]


def ill(findings) -> list[str]:
    return of("ill", findings)


def said(findings) -> str:
    return "\n".join(f"{finding.what}\n{finding.remedy}" for finding in findings)


def advice(findings) -> dict[str, str]:
    return {finding.what: finding.remedy for finding in findings}
