"""What every file of the house keeps to: a sentence at its top, a name that says what it is for, few lines."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = sorted((ROOT / "resign").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
DRAWN = {".png", ".jpg", ".webp"}
PAGES = sorted(
    file
    for folder in ("templates", "static")
    for file in (ROOT / folder).rglob("*.*")
    if file.suffix not in DRAWN
)

BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"} | {
    "service",
    "services",
    "handler",
    "handlers",
}
MOST_LINES = 400

# The edges of the house, where a transaction ends: whoever else writes is given a session and gives it back.
COMMIT_HERE = {
    "resign/alarms/telling.py",
    "resign/api/admitting.py",
    "resign/api/decisions/bulk.py",
    "resign/api/decisions/writing.py",
    "resign/bench/backlog.py",
    "resign/bench/suppression.py",
    "resign/bench/themed.py",
    "resign/bench/importing.py",
    "resign/bench/ledger.py",
    "resign/cli/api_keys.py",
    "resign/cli/console.py",
    "resign/cli/endpoints.py",
    "resign/cli/feed.py",
    "resign/cli/outbox.py",
    "resign/cli/staff.py",
    "resign/cli/staff_shown.py",
    "resign/cli/theme.py",
    "resign/console/api_keys/keeping.py",
    "resign/console/noting.py",
    "resign/console/exports/exporting.py",
    "resign/console/exports/listing.py",
    "resign/console/imports/importing.py",
    "resign/console/imports/mapping.py",
    "resign/console/imports/uploading.py",
    "resign/console/reports/bursting.py",
    "resign/console/deliveries/board.py",
    "resign/console/deliveries/endpoint.py",
    "resign/console/deliveries/feeding.py",
    "resign/console/deliveries/letters.py",
    "resign/console/acting/edge.py",
    "resign/console/accounts/changing.py",
    "resign/console/accounts/listing.py",
    "resign/console/door/account.py",
    "resign/console/door/code.py",
    "resign/console/door/enrolling.py",
    "resign/console/door/password.py",
    "resign/console/door/setting_up.py",
    "resign/console/door/signing_in.py",
    "resign/console/door/steps.py",
    "resign/console/recognised.py",
    "resign/console/oidc/views.py",
    "resign/console/themes/editing.py",
    "resign/console/themes/listing.py",
    "resign/console/themes/releasing.py",
    "resign/db/group_commit.py",
    "resign/exports/exporter.py",
    "resign/exports/sweeper.py",
    "resign/feeds/feed.py",
    "resign/feeds/tidying.py",
    "resign/cli/import_shell.py",
    "resign/cli/imports.py",
    "resign/imports/checking.py",
    "resign/imports/comparing.py",
    "resign/imports/reversing.py",
    "resign/imports/running.py",
    "resign/imports/sweeping.py",
    "resign/imports/taking.py",
    "resign/demo/system.py",
    "resign/keeping.py",
    "resign/ledger/shown.py",
    "resign/migrations/env.py",
    "resign/notices/weigher.py",
    "resign/public/lost_link.py",
    "resign/public/preferring.py",
    "resign/public/visit.py",
    "resign/public/reasons.py",
    "resign/lost_links/sender.py",
    "resign/outbox/worker.py",
    "resign/search/indexer.py",
    "resign/themes/keeper.py",
    "resign/themes/kept.py",
    "resign/reconcile/reconciler.py",
    "resign/reports/reversing.py",
    "resign/reports/rollups.py",
}
_ENDS_A_TRANSACTION = {"commit", "begin", "begin_nested"}


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def transactions_ended(source: str) -> list[int]:
    """The lines that call `commit()`, or open a block that commits when it is left."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _ENDS_A_TRANSACTION
    ]


def test_every_module_opens_with_a_sentence_about_what_it_is_for():
    silent = [name(file) for file in PYTHON if not ast.get_docstring(ast.parse(file.read_text()))]
    assert not silent


def test_every_test_module_says_what_it_is_about():
    files = [file for file in TESTS if file.name.startswith("test_")]
    assert not [name(file) for file in files if not ast.get_docstring(ast.parse(file.read_text()))]


def test_no_file_has_a_name_that_could_hold_anything():
    files = [*PYTHON, *TESTS, *PAGES]
    parts = {part for file in files for part in file.relative_to(ROOT).with_suffix("").parts}
    assert not parts & BANNED


def test_no_file_is_longer_than_can_be_read_in_one_sitting():
    lengths = {name(file): len(file.read_text().splitlines()) for file in [*PYTHON, *TESTS, *PAGES]}
    assert not {file: lines for file, lines in lengths.items() if lines > MOST_LINES}


def test_no_query_relies_on_a_hint():
    """SQLAlchemy writes none for SQLite and says nothing: the index has to fit, and tests/support/plans.py looks at plans."""
    assert not [name(file) for file in PYTHON if ".with_hint(" in file.read_text()]


def test_only_the_edges_end_a_transaction():
    found = {name(file) for file in PYTHON if transactions_ended(file.read_text())}
    assert not found - COMMIT_HERE
    assert not COMMIT_HERE - found, "no edge any more: take it off the list"


@pytest.mark.parametrize(
    "stray",
    [
        "def f(session):\n    session.commit()",
        "def f(engine):\n    with engine.begin() as connection:\n        connection.execute(x)",
        "def f(self):\n    self._database.session.commit()",
    ],
)
def test_a_stray_commit_is_seen(stray):
    assert transactions_ended(stray)


def test_a_view_that_declares_no_method_is_seen_by_its_decorator():
    """`route` without methods answers GET only because it is Flask's default: nobody decided it."""
    views = [file for file in PYTHON if file.parent.name in {"public", "ops"}]
    undeclared = [
        f"{name(file)}:{node.lineno}"
        for file in views
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"route", "add_url_rule"}
        and "methods" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not undeclared
