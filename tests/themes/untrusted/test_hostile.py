"""Templates that mean harm end as a fault, or as a page that does none, and within their limits."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from resign.themes import rendering
from resign.themes.allowed import TAGS
from resign.themes.build import Built
from resign.themes.confined import FILTERS, GLOBALS
from resign.themes.manifest import COLOURS
from resign.themes.rendering import Ended
from resign.themes.source import changeable
from resign.themes.tree import tree
from tests.themes.untrusted.hostile import HOSTILE, IN_CONTENT, WRAP

MOST_BYTES = 256 * 1024
# A second for the template, and what a busy machine needs to start a process or two.
MOST_SECONDS = 10
_AROUND = {"html", "head", "meta", "title", "link", "style", "body"}
_PLACES = re.compile(r"\{\{(?:action|undo|reason|pause)\}\}|/u/")
_LEADING = re.compile(
    r"(?:\{\{(?:link|record|centre|elsewhere)\}\}|/u/|\?l=|#|https://[^{]*$|mailto:[^{]*$|tel:)"
)


def harm(text: str) -> list[str]:
    """What could reach a person: read from the page itself, by other rules than those that made it."""
    found = ["too long"] if len(text.encode()) > MOST_BYTES + 40_000 else []
    for element in tree(text).all(
        *_AROUND, *TAGS, "script", "iframe", "object", "embed", "base", "math", "form"
    ):
        values = element.attributes
        found += [
            f"{element.tag} {name}" for name in values if name.startswith(("on", "style", "form", "srcset"))
        ]
        if element.tag in {"script", "iframe", "object", "embed", "base", "math"}:
            found.append(element.tag)
        if element.tag == "form" and not _PLACES.fullmatch(values.get("action", "/u/")):
            found.append(f"form to {values['action']}")
        if element.tag == "a" and "href" in values and not _LEADING.match(values["href"]):
            found.append(f"link to {values['href']}")
        if not values.get("src", "data:image/png;base64,").startswith(
            ("data:image/png;base64,", "data:image/webp")
        ):
            found.append(f"picture of {values['src']}")
        if values.get("http-equiv"):
            found.append("meta")
    found += re.findall(r"<\s*script|<style>.*<style>", text, re.IGNORECASE | re.DOTALL)
    return found


def built(build_of: Callable[..., Built], name: str) -> tuple[Built, float]:
    source, _ = HOSTILE[name]
    begun = monotonic()
    made = build_of({"templates/optout.html": WRAP.format(source) if name in IN_CONTENT else source})
    return made, monotonic() - begun


def test_what_templates_may_use_is_documented():
    document = (Path(__file__).parents[3] / "docs" / "themes.md").read_text(encoding="utf-8")
    for name in (FILTERS - {"d", "e"}) | GLOBALS:
        assert f"`{name}`" in document, name
    for colour in COLOURS:
        assert f"`{colour}`" in document, colour


def test_there_are_more_than_fifty():
    assert len(HOSTILE) > 50


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_does_no_harm_and_its_author_is_told(build_of: Callable[..., Built], name: str):
    made, seconds = built(build_of, name)
    told = HOSTILE[name][1]
    assert seconds < MOST_SECONDS
    assert [harm(page.text) for page in made.pages] in ([[]], [])
    if told is None:
        assert made.pages
        assert not made.faults
    else:
        assert any(told in fault.what for fault in made.faults), made.faults
        assert all(fault.where == "templates/optout.html" for fault in made.faults), made.faults
        assert all(fault.remedy for fault in made.faults)


def test_the_eye_that_looks_for_harm_sees_it():
    for text, seen in (
        ("<p onclick=a>", "p onclick"),
        ("<script>1</script>", "script"),
        ("<form action='https://evil.example'></form>", "form to https://evil.example"),
        ("<a href='javascript:alert(1)'>", "link to javascript:alert(1)"),
        ("<a href='https://evil.example/{{link}}'>", "link to https://evil.example/{{link}}"),
        ("<img src='https://evil.example'>", "picture of https://evil.example"),
        ("x" * 400_000, "too long"),
    ):
        assert seen in harm(text)


PLAIN = """
import sys
from jinja2 import Environment
from jinja2.sandbox import ImmutableSandboxedEnvironment
kind = {"plain": Environment, "sandbox": ImmutableSandboxedEnvironment}[sys.argv[1]]
print(len(kind(autoescape=True).from_string(sys.stdin.read()).render()))
"""


def rendered_plainly(kind: str, source: str, seconds: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PLAIN, kind],
        input=source,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@pytest.mark.parametrize("kind", ["plain", "sandbox"])
@pytest.mark.parametrize("name", ["a huge power", "nested ranges, silent", "a macro that calls itself twice"])
def test_jinja_alone_hangs_on_them(kind: str, name: str):
    with pytest.raises(subprocess.TimeoutExpired):
        rendered_plainly(kind, HOSTILE[name][0], 3)


@pytest.mark.parametrize("kind", ["plain", "sandbox"])
def test_jinja_alone_emits_what_is_too_long(kind: str):
    assert int(rendered_plainly(kind, "{{ 'a' * 10**8 }}", 60).stdout) == 10**8


def test_jinja_alone_shows_its_insides_and_emits_script():
    from jinja2 import Environment  # noqa: PLC0415 - only here

    environment = Environment(autoescape=True)
    assert "class" in environment.from_string(HOSTILE["the class of a text"][0]).render()
    assert "<script>" in environment.from_string(HOSTILE["a script by |safe"][0]).render()
    assert harm(environment.from_string(HOSTILE["a script by |safe"][0]).render())


def test_what_comes_after_a_template_that_hangs_is_still_made(build_of: Callable[..., Built]):
    made = build_of(
        {"templates/optout.html": HOSTILE["nested ranges, silent"][0]},
        pages=("optout", "done", "undone"),
        languages=("en", "pl"),
    )
    assert {(page.name, page.language) for page in made.pages} == {
        (name, language) for name in ("done", "undone") for language in ("en", "pl")
    }
    [fault] = made.faults
    assert (fault.where, fault.page) == ("templates/optout.html", "optout")


def test_a_theme_of_which_everything_hangs_is_given_up(build_of: Callable[..., Built]):
    begun = monotonic()
    made = build_of(
        {"templates/layout.html": HOSTILE["nested ranges, silent"][0]},
        pages=("optout", "done", "undone", "error"),
    )
    assert monotonic() - begun < 20
    assert not made.pages
    assert "not all were made" in made.faults[-1].what


CONFINED = """
import sys
from resign.themes import child, limits
limits.confine()
{}
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "__import__('os').listdir('/')",
        "__import__('socket').socket()",
        "__import__('os').system('true')",
        "__import__('subprocess').Popen(['true'])",
        "import wave",
    ],
)
def test_the_process_that_renders_opens_nothing_and_starts_nothing(attempt: str):
    ended = subprocess.run(
        [sys.executable, "-c", CONFINED.format(attempt)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert ended.returncode == 77


def test_the_process_that_renders_has_little_memory():
    ended = subprocess.run(
        [sys.executable, "-c", CONFINED.format("bytearray(400 << 20)")],
        capture_output=True, check=False, cwd=Path(__file__).parents[3], text=True,
    )  # fmt: skip
    assert "MemoryError" in ended.stderr


def test_the_process_that_renders_knows_nothing_of_where_it_runs(build_of: Callable[..., Built], monkeypatch):
    """Its environment is empty: a setting of ours is not there even for who breaks out of the sandbox."""
    started = []
    popen = subprocess.Popen

    def noted(*arguments, **options):
        started.append(options)
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", noted)
    assert build_of({}).pages
    assert started[0]["env"] == {}
    assert started[0]["cwd"] == "/"
    assert started[0]["close_fds"] is True


def test_a_theme_of_which_nothing_can_even_be_read_is_given_up(build_of: Callable[..., Built], monkeypatch):
    """A template is read before any page is asked for: thirty-six that take their second each are a minute and more."""
    asked = []

    def dies(_, job):
        asked.append(job)
        raise Ended(late=True)

    def counted(self, job):
        self.died += 1
        return dies(self, job)

    monkeypatch.setattr(rendering.Rendering, "ask", counted)
    made = build_of({f"templates/{name}": "x" for name in sorted(changeable())[:20]})
    assert len(asked) == 3
    assert not made.pages
    assert "not all were made" in made.faults[-1].what


def test_the_clock_runs_while_templates_are_read(build_of: Callable[..., Built], monkeypatch):
    monkeypatch.setattr("resign.themes.build._MOST_SECONDS", -1.0)
    made = build_of(
        {"templates/optout.html": '{% extends "~/public/optout.html" %}', "templates/done.html": "{{"}
    )
    assert not made.pages
    assert [fault.what for fault in made.faults] == ["its pages take too long to make, so not all were made"]


def test_a_page_whose_template_cannot_be_read_in_time_is_not_asked_for(
    build_of: Callable[..., Built], monkeypatch
):
    asked = []
    whole = rendering.Rendering.ask

    def noted(self, job):
        asked.append(job)
        if job.get("read") == "out.html":
            self.died += 1
            raise Ended(late=True)
        return whole(self, job)

    monkeypatch.setattr(rendering.Rendering, "ask", noted)
    made = build_of({"templates/out.html": "x"}, pages=("out-confirmed", "out-telling", "done"))
    assert [page.name for page in made.pages] == ["done"]
    assert [job["template"] for job in asked if "template" in job] == ["done.html"]
    assert [fault.where for fault in made.faults] == ["templates/out.html"]
