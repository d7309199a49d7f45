"""What the checks before publishing say is said in Polish, each sentence of them; an unknown one is said to be English."""

import ast
import re
from pathlib import Path

import pytest
from flask import g

from resign.console.themes.told import told, told_as
from resign.i18n import Catalogues
from resign.themes import Brand, Sender
from resign.themes.build import build
from resign.themes.checks import forms, kept, look, sender, shape, understood, weight
from resign.themes.source import ThemeSource

# Single words, commands, and where something was seen, which has no words of its own.
NO_SENTENCE = re.compile(r"\S*$|pip |apt-get |[17, pixels]+: 17$|under a mouse: 17$")
SENTENCE = re.compile(r"wrong\.push\(\[(?:`(.*?)`|\"(.*?)\"), ")


# Each with what kind of a mistake it is called, and a part of what Jinja says of it.
BROKEN = {
    "{% if linked %}$": ("znacznik nie jest zamknięty", "Unexpected end of template"),
    "{{ masked$": ("znacznik nie jest zamknięty", "end of template"),
    "{# x$": ("znacznik nie jest zamknięty", "Missing end of comment"),
    "{% trans %}x$": ("znacznik nie jest zamknięty", "unclosed translation block"),
    "{% trans %}x": ("znacznik nie jest zamknięty", "saw `endblock`"),
    "{% if linked %}": ("znaczniki nie są zamykane", "needs to be closed is 'if'"),
    "{% trans %}{% if a %}x{% endif %}{% endtrans %}": ("tekst w `trans`", "saw `if`"),
    "{% trans %}{{ a.b }}{% endtrans %}": ("nie jest poprawnie zapisane", "expected token"),
    "{% trans %}{% trans %}x{% endtrans %}": ("tekst w `trans`", "nested"),
    "{% if a %}{% for b in c %}{% endif %}": ("znaczniki nie są zamykane", "nesting mistake"),
    "{% block a %}{% endblock %}{% block a %}{% endblock %}": ("dwa razy", "defined twice"),
    "{% if %}": ("nie jest poprawnie zapisane", "Expected an expression"),
    "{{ a b }}": ("nie jest poprawnie zapisane", "got 'b'"),
    "{{ 'a }}": ("nie jest poprawnie zapisane", "unexpected char"),
    "{% set 1 = 2 %}": ("nie jest poprawnie zapisane", "can't assign"),
    "{{ a ** b }}": ("nie jest dla szablonów", "`**`"),
    "{{ range(5000) }}": ("najwyżej", "1000"),
    "{{ 1 / 0 }}": ("kończy się błędem", "division by zero"),
    "{{ fragments.press(1, 2, 3, 4) }}": ("kończy się błędem", "takes not more than 3 argument"),
    "{{ sender.nam }}": ("nie ma `nam`", "name, href, shown"),
    "{{ ''.__class__ }}": ("nie jest dla szablonów", "__class__"),
    "{{ fragments.zzz() }}": ("nie ma makra `zzz`", "fragments.html"),
}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def in_polish(console):
    with console.test_request_context():
        g.language = "pl"
        yield


def texts(node):
    """A literal, or an f-string with something in its places; each arm of a condition."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    if isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else filled(part) for part in node.values]
        return ["".join(parts)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def filled(part):
    return {"named": "the form that opts out", "order": "that opts out, then that undoes it"}.get(
        ast.unparse(part.value), "17"
    )


def said_by(module):
    """What stands first and second in a fault, in the module's own text."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        calls = isinstance(node, ast.Call) and ast.unparse(node.func) in {"shown.fault", "_unlooked"}
        given = (
            node.args if calls else node.elts if isinstance(node, ast.Tuple) and len(node.elts) == 3 else ()
        )
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"said", "remedy"}:
            yield from texts(node.value)
        if calls or isinstance(node, ast.Tuple):
            yield from (text for each in given[:2] for text in texts(each) if not NO_SENTENCE.match(text))


@pytest.mark.parametrize(
    "module", [forms, kept, look, shape, sender, understood, weight], ids=lambda each: each.__name__[21:]
)
def test_every_sentence_of_a_check_is_said_in_polish(module, in_polish):
    sentences = {*said_by(module)}
    if module is look:
        one, *others = [first or second for first, second in SENTENCE.findall(look._SEEN)]
        named = [one.replace("${name}", name) for name in ("heading", "main part", "header")]
        either = [
            each.replace('${field.tagName === "LABEL" ? "label" : "field"}', "field") for each in others
        ]
        filled_in = [re.sub(r"\$\{.*?\}", "x", each).replace("\\", "") for each in (*named, *either)]
        sentences |= {f"dark, 320 pixels: {each}" for each in filled_in}
        assert len(sentences) > 20
    assert sentences
    assert not [each for each in sorted(sentences) if told_as(each, "").english]


@pytest.mark.parametrize("source", BROKEN)
def test_what_is_wrong_with_a_template_is_said_in_polish_with_jinjas_words_behind_it(source, in_polish):
    kind, quoted = BROKEN[source]
    end = "" if source.endswith("$") else "{% endblock %}"
    own = '{% extends "~/public/optout.html" %}{% block sign %}' + source.removesuffix("$") + end
    built = build(
        ThemeSource({"templates/optout.html": own.encode()}), theme="a@1", workspace="a",
        brand=Brand(Sender("Fern", "a@b.example")), catalogues=Catalogues(), pages=["optout"], languages=["en"],
    )  # fmt: skip
    [fault] = built.faults
    said = told(fault)
    assert not said.english, said.text
    assert kind in said.text.lower()
    assert said.line == 1
    assert quoted in said.text
