"""The `resign` command as a real process, with an environment of the test's own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from resign.cli import main
from resign.db import Database
from resign.settings import Settings, load
from tests.support.variables import VARIABLES

Finished = subprocess.CompletedProcess[str]
COMMAND = [sys.executable, "-m", "resign"]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """The environment of the commands below; a test may add to it. Synerise is a port where nobody listens."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("RESIGN_")}
    return {
        **surroundings,
        **VARIABLES,
        "RESIGN_DATA_DIR": str(tmp_path / "data"),
        "RESIGN_BASE_URL": "https://optout.example.com",
        "RESIGN_SYNERISE_URL": "http://127.0.0.1:9",
    }


@pytest.fixture
def settings(variables: dict[str, str]) -> Settings:
    return load(variables)


@pytest.fixture
def resign(variables: dict[str, str], tmp_path: Path) -> Callable[..., Finished]:
    """Runs one command to its end. None of them may end in a traceback, whatever is wrong."""

    def run(*arguments: str, timeout: float = 60, **more: str) -> Finished:
        finished = subprocess.run(
            [*COMMAND, *arguments],
            env={**variables, **more},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert "Traceback" not in finished.stderr, finished.stderr
        return finished

    return run


@pytest.fixture
def schema(settings: Settings) -> Callable[[], str | None]:
    """The revision that the database of the commands says it has."""

    def revision() -> str | None:
        from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - only here

        database = Database(settings.database_url, connections=1)
        with database.reading() as session:
            found = MigrationContext.configure(session.connection()).get_current_revision()
        database.close()
        return found

    return revision


@pytest.fixture
def run_here(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Finished]:
    """Runs one command within the test's own process, where its start would cost more than what it does.

    What is `typed` stands on standard input, and nobody is at a terminal.
    """

    def run(*arguments: str, typed: str = "", **more: str) -> Finished:
        for name in [name for name in os.environ if name.startswith("RESIGN_")]:
            monkeypatch.delenv(name)
        for name, value in {**variables, **more}.items():
            if name.startswith("RESIGN_"):
                monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["resign", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as ended:
            main()
        return Finished(arguments, ended.value.code or 0, *capsys.readouterr())

    return run
