"""Each command is loaded when it is called for, and only then; the list of them is true without loading any."""

import subprocess
import sys
from importlib import import_module

import click
import pytest

from resign.cli import commands
from resign.cli.lazy import LazyGroup, Row

CONTEXT = click.Context(commands)
NAMES = commands.list_commands(CONTEXT)
# What takes long to load, and nothing that mints a link or prints a list needs.
HEAVY = {"alembic", "flask", "granian", "httpx", "prometheus_client", "sqlalchemy"}

_LOADED = "import sys\nfrom resign.cli import main\ntry:\n    main()\nfinally:\n    print(*{name.partition('.')[0] for name in sys.modules})"


def loaded_by(variables: dict[str, str], *arguments: str) -> set[str]:
    finished = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments], env=variables, capture_output=True, text=True, check=True
    )
    return set(finished.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", NAMES)
def test_what_the_list_says_of_a_command_is_what_it_says_of_itself(name):
    command = commands.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    assert commands.rows[name].help == (command.help or "").partition("\n")[0]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["link", "--custom-id", "C-1"]])
def test_what_needs_no_database_and_no_network_loads_neither(variables, arguments):
    assert not loaded_by(variables, *arguments) & HEAVY


def test_a_list_from_the_database_loads_no_web_and_no_client(variables):
    assert loaded_by(variables, "db", "upgrade")
    assert not loaded_by(variables, "outbox", "list") & (HEAVY - {"sqlalchemy"})


def test_a_command_that_needs_them_does(variables):
    """Or the tests above would prove nothing."""
    assert {"sqlalchemy", "alembic"} <= loaded_by(variables, "db", "upgrade")


def test_the_help_lists_every_command_with_what_it_does(run_here):
    shown = run_here("--help").stdout
    for name in NAMES:
        assert f"  {name} " in shown
        assert " ".join(commands.rows[name].help.split()[:4]) in shown


def test_a_slip_is_answered_with_the_nearest_command(run_here):
    finished = run_here("lnik")
    assert finished.returncode == 2
    assert "No such command 'lnik'" in finished.stderr
    assert "link" in finished.stderr


def test_a_row_that_leads_nowhere_is_a_fault_of_ours_and_not_an_unknown_command():
    group = LazyGroup(rows={"gone": Row(lambda: import_module("resign.cli.link").nothing, "Gone.")})
    with pytest.raises(AttributeError):
        group.get_command(click.Context(group), "gone")
