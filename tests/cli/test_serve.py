"""`resign serve` starts web, worker and console, takes an opt-out, and goes when it is told to, with all that it started."""

import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest

from resign.links import Links
from resign.serving import why_not_listen
from tests.cli.conftest import COMMAND
from tests.support.decisions import ANNA

PATIENCE = 45.0


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def address(variables) -> str:
    with socket.socket() as probe, socket.socket() as other:
        probe.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        bind, console = (f"127.0.0.1:{each.getsockname()[1]}" for each in (probe, other))
    variables |= {
        "RESIGN_BIND": bind,
        "RESIGN_CONSOLE_BIND": console,
        "RESIGN_WEB_WORKERS": "1",
        "RESIGN_WEB_THREADS": "2",
    }
    return f"http://{bind}"


@pytest.fixture
def serving(variables, address, tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """Ready to take opt-outs; whatever a test leaves of it is ended."""
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*COMMAND, "serve"], env=variables, cwd=tmp_path, stdout=log, stderr=log)
    try:
        wait_until(lambda: _is_ready(address), "resign did not start")
        yield process
    finally:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()


def _is_ready(address: str) -> bool:
    return _answers(f"{address}/readyz")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


def log_of(folder: Path) -> str:
    return (folder / "log").read_text()


def test_it_serves_and_stops_and_leaves_nobody_behind(serving, address, variables, settings, tmp_path):
    token = Links(settings.workspaces.values()).mint("default", ANNA)
    body = {"List-Unsubscribe": "One-Click"}
    assert httpx.post(f"{address}/u/{token}", data=body, trust_env=False).status_code == 200
    children = psutil.Process(serving.pid).children(recursive=True)
    assert len(children) >= 5, "the web and the console with one worker process each, and the worker"
    console = f"http://{variables['RESIGN_CONSOLE_BIND']}/console/static/console.css"
    wait_until(lambda: _answers(console), "the console did not start")

    wait_until(lambda: not _waiting(variables), "no worker took the opt-out")
    began = time.monotonic()
    serving.terminate()
    assert serving.wait(PATIENCE) == 0
    assert time.monotonic() - began < 15

    assert not psutil.wait_procs(children, timeout=1)[1]
    log = log_of(tmp_path)
    assert "Traceback" not in log
    assert "nothing is left half done" in log
    for canary in ("anna", "example.com", token):
        assert canary not in log
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) != 0


def _waiting(variables) -> int:
    """In the database itself: the metrics are some seconds old."""
    with closing(sqlite3.connect(Path(variables["RESIGN_DATA_DIR"]) / "resign.db")) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM decisions WHERE owed")
    return int(count)


def test_a_second_one_on_the_same_port_ends_with_a_sentence(serving, address, resign, tmp_path):
    """Granian would let it in, and each of the two would get a part of the visitors."""
    bind = address.removeprefix("http://")
    said = f"resign cannot listen on {bind}: the port is taken; end what runs there or set RESIGN_BIND\n"
    for command in ("serve", "web"):
        second = resign(command, RESIGN_DATA_DIR=str(tmp_path / "another"))
        assert (second.returncode, second.stdout, second.stderr) == (2, "", said)
    assert not (tmp_path / "another").exists()
    assert serving.poll() is None
    assert _is_ready(address)


@pytest.mark.parametrize("command", ["serve", "web"])
def test_so_does_one_for_an_address_of_another_machine(resign, command):
    finished = resign(command, RESIGN_BIND="192.0.2.1:8000")
    assert finished.returncode == 2
    assert finished.stderr == (
        "resign cannot listen on 192.0.2.1:8000: this machine has no such address; give it one or set RESIGN_BIND\n"
    )


def test_a_port_whose_last_connections_the_kernel_remembers_is_free():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bind = listener.getsockname()
        with socket.create_connection(bind), listener.accept()[0] as ours:
            assert why_not_listen(bind) is not None
            ours.close()  # who closes first keeps TIME_WAIT
    assert why_not_listen(bind) is None
    assert why_not_listen(bind) is None, "to look takes nothing"


def test_one_that_shares_its_port_is_seen(address):
    host, _, port = address.removeprefix("http://").rpartition(":")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("0.0.0.0", int(port)))  # noqa: S104 - the wide address takes the narrow one too
        other.listen()
        assert why_not_listen((host, int(port))) is not None
