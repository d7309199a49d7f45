from collections.abc import Callable

import pytest

from resign.settings import BadSettings, Settings, load
from tests.support.variables import VARIABLES

Given = dict[str, str | None]


@pytest.fixture
def loaded() -> Callable[..., Settings]:
    """The settings with these variables on top of the smallest set; None takes one out."""

    def read(**changed: str | None) -> Settings:
        return load({name: value for name, value in {**VARIABLES, **changed}.items() if value is not None})

    return read


@pytest.fixture
def faults(loaded) -> Callable[..., tuple[str, ...]]:
    """What is wrong with them, one sentence each; none where they are good."""

    def read(**changed: str | None) -> tuple[str, ...]:
        try:
            loaded(**changed)
        except BadSettings as bad:
            return bad.faults
        return ()

    return read


@pytest.fixture
def toml(tmp_path) -> Callable[[str], str]:
    """Writes a file for `RESIGN_CONFIG` and gives its path."""

    def write(text: str) -> str:
        file = tmp_path / "resign.toml"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write
