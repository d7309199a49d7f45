"""The image's recipe, as far as it can be held to its word without Docker."""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.packaging.dockerfile import ROOT, copied, instructions
from tests.support.serving import start as start_serving

ADMITTED = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]


def last(word):
    return [rest for found, rest in instructions() if found == word][-1]


def test_hadolint_finds_nothing():
    hadolint = Path(sys.executable).parent / "hadolint"
    said = subprocess.run([hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_what_is_copied_exists_and_is_admitted_to_the_build():
    sources = [source for several, _ in copied() for source in several]
    assert sources
    assert all((ROOT / source).exists() for source in sources)
    assert all(any(fnmatch(source, pattern) for pattern in ADMITTED) for source in sources)


def test_no_secret_database_or_history_is_admitted_to_the_build():
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert set(ADMITTED) <= {source for several, _ in copied() for source in several}


def test_the_base_image_is_named_with_its_version():
    assert re.fullmatch(
        r"BASE=python:\d\.\d+-slim-[a-z]+", next(rest for word, rest in instructions() if word == "ARG")
    )


def test_everything_from_the_index_is_checked_by_hash():
    installs = re.findall(
        r"pip install ([^&]+)", " ".join(rest for word, rest in instructions() if word == "RUN")
    )
    assert len(installs) == 3
    assert all("--require-hashes" in install or "--no-index" in install for install in installs)


def test_it_runs_as_nobody_in_particular_and_any_command_is_a_role():
    assert last("USER") == "10001:10001"
    assert json.loads(last("ENTRYPOINT")) == ["resign"]
    assert json.loads(last("CMD")) == ["serve"]
    assert last("VOLUME") == "/var/lib/resign"


@pytest.mark.parametrize(("status", "verdict"), [(200, 0), (503, 1), (None, 1)])
def test_the_health_check_asks_healthz_on_the_port_that_is_bound(status, verdict):
    asked: list[str] = []

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    check = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        port = server.server_port
        start_serving(server)
        if status is None:
            port = 1
        said = subprocess.run(
            [sys.executable, *check[1:]],
            env={**os.environ, "RESIGN_BIND": f"0.0.0.0:{port}", "http_proxy": "http://127.0.0.1:1"},
            stderr=subprocess.DEVNULL,
            check=False,
        )
        server.shutdown()
    assert said.returncode == verdict
    assert asked == (["/healthz"] if status else [])
