"""Everything besides a theme's own files that makes its pages, as one short digest.

Pages that were built on another basis are stale: by an earlier release, before the sender's name changed, or before
there was another agreement. They are built again from the version's source.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from resign import paths
from resign.i18n import Catalogues
from resign.themes.brand import Brand
from resign.themes.contexts import CONTEXTS
from resign.themes.pages import shipped_style

# What renders a page and what holds it to the list: another release of them may give other bytes.
_LIBRARIES = ("jinja2", "markupsafe", "nh3", "babel")


def basis(brand: Brand, catalogues: Catalogues) -> str:
    """16 hexadecimal digits. Reads files, so whoever needs it often keeps it."""
    digest = hashlib.sha256()
    for part in (_brand(brand), _contexts(), shipped_style(), *map(_release, _LIBRARIES)):
        digest.update(f"{len(part)}\0{part}".encode())
    for file in _files(catalogues):
        content = file.read_bytes()
        digest.update(f"\0{file.parent.name}/{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _brand(brand: Brand) -> str:
    return json.dumps(brand, default=_plain, ensure_ascii=True)


def _plain(value: object) -> object:
    """Field by field: a text that is nowhere looked at as a whole cannot be forgotten either."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _contexts() -> str:
    fields = {name: [field.name for field in dataclasses.fields(kind)] for name, kind in CONTEXTS.items()}
    return json.dumps(fields)


def _files(catalogues: Catalogues) -> list[Path]:
    """Templates, translations, the code between them and the page, and all that decides whether a page may be shown.

    So what is stored for a basis has been looked through by that basis's own rules.
    """
    folders = [paths.translations() / language.replace("-", "_") for language in catalogues.languages]
    code = Path(__file__).parent
    return [
        *sorted((paths.templates() / "public").glob("*.*")),
        *(folder / "LC_MESSAGES" / "messages.po" for folder in folders if folder.is_dir()),
        *(folder / "guilt.txt" for folder in folders if (folder / "guilt.txt").is_file()),
        *sorted(code.glob("*.py")),
        *sorted((code / "checks").glob("*.py")),
    ]


def _release(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library
