"""What is wrong with a theme, in the reader's language.

The engine speaks English to whoever asks, a command or this console. Here are its sentences as the catalogue has them,
with a place for what they quote; one that is not among them is shown in English, and said to be so.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from resign.console.spoken import language, mark, say
from resign.console.themes.checked import FORMS
from resign.console.themes.checked import SENTENCES as CHECKED
from resign.console.themes.part import Said
from resign.i18n import SOURCE
from resign.themes.fault import Fault

SENTENCES = (
    mark("it is not TOML: %(error)s"),
    mark("`%(name)s` is not known"),
    mark("only text and numbers can be written"),
    mark("it holds more than %(count)s texts"),
    mark("Keep those that pages say."),
    mark("it says more than %(count)s texts of its own"),
    mark("Take some of them out."),
    mark("%(count)s more texts are said by no page"),
    mark("a key has more than four parts"),
    mark('A text with dots stands in quotes: "a.b" = "c"'),
    mark("`%(name)s` is unknown here"),
    mark("`%(name)s` is no tag of a template"),
    mark("there is no filter `%(name)s` for templates"),
    mark("there is no test `%(name)s` for templates"),
    mark("there is no template `%(name)s`"),
    mark("no template that this one extends has a block `%(name)s`"),
    mark("this stands in no block, so it is never shown"),
    mark("Of a template that extends another, only blocks are shown: put it into one."),
    mark("a picture moves"),
    mark("Use one that stands still: nobody could stop it."),
    mark("a page's pictures have too many pixels"),
    mark("Make them smaller: 2000 by 2000 are the most."),
    mark("a picture is no PNG, JPEG or WebP, or a broken one"),
    mark("a tag is not closed (%(error)s)"),
    mark("tags are not closed in the order in which they were opened (%(error)s)"),
    mark("a text in `trans` holds more than words and plain places (%(error)s)"),
    mark("a block is there twice (%(error)s)"),
    mark("this is not written as a template is (%(error)s)"),
    mark("it fails (%(error)s)"),
    mark("`%(name)s` is not for templates"),
    mark("`%(name)s` is always on"),
    mark("`%(name)s` has no macro `%(macro)s`"),
    mark("`%(name)s` is for numbers, and `+` for texts"),
    mark("`%(name)s` is for numbers"),
    mark("`range` counts whole numbers"),
    mark("`range` counts to %(most)s at most"),
    mark("there is no `%(name)s`; there are: %(names)s"),
    mark("there is no block `%(name)s`"),
    mark("there is no item %(name)s"),
    mark("this cannot be called"),
    mark("this cannot be looked into"),
    mark("this list is too long"),
    mark("this number is too large"),
    mark("in a text, `%%` is followed by `(name)s`, or by another `%%`"),
    mark("it writes a character that no text has"),
    mark("Take escapes like \\ud800 out."),
    mark('To build on the shipped template of this name, write {%% extends "~/public/NAME.html" %%}.'),
    mark("A template of the theme changed what this shipped one builds on. %(what)s"),
    mark("its pages take too long to make, so not all were made"),
    mark("Mend the pages that are named above."),
    mark("it makes a page that is far too long"),
    mark("it needs too much memory"),
    mark("it includes, extends or calls itself without end"),
    mark("it takes longer than a second"),
    mark("it needs more than a template may have"),
    mark("`%(name)s` cannot be filled in here"),
    mark("a value that is filled in later was cut to pieces"),
    mark("`%(name)s` cannot change it: it is filled in when a person comes. Write it alone."),
    mark("It is filled in when a person comes, so no filter can change it: write it alone."),
    mark("Use no filter, `[...]` or loop on it: write it alone."),
    mark("<%(tag)s> is not allowed, and was taken out"),
    mark("`%(attribute)s` of <%(tag)s> is not allowed, and was taken out"),
    mark("it holds a character that no text has (%(name)s)"),
    mark("it holds a character that no text has"),
    mark("it is too long"),
    mark("it is too large"),
    mark("it is not UTF-8"),
    mark("a theme has no such file"),
    mark("this text is empty"),
    mark("this text is too long"),
    mark("a text is plain, and `<` begins an element"),
    mark("braces are for templates"),
    mark("a percent sign stands before no place of the text"),
    mark("the English text has no place %(name)s"),
    mark("a place is written otherwise than in the English text"),
    mark("`@%(name)s` is not allowed"),
    mark("`%(name)s()` is not allowed"),
    mark("`%(name)s` is not allowed"),
    mark("a page fetches nothing"),
    mark("rules are nested too deeply"),
    mark("brackets are nested too deeply"),
    mark("this cannot be read: %(error)s"),
    mark("a brace, bracket, quote or comment is not closed"),
    mark("%(scheme)s: `%(ink)s` %(one)s on `%(paper)s` %(other)s has a contrast of %(ratio)s"),
    mark("%(least)s is the least. Make one of them lighter or darker."),
    mark("“%(words)s” presses on those who leave"),
    mark("Say what the button does, and nothing of how you feel about it."),
    mark("this file is too large"),
    mark("this is not a picture made of pixels"),
    mark("this picture has too many pixels"),
    mark("this picture does not become small enough"),
    mark("this is no PNG, JPEG or WebP picture, or a broken one"),
    mark("A logo is at most 8 MB before it is made small."),
    mark("An SVG can hold a program. Save it as PNG, JPEG or WebP."),
    mark("Save it as PNG, JPEG or WebP."),
    mark("Make it smaller: 480 by 160 is shown."),
    mark("Use a simpler one: few colours, no photograph."),
    mark("Take it out."),
    mark("Take loops and long texts out."),
    mark("Take loops out: a page is made in a few milliseconds."),
    mark("A page is at most 256 kB and 3,000 elements."),
    mark("See docs/themes.md for what templates may use."),
    mark("See docs/themes.md for what pages may hold."),
    mark('Shipped ones are named like "~/public/layout.html".'),
    mark("Take it out. This page has: %(names)s."),
    mark("Did you mean `%(name)s`? This page has: %(names)s."),
    mark("Did you mean `%(name)s`? There are: %(names)s."),
    mark("Did you mean `%(name)s`?"),
    mark("There are: %(names)s."),
    mark("it has more faults than are named here"),
    mark("Mend these first, and check again."),
    mark("Close it."),
    mark("Mend it."),
    mark("Write one, or take the line out."),
    mark("Write at most %(most)s characters."),
    mark("Put elements into a template."),
    mark("Take `{{` and `{%%` out."),
    mark("For the sign itself write %%%%."),
    mark("Its places: %(names)s."),
    mark("Copy it as it stands there."),
    mark("Take some away."),
    mark("Take some braces away."),
    mark("Put a picture in itself: url(data:image/png;base64,…)."),
    mark("Use @media or @supports. Fonts and files are never fetched: name fonts that people have."),
)  # fmt: skip
_PLACE = re.compile(r"%\((\w+)\)s|%%")


def told(fault: Fault, *, with_line: bool = True) -> Said:
    told = told_as(fault.what, fault.remedy)
    return Said(text=told.text, line=fault.line if with_line else None, english=told.english)


def told_as(what: str, remedy: str) -> Said:
    parts = [_said(what.strip()), _said(remedy.strip())]
    text = " ".join(_sentence(part) for part, _ in parts if part)
    return Said(text=text, english=any(english for _, english in parts))


def said(message: str, **values: object) -> Said:
    """A fault that the console itself found."""
    return Said(text=say(message, **values))


def _said(english: str) -> tuple[str, bool]:
    if language() == SOURCE or not english:
        return english, False
    for message, pattern in _patterns().items():
        if found := pattern.fullmatch(english):
            values = {name: _part(name, value) for name, value in found.groupdict().items()}
            whole = not any(still_english for _, still_english in values.values())
            return say(message, **{name: text for name, (text, _) in values.items()}, **{"": ""}), not whole
    return english, True


def _part(name: str, value: str) -> tuple[str, bool]:
    """What a sentence holds is quoted as it is, but for a sentence, or the name of a form, within it."""
    if name == "forms":
        parts = [_said(part) for part in value.split(", then ")]
        return ", ".join(text for text, _ in parts), any(english for _, english in parts)
    return _said(value) if name in {"what", "form"} else (value, False)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "…", "”", '"')) else f"{text}."


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {message: re.compile(_pattern(message), re.DOTALL) for message in (*SENTENCES, *CHECKED, *FORMS)}


def _pattern(message: str) -> str:
    made, at = "", 0
    for place in _PLACE.finditer(message):
        made += re.escape(message[at : place.start()]) + (f"(?P<{place[1]}>.+?)" if place[1] else "%")
        at = place.end()
    return made + re.escape(message[at:])
