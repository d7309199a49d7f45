"""All that templates say, in every language, as the process that renders them is told it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from jinja2 import DictLoader, Environment
from markupsafe import escape

from resign import paths
from resign.i18n import Catalogues
from resign.themes.templates import rules

# Beyond these, plural rules look at the last two digits only.
_COUNTS = range(201)

_Said = dict[str, dict[str, str]]
_Counted = dict[str, dict[str, list[str]]]


def spoken(
    catalogues: Catalogues, texts: Mapping[str, Mapping[str, str]], messages: Iterable[str]
) -> tuple[_Said, _Counted]:
    """By language: each message, and each message that counts, for the counts from none to two hundred."""
    wanted = set(messages)
    said: _Said = {}
    counted: _Counted = {}
    for language in catalogues.languages:
        # A translation of ours may hold an entity; a theme's text is plain, and must stay so between quotes too.
        own = {source: str(escape(text)) for source, text in texts.get(language, {}).items()}
        said[language] = {
            message: own.get(message) or catalogues.gettext(language, message) for message in wanted
        }
        counted[language] = {
            one: [
                own.get(one if count == 1 else many) or catalogues.ngettext(language, one, many, count)
                for count in _COUNTS
            ]
            for one, many in shipped_messages()[1]
        }
    return said, counted


@lru_cache(maxsize=1)
def shipped_messages() -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """All that the shipped pages say, and of what counts the two forms that it has in English."""
    folder = paths.templates() / "public"
    environment = rules(Environment, DictLoader({}), Catalogues())
    said: set[str] = set()
    counting: set[tuple[str, str]] = set()
    for file in [*sorted(folder.glob("*.html")), folder / "words.txt"]:
        for _, _, message in environment.extract_translations(file.read_text("utf-8")):  # type: ignore[attr-defined]
            if isinstance(message, str):
                said.add(message)
                continue
            forms = [form for form in message if isinstance(form, str)]
            said.update(forms)
            if len(forms) > 1:
                counting.add((forms[0], forms[1]))
    return frozenset(said), frozenset(counting)
