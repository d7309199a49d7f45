"""An installed wheel is the whole product: no checkout beside it, nothing installed but what it asks for."""

import json
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import httpx
import pytest

from tests.packaging.dockerfile import ROOT
from tests.support.variables import VARIABLES


@pytest.mark.parametrize("folder", ["templates", "static", "translations"])
def test_the_wheel_carries_every_file_of_the_folders_beside_the_package(wheel_names, folder):
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".mo"]
    assert files
    assert {f"resign/_data/{path.relative_to(ROOT)}" for path in files} <= wheel_names


def test_the_wheel_carries_every_module_and_migration(wheel_names):
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "resign").rglob("*.py")}
    assert "resign/migrations/script.py.mako" in wheel_names
    assert files <= wheel_names


def test_the_wheel_carries_nothing_that_is_only_for_us(wheel_names):
    assert {name.partition("/")[0] for name in wheel_names if ".dist-info" not in name} == {"resign"}


def test_what_is_installed_is_the_wheel_and_sees_no_checkout(installed):
    asked = "import resign, resign.paths as p; print(resign.__file__, p.templates(), p.translations(), p.static())"
    said = installed.run("python", "-c", asked)
    assert said.returncode == 0, said.stderr
    assert all(path.startswith(str(installed.bin.parent)) for path in said.stdout.split())
    assert installed.run("python", "-c", "import pytest").returncode == 1


def test_every_command_starts_without_what_only_developers_have(installed):
    said = installed.run("resign", "--help")
    assert said.returncode == 0, said.stderr


def test_an_installed_wheel_tells_the_whole_story(installed):
    said = installed.run("resign", "demo", "--check")
    assert said.returncode == 0, said.stderr
    steps = [json.loads(line)["what"] for line in said.stdout.splitlines()]
    assert steps[0] == "mailed"
    assert steps[-2:] == ["confirmed", "off"]


def test_an_installed_wheel_migrates_serves_a_page_in_polish_and_stops_when_asked(installed):
    port = free_port()
    variables = {
        **VARIABLES,
        "RESIGN_BIND": f"127.0.0.1:{port}",
        "RESIGN_BASE_URL": f"http://127.0.0.1:{port}",
        "RESIGN_CONSOLE_BIND": f"127.0.0.1:{free_port()}",
        "RESIGN_WEB_WORKERS": "1",
    }
    minted = installed.run("resign", "link", "--email", "anna@example.com", **variables)
    with serving(installed, variables) as process:
        page = answer(minted.stdout.splitlines()[-1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert page.status_code == 200
    assert '<html lang="pl"' in page.text
    assert (installed.folder / "var" / "resign.db").is_file()


@contextmanager
def serving(installed, variables):
    with subprocess.Popen(
        [installed.bin / "resign", "serve"],
        cwd=installed.folder,
        env=installed.environment(**variables),
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def answer(link):
    deadline = time.monotonic() + 90
    while True:
        try:
            return httpx.get(link, headers={"Accept-Language": "pl"}, trust_env=False)
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
