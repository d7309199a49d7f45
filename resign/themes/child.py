"""Renders strangers' templates, and nothing else: `python -m resign.themes.child`, started by `rendering`.

One JSON line in, one or two out. It is believed nothing: the parent holds each page to the list again.
"""

import json
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from resign.i18n import Catalogues
from resign.themes.allowed import held
from resign.themes.blocks import Blocks
from resign.themes.confined import MOST_TEXT, Confined, Files, Refused, confined
from resign.themes.limits import confine
from resign.themes.loops import at_work, loop_around
from resign.themes.removed import MOST_ELEMENTS, removed
from resign.themes.stopwatch import Stopwatch, TooLate
from resign.themes.texts import PERCENT

# Of this process's own time: on a busy machine an innocent page may wait longer than that for its turn.
_MOST_SECONDS = 1.0
# And what it takes to say where it was, once that is over.
_SECONDS_TO_SAY = 0.3
_MOST_OF_A_MESSAGE = 300
_MOST_PLURAL = 200
_OF_EVERY_KIND = (
    r"""{% for each in range(2) %}{{ "\u00e9\x41" ~ 1.5 ~ loop.index }}{% endfor %}{% set a = [1, {"b": (2,)}][0:1] %}"""
    "{{ a|join(', ')|upper|title|truncate(3)|replace('a', 'b')|default('', true)|round|capitalize|trim }}"
    "{% trans %}text{% endtrans %}{{ gettext('%%')|e }}{{ a|unique|list|first }}{{ 'a b'|wordcount }}"
)


class TooMuch(Exception):
    """A page that is longer than a page may be; file and line that were at work, as far as they are known."""

    def __init__(self, place: tuple[str, int | None] = ("", None)) -> None:
        super().__init__()
        self.place = place


class Said(Catalogues):
    """What the parent's catalogues say, for those messages that are in the templates.

    Always in the language of the page: a template can call another one `language`.
    """

    def __init__(self) -> None:
        self.language = ""
        self.said: Mapping[str, Mapping[str, str]] = {}
        self.counted: Mapping[str, Mapping[str, Sequence[str]]] = {}

    def gettext(self, _: str, message: str) -> str:
        _without_bombs(message)
        return self.said.get(self.language, {}).get(message, message)

    def ngettext(self, _: str, one: str, many: str, count: int) -> str:
        _without_bombs(one + many)
        if forms := self.counted.get(self.language, {}).get(one):
            # Beyond what was sent, plural rules look at the last two digits.
            return forms[count if 0 <= count <= _MOST_PLURAL else 100 + abs(count) % 100]
        return self.gettext(self.language, one if count == 1 else many)


def main() -> None:
    lines, answers = sys.stdin.buffer, sys.stdout.buffer
    start = json.loads(lines.readline())
    said = Said()
    environment = confined(Files(start["own"], start["shipped"]), said)
    blocks = Blocks(environment, sorted({*start["own"], *start["shipped"]}))
    always = {"logo": start["logo"], "logo_alt": start["logo_alt"]}
    stopwatch = Stopwatch(_MOST_SECONDS)
    _warm(said, stopwatch)
    confine()
    _answer(answers, {"ready": True})
    for line in lines:
        job = json.loads(line)
        if "said" in job:
            said.said, said.counted = job["said"], job["counted"]
            continue
        _answer(answers, {"begin": job["job"]})
        said.language = job["values"]["language"] if "values" in job else ""
        # The system ends this process when the time is up, whatever it is in the middle of.
        signal.setitimer(signal.ITIMER_PROF, _MOST_SECONDS + _SECONDS_TO_SAY)
        answer = _done(environment, job, always, blocks, stopwatch)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _answer(answers, answer)
        if answer.get("kind") in {"MemoryError", "TooLate"}:
            return


def _answer(answers: BinaryIO, answer: Mapping[str, Any]) -> None:
    answers.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
    answers.flush()


def _done(
    environment: Confined,
    job: Mapping[str, Any],
    always: Mapping[str, Any],
    blocks: Blocks,
    stopwatch: Stopwatch,
) -> dict[str, Any]:
    try:
        with stopwatch:
            if "read" in job:
                return {
                    "messages": _messages(environment, job["read"]),
                    "lost": blocks.lost(job["read"]),
                    "loose": blocks.loose(job["read"]),
                }
            raw = _rendered(environment, job["template"], {**job["values"], **always})
            body = held(raw)
            return {"body": body, "removed": removed(raw, body)}
    except MemoryError:
        return {"kind": "MemoryError", "message": ""}
    except Exception as error:  # noqa: BLE001 - a template can make anything happen, and all of it is its author's to hear
        return _fault(environment, error)


def _rendered(environment: Confined, template: str, values: Mapping[str, Any]) -> str:
    parts, length, elements = [], 0, 0
    stream = environment.get_template(template).generate(values)
    for part in stream:
        parts.append(part)
        length += len(part)
        elements += part.count("<")
        if length > MOST_TEXT or elements > MOST_ELEMENTS:
            raise TooMuch(at_work(stream))
    raw = "".join(parts)
    if len(raw.encode()) > MOST_TEXT:
        raise TooMuch
    return raw


def _messages(environment: Confined, name: str) -> list[str]:
    assert environment.loader  # noqa: S101 - `confined` was given one
    source, filename, _ = environment.loader.get_source(environment, name)
    environment.compile(source, name, filename)
    found = []
    for _, _, message in environment.extract_translations(source):  # type: ignore[attr-defined]
        found += (
            [message] if isinstance(message, str) else [part for part in message if isinstance(part, str)]
        )
    return found


def _fault(environment: Confined, error: Exception) -> dict[str, Any]:
    template, line = error.place if isinstance(error, TooMuch) else _place(error)
    if isinstance(error, TooMuch | TooLate):
        line = loop_around(environment, template, line)
    said = str(error.message or "") if isinstance(error, TemplateError) else str(error)
    return {
        "kind": _kind(error),
        "message": said[:_MOST_OF_A_MESSAGE].encode("ascii", "backslashreplace").decode()
        if not said.isprintable()
        else said[:_MOST_OF_A_MESSAGE],
        "template": template,
        "line": line,
    }


def _kind(error: Exception) -> str:
    kinds = (
        TooMuch,
        TooLate,
        Refused,
        SecurityError,
        TemplateNotFound,
        TemplateSyntaxError,
        UndefinedError,
        RecursionError,
    )
    kinds += (UnicodeEncodeError,)  # type: ignore[assignment]
    return next((kind.__name__ for kind in kinds if isinstance(error, kind)), type(error).__name__)


def _place(error: Exception) -> tuple[str, int | None]:
    """The innermost line of the theme's own; else of a shipped template, which a theme's change may have broken."""
    # For a comment that is not closed, Jinja gives the file as the name.
    if isinstance(error, TemplateSyntaxError) and (file := error.filename or error.name):
        return file, error.lineno
    places = []
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(("own:", "shipped:")):
            places.append((name, trace.tb_lineno))
        trace = trace.tb_next
    own = [place for place in places if place[0].startswith("own:")]
    return next(iter([*own[-1:], *places[-1:]]), ("", None))


def _without_bombs(message: str) -> None:
    if len(message) > MOST_TEXT or PERCENT.search(message):
        raise Refused("in a text, `%` is followed by `(name)s`, or by another `%`")


def _warm(said: Said, stopwatch: Stopwatch) -> None:
    """Python and Jinja import some modules only when something goes wrong, and then no file can be opened."""
    wrong = {
        "all.html": _OF_EVERY_KIND,
        "unknown.html": "<p>{{ nothing }}",
        "open.html": "{{",
        "plural.html": "{% trans n=2 %}{{ n }}{% pluralize %}{% endtrans %}",
    }
    environment = confined(Files(wrong, {}), said)
    blocks = Blocks(environment, [])
    for name in (*wrong, "none.html"):
        _done(environment, {"template": name, "values": {"language": "en"}}, {}, blocks, stopwatch)
        _done(environment, {"read": name}, {}, blocks, stopwatch)
    removed("<p onclick=a><b><script>1</script></p>\ufdd0", "<p><b></b></p>")


if __name__ == "__main__":
    main()
