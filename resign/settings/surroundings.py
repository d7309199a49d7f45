"""The environment as child processes inherit it: the settings are the only place that reads it."""

import os
from collections.abc import Mapping


def surroundings() -> dict[str, str]:
    return dict(os.environ)


def surroundings_without_settings() -> dict[str, str]:
    """For processes that get settings of their own: nothing of ours leaks in from outside."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RESIGN_")}


def given(name: str) -> str | None:
    return os.environ.get(name)


def settings_given() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("RESIGN_")}
