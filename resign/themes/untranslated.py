"""A theme's own texts that are not there in every language: they would come out in English, and nobody would notice."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from resign.i18n import SOURCE
from resign.themes.fault import Fault
from resign.themes.spoken import shipped_messages

_MOST_NAMED = 60
_MOST_WORDS = 6


def untranslated(
    name: str,
    template: str,
    said: Iterable[str],
    texts: Mapping[str, Mapping[str, str]],
    languages: Sequence[str],
) -> Iterator[Fault]:
    """One for each text of the template `name` that the shipped pages do not say; `texts` by language."""
    for message in dict.fromkeys(said):
        without = [each for each in languages if each != SOURCE and not texts.get(each, {}).get(message)]
        if message in shipped_messages()[0] or not without:
            continue
        short = message if len(message) <= _MOST_NAMED else f"{message[:_MOST_NAMED]}…"
        yield Fault(
            where=f"templates/{name}",
            what=f"“{short}” has no words in {', '.join(without)}",
            remedy=f"Write them into texts/{without[0]}.toml and so on, or use a text of the shipped pages.",
            line=_line(template, message),
        )


def _line(template: str, message: str) -> int | None:
    """Where the text begins; its blanks and its places are written otherwise in the template."""
    words = message.partition("%(")[0].replace("%%", "%").split()[:_MOST_WORDS]
    found = re.search(r"\s+".join(map(re.escape, words)), template) if words else None
    return template.count("\n", 0, found.start()) + 1 if found else None
