"""Whatever a file or a mapping is refused with can be said in the reader's language, and each reason has its remedy."""

import ast
import importlib
import inspect
import pkgutil

import pytest

from resign.console.imports import worded
from resign.console.imports.refused import MAPPING, UNREADABLE
from resign.imports import mapping, reading, reasons, suggesting
from tests.console.imports.conftest import LIST, PEOPLE

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Only a file of TOML brings these about, which the shell alone reads.
AT_THE_SHELL = {"the mapping is not TOML: %(fault)s", "the mapping is not TOML: it is nested too deeply"}


def raised(module, name):
    """The sentences with which a module refuses something, as they are when it runs."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == name
            and node.args
        ):
            if isinstance(node.args[0], ast.Name) and not hasattr(module, node.args[0].id):
                continue  # one of those that stand in a table
            yield eval(compile(ast.Expression(node.args[0]), "", "eval"), vars(module))  # noqa: S307 - our own source


def test_every_refusal_of_a_mapping_is_in_the_catalogue():
    found = {sentence for module in (mapping, suggesting) for sentence in raised(module, "BadMapping")}
    assert found - AT_THE_SHELL == set(MAPPING)


def test_every_refusal_of_a_file_is_in_the_catalogue():
    modules = [
        importlib.import_module(f"resign.imports.reading.{each.name}")
        for each in pkgutil.iter_modules(reading.__path__)
    ]
    found = {sentence for module in modules for sentence in raised(module, "Unreadable")}
    found |= set(importlib.import_module("resign.imports.reading.recognising")._NOT_READ.values())
    assert found >= {"The file is empty.", "The file has more than 500 columns."}
    assert found | {"the file is kept no longer"} == set(UNREADABLE)


def test_every_reason_has_its_words_and_the_remedy_that_the_shell_tells_too():
    nothing = {code for code, each in reasons.REASONS.items() if each.remedy == "nothing is to be done"}
    assert set(worded.WHY) == {*reasons.REASONS, "matched"}
    assert set(worded.REMEDIES) == set(reasons.REASONS) - nothing
    assert set(worded.TAKEN_BACK) == set(reasons.REVERSALS)
    done = {code for code, each in reasons.REVERSALS.items() if each.remedy.startswith("nothing ")}
    assert set(worded.TAKEN_BACK_REMEDIES) == set(reasons.REVERSALS) - done


@on_sqlite
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Plik jest pusty."),
        (b"%PDF-1.7", "PDF"),
        (b"," * 1_000, "Plik ma ponad 500 kolumn."),
    ],
)
def test_a_file_is_refused_in_the_readers_language(mia, content, says):
    page = mia.opens(f"{LIST}?l=pl")
    refused = mia.client.post(
        f"{LIST}?l=pl", data=mia.fields(page) | {"workspace": "default"}, files={"file": ("a.csv", content)}
    )
    assert refused.status_code == 422
    assert says in refused.text


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Wskaż kolumnę, która określa osobę."),
        ({"who-email": "nowhere"}, "plik nie ma kolumny &#39;nowhere&#39;; ma: e-mail, status, when, form"),
        ({"who-email": "e-mail", "choice": "column", "choice-column": "status", "out-words": "x", "in-words": "x"}, "&#39;x&#39; nie może oznaczać dwóch"),
        ({"who-email": "e-mail", "when": "when", "zone": "Mars/Olympus"}, "strefa to nazwa strefy czasowej"),
        ({"who-email": "e-mail", "hash": "sha256", "choice": "opt-in"}, "skróty dotyczą adresów e-mail"),
        ({"who-email": "e-mail", "choice": "column"}, "Wskaż kolumnę z wyborem."),
        ({"who-email": "e-mail", "agreement": "column"}, "Wskaż kolumnę ze zgodą."),
    ],
)  # fmt: skip
def test_a_mapping_is_refused_in_the_readers_language(brings, worker, mia, typed, says):
    page = brings(PEOPLE).headers["Location"]
    worker()
    asked = mia.opens(f"{page}/mapping?l=pl")
    only = {"mark": mia.fields(asked)["mark"], "do": "check", **typed}
    refused = mia.client.post(f"{page}/mapping?l=pl", data=only)
    assert refused.status_code == 422
    assert says in refused.text


@on_sqlite
def test_each_refused_row_says_what_can_be_done(brings, worker, mia):
    page = brings().headers["Location"]
    worker()
    assert "Correct it: an address has one @" in mia.opens(page).text
    mia.presses(mia.opens(page), f"{page}/run")
    worker()
    assert "Correct it: an address has one @" in mia.opens(f"{page}/rows").text
    assert "Popraw go: adres ma jeden znak @" in mia.opens(f"{page}/rows?l=pl").text
