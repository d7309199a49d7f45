"""Imports point down: the product holds to the table of the house, and the guard refuses those that do not."""

import re
import tomllib
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from resign import paths
from tests.contracts.imports import libraries_at_import, modules, violations
from tests.contracts.rules import INSIDE, KERNEL, OUTSIDE, RULES, SURFACES

PACKAGE = paths.migrations().parent
MODULES = dict(modules(PACKAGE))


def importers_of(part: str) -> set[str]:
    return {row for row, allowed in INSIDE.items() if part in allowed and row != part}


def test_every_module_keeps_to_the_table():
    faults = [fault for part, source in MODULES.items() for fault in violations(part, source, RULES)]
    assert not faults, "\n".join(faults)


def test_every_row_of_the_table_is_a_part_that_exists():
    assert not [row for row in INSIDE if row not in MODULES]


def test_the_table_has_no_circle():
    top = {row: {name.split(".")[0] for name in allowed} - {row} for row, allowed in INSIDE.items()}
    TopologicalSorter({row: below for row, below in top.items() if "." not in row}).prepare()


def test_the_kernel_imports_only_itself():
    assert not [part for part in KERNEL if INSIDE[part] - KERNEL]


def test_surfaces_are_strangers_to_one_another():
    assert not [part for part in SURFACES if INSIDE[part] & SURFACES]


def test_only_the_top_imports_the_composition_root():
    assert importers_of("app") == {"bench", "cli", "console_root", "demo", "wsgi"}


def test_only_the_command_the_demo_and_the_benchmark_import_the_pretend_synerise():
    assert importers_of("sandbox") == {"bench", "cli", "demo"}


def test_the_outbox_may_read_the_ledger_and_never_the_other_way_round():
    assert "ledger" in INSIDE["outbox"]
    assert not [name for name in INSIDE["ledger"] if name.startswith("outbox")]


def test_the_contract_of_the_outbox_drags_no_database_into_an_adapter():
    """Importing `resign.outbox.contract` runs the package's own module first."""
    assert "import" not in MODULES["outbox"]


def test_the_database_stays_out_of_what_must_not_have_one():
    assert not OUTSIDE["sqlalchemy"] & {"synerise", "links", "themes", "sandbox"}


def test_what_an_import_needs_is_a_dependency_of_the_package():
    """A library of the `dev` extra would end every command of an installed resign."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    depended_on = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["dependencies"]}
    owners = packages_distributions()
    needed = {library for source in MODULES.values() for library in libraries_at_import(source)}
    # MarkupSafe comes with Jinja2, whose output it is; nobody pins one without the other.
    missing = {
        library
        for library in needed - {"markupsafe"}
        if not {name.lower().replace("_", "-") for name in owners.get(library, ())} & depended_on
    }
    assert not missing


BAD = {
    "the ledger reads the outbox": ("ledger.intake", "from resign.outbox.tables import MessageRow"),
    "the ledger knows flask": ("ledger.rules", "from flask import g"),
    "the outbox speaks http": ("outbox.worker", "import httpx"),
    "an adapter has a database": ("synerise.errors", "from sqlalchemy.orm import Session"),
    "an adapter has our database": ("synerise.errors", "from resign.db import Database"),
    "an adapter looks behind the contract": ("synerise.event", "from resign.outbox.tables import Lane"),
    "an adapter looks behind it by its package": ("synerise.event", "from resign.outbox import worker"),
    "an adapter reads the ledger": ("synerise.event", "import resign.ledger.tables"),
    "the contract knows a table": ("outbox.contract", "from resign.outbox.tables import MessageRow"),
    "the contract knows the ledger": ("outbox.contract", "from resign.ledger import Choice"),
    "links have a database": ("links.key", "import sqlalchemy as sa"),
    "links know flask": ("links.links", "from flask import url_for"),
    "somebody else signs": ("public.visit", "from itsdangerous import URLSafeSerializer"),
    "the kernel looks up": ("clock", "from resign.ledger import Intake"),
    "the kernel looks sideways": ("profile", "from resign.settings import Settings"),
    "a surface imports another": ("public.optout", "from resign.ops.probe import Probe"),
    "and the other way round": ("ops.views", "from resign.public.site import site"),
    "a surface reads the outbox's tables": ("public.told", "from resign.outbox.tables import MessageRow"),
    "a surface imports the top": ("public.site", "from resign.app import open_database"),
    "a surface imports it by its package": ("public.site", "from resign import app"),
    "the product pretends": ("app", "from resign.sandbox import create_sandbox"),
    "the web server's module pretends": ("wsgi", "import resign.sandbox.app"),
    "the sandbox knows the product": ("sandbox.views", "from resign.profile import Profile"),
    "the sandbox has a database": ("sandbox.world", "import sqlalchemy"),
    "themes have a database": ("themes.pages", "from sqlalchemy import select"),
    "themes ask the ledger": ("themes.pages", "from resign.ledger import Newest"),
    "a command speaks http": ("cli.link", "import httpx"),
    "below the top somebody imports a command": ("app", "from resign.cli import main"),
    "a relative import": ("ledger.rules", "from ..outbox import tables"),
    "a relative import of a sibling package": ("ops.views", "from ..public.site import site"),
    "an import inside a function": ("ledger.rules", "def f():\n    import flask"),
    "an import for the checker only": (
        "ledger.rules",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from flask import Flask",
    ),
    "an import by name": ("ledger.rules", "import importlib\nimportlib.import_module('flask')"),
    "an import by name under an alias": (
        "ledger.rules",
        "from importlib import import_module as get\nget('resign.outbox')",
    ),
    "an import by an old spelling": ("ledger.rules", "__import__('flask')"),
    "an import by a computed name": ("ledger.rules", "__import__('fla' + 'sk')"),
    "all of it at once": ("ledger.rules", "from resign.outbox.tables import *"),
    "a library that nobody decided on": ("ledger.rules", "import requests"),
    "a way to the network round httpx": ("outbox.worker", "from urllib.request import urlopen"),
    "a way to sqlite round the engine": ("outbox.worker", "import sqlite3"),
    "a part without a row": ("newcomer", "x = 1"),
    "the environment": ("app", "import os\nos.environ['RESIGN_KEYS']"),
    "the environment by its getter": ("app", "import os\nos.getenv('RESIGN_KEYS')"),
    "the environment under an alias": ("app", "import os as system\nsystem.environ"),
    "the environment by its name": ("app", "from os import environ"),
    "the environment by its name under an alias": ("app", "from os import getenv as g"),
    "the time": ("outbox.worker", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
    "the time by its module": ("outbox.worker", "import datetime\ndatetime.datetime.now()"),
    "the time under an alias": ("outbox.worker", "import datetime as dt\ndt.datetime.utcnow()"),
    "the time under another": ("outbox.worker", "from datetime import datetime as D\nD.today()"),
    "the day": ("ledger.rules", "from datetime import date\ndate.today()"),
    "the seconds": ("ledger.rules", "import time\ntime.time()"),
    "the seconds by name": ("ledger.rules", "from time import time"),
    "a clock handed on": ("ledger.rules", "import time\ndef f(now=time.time): ..."),
}

GOOD = {
    "the outbox reads the ledger": ("outbox.fanout", "from resign.ledger.tables import Decision"),
    "an adapter reads the contract": ("synerise.event", "from resign.outbox.contract import Message"),
    "a part imports itself": ("ledger.intake", "from resign.ledger.decision import NewDecision"),
    "a relative import of itself": ("ledger.intake", "from .decision import NewDecision"),
    "a monotonic clock": ("outbox.worker", "import time\ntime.monotonic()\ntime.perf_counter()"),
    "the clock": ("clock", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
    "a time that is not now": ("ledger.rules", "from datetime import datetime\ndatetime(2026, 5, 4)"),
    "the settings": ("settings.read", "import os\nos.environ"),
    "a file's path": ("ledger.rules", "import os.path\nos.path.join('a', 'b')"),
    "what only the checker knows": ("app", "from _typeshed.wsgi import WSGIApplication"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_import_is_refused(case):
    assert violations(*BAD[case], RULES)


@pytest.mark.parametrize("case", GOOD)
def test_a_good_import_is_let_through(case):
    assert violations(*GOOD[case], RULES) == []
