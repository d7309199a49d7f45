"""Where templates, static files and translations lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def templates() -> Path:
    return _folder("templates")


def snippets() -> Path:
    """The pieces to paste into Synerise, one Markdown file each."""
    return templates() / "snippets"


def static() -> Path:
    return _folder("static")


def translations() -> Path:
    return _folder("translations")


def migrations() -> Path:
    return _PACKAGE / "migrations"


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
