"""What the tests of the command share: the pretend Synerise, a file, the command in a process of the test's."""

import logging
import os
import sys

import pytest
from click.testing import CliRunner

from resign.cli.links import links
from resign.links import Links
from resign.profile import Profile
from tests.push.synerise import Synerise

COMMAND = [sys.executable, "-m", "resign", "links", "push"]


@pytest.fixture
def synerise(variables, caplog):
    caplog.set_level(logging.CRITICAL, logger="werkzeug")
    made = []

    def of(**settings):
        made.append(Synerise(**settings))
        variables["RESIGN_SYNERISE_URL"] = made[-1].url
        variables["RESIGN_SYNERISE_API_KEY"] = made[-1].settings.api_key
        return made[-1]

    yield of
    for one in made:
        one.close()


@pytest.fixture
def push(variables, monkeypatch):
    """Runs the command within the test's process."""

    def run(*arguments, **more):
        for name in [name for name in os.environ if name.startswith("RESIGN_")]:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            if name.startswith("RESIGN_"):
                monkeypatch.setenv(name, value)
        return CliRunner().invoke(links, ["push", *map(str, arguments)], **more)

    return run


@pytest.fixture
def file(tmp_path):
    def of(content, name="people.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return of


@pytest.fixture
def token(settings):
    links = Links(settings.workspaces.values())
    return lambda value, kind="email": links.mint("default", Profile(kind, value))
