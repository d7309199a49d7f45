"""A theme's own words: for a language, English source texts and what is said in their place."""

import re
from collections.abc import Mapping, Sequence

from resign.i18n import Catalogues
from resign.themes.fault import Fault
from resign.themes.manifest import lines_of, parsed
from resign.themes.nearest import meant
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS

_PLACE = re.compile(r"%\(([a-z_]+)\)[sd]")
PERCENT = re.compile(r"(?<!%)(?:%%)*%(?!\([a-z_]+\)[sd]|%)")
_MOST = 1000
MOST_TEXTS = 1000
# Of those that no page says; and to look for what was meant takes some milliseconds each.
_MOST_NAMED = 100
_MOST_MEANT = 20
_COPY_IT = "Copy the English text as it stands in a catalogue."


class Worded(Catalogues):
    """The catalogues, with a theme's texts before them."""

    def __init__(self, shipped: Catalogues, texts: Mapping[str, Mapping[str, str]]) -> None:
        vars(self).update(vars(shipped))
        self._shipped, self._texts = shipped, texts

    def gettext(self, language: str, message: str) -> str:
        return self._texts.get(language, {}).get(message) or self._shipped.gettext(language, message)

    def ngettext(self, language: str, one: str, many: str, count: int) -> str:
        """A theme has one text for one, and one for every other number."""
        own = self._texts.get(language, {}).get(one if count == 1 else many)
        return own or self._shipped.ngettext(language, one, many, count)


def texts(path: str, text: str, faults: list[Fault]) -> dict[str, str]:
    """The file's texts that can be used; what is wrong with the others is added to `faults`."""
    found = {}
    there = parsed(path, text, faults)
    if len(there) > MOST_TEXTS:
        what = f"it holds more than {MOST_TEXTS} texts"
        faults.append(Fault(where=path, what=what, remedy="Keep those that pages say."))
        return {}
    lines = lines_of(text)
    for source, own in there.items():
        line = lines.get(source)
        if not isinstance(own, str):
            faults.append(
                Fault(
                    where=path, what="this is no text", remedy='Write: "English text" = "own text"', line=line
                )
            )
            continue
        wrong = _wrong(source, own)
        faults += [Fault(where=path, what=what, remedy=remedy, line=line) for what, remedy in wrong]
        if not wrong:
            found[source] = own
    return found


def strangers(
    said: Mapping[str, Mapping[str, str]],
    files: Mapping[str, bytes],
    known: frozenset[str],
    languages: Sequence[str],
) -> list[Fault]:
    """Texts for a language that there is not, and for sources that no template says."""
    faults = []
    unsaid: list[tuple[str, str]] = []
    lines: dict[str, dict[str, int]] = {}
    for language, own in said.items():
        path = f"texts/{language}.toml"
        if language not in languages:
            faults.append(
                Fault(
                    where=path, what=f"there is no language `{language}`", remedy=meant(language, languages)
                )
            )
        if strange := [source for source in own if source not in known]:
            unsaid += [(path, source) for source in strange]
            lines[path] = lines_of(files[path].decode("utf-8-sig", "replace"))
    for at, (path, source) in enumerate(unsaid[:_MOST_NAMED]):
        near = meant(source, known) if at < _MOST_MEANT else ""
        remedy = near if near.startswith("Did") else _COPY_IT
        what = f"no page says “{source[:120]}”"
        faults.append(Fault(where=path, what=what, remedy=remedy, line=lines[path].get(source)))
    if (more := len(unsaid) - _MOST_NAMED) > 0:
        faults.append(
            Fault(where=unsaid[-1][0], what=f"{more} more texts are said by no page", remedy=_COPY_IT)
        )
    return faults


def _wrong(source: str, own: str) -> list[tuple[str, str]]:
    places = set(_PLACE.findall(source))
    strange = sorted(set(_PLACE.findall(own)) - places)
    kept = ", ".join(f"%({name})" for name in sorted(places)) or "none"
    return [
        fault
        for fault, found in (
            (("this text is empty", "Write one, or take the line out."), not own.strip()),
            (("this text is too long", f"Write at most {_MOST} characters."), len(own) > _MOST),
            (("a text is plain, and `<` begins an element", "Put elements into a template."), "<" in own),
            (("braces are for templates", "Take `{{` and `{%` out."), "{{" in own or "{%" in own),
            (
                ("it holds a character that no text has", "Take it out."),
                bool(re.search(f"[{MARKER_OPENS}{MARKER_CLOSES}\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", own)),
            ),
            (
                ("a percent sign stands before no place of the text", "For the sign itself write %%."),
                bool(PERCENT.search(own)),
            ),
            (
                (f"the English text has no place %({'), %('.join(strange)})", f"Its places: {kept}."),
                bool(strange),
            ),
            (
                ("a place is written otherwise than in the English text", "Copy it as it stands there."),
                not strange and not set(_whole(own)) <= set(_whole(source)),
            ),
        )
        if found
    ]


def _whole(text: str) -> list[str]:
    return [place[0] for place in _PLACE.finditer(text)]
