"""A sandbox whose clock stands still, and a client that speaks to its API as a product would."""

import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from resign.sandbox import SandboxSettings, create_sandbox
from tests.support.serving import start as start_serving

KEY = SandboxSettings().api_key
START = 1_800_000_000.0


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += seconds


class Api:
    """One sandbox and a logged-in client; `settled` waits until what was accepted has been applied."""

    def __init__(self, settings, clock=None):
        self.settings = settings
        self.clock = clock or Clock()
        self.app = create_sandbox(settings, clock=self.clock)
        self.http = self.app.test_client()
        self.token = self.login().json["token"]

    def login(self, key=None):
        return self.http.post("/uauth/v2/auth/login/profile", json={"apiKey": key or self.settings.api_key})

    def call(self, method, path, body=None, *, content_type="application/json", headers=None):
        sent = {"Authorization": f"Bearer {self.token}", "Api-Version": "4.4", **(headers or {})}
        data = body if isinstance(body, bytes | None) else json.dumps(body)
        return self.http.open(
            path,
            method=method,
            data=data,
            headers=sent,
            content_type=content_type if data is not None else None,
        )

    def post(self, path, body, **how):
        return self.call("POST", path, body, **how)

    def get(self, path, **how):
        return self.call("GET", path, **how)

    def settled(self):
        self.clock.advance(self.settings.apply_after)

    def by_email(self, email):
        return self.get(f"/v4/clients/by-email/{quote(email, safe='')}")

    def by_custom_id(self, custom_id):
        return self.get(f"/v4/clients/by-customid/{quote(custom_id, safe='')}")

    def seed(self, *profiles):
        return self.control("POST", "/sandbox/profiles", list(profiles)).json["clientIds"]

    def fault(self, **asked):
        answer = self.control("POST", "/sandbox/faults", asked)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    def control(self, method, path, body=None):
        return self.http.open(path, method=method, json=body)

    def look(self, path):
        return self.http.get(path, headers={"Accept": "application/json"}).json


class Receiver:
    """A server on this machine that remembers what was posted to it."""

    def __init__(self):
        received = self.received = []
        arrived = self.arrived = threading.Semaphore(0)
        answers = self.answers = {"status": 200}

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                received.append((self.path, dict(self.headers), body))
                self.send_response(answers["status"])
                if answers["status"] // 100 == 3:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "4")
                self.end_headers()
                self.wfile.write(b"done")
                arrived.release()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"
        self.thread = start_serving(self.server)

    def wait(self, number=1):
        for _ in range(number):
            assert self.arrived.acquire(timeout=5), f"only {len(self.received)} arrived"
        return self.received

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def make() -> Callable[..., Api]:
    """Makes a sandbox with settings other than the default."""

    def with_settings(**changes):
        return Api(dataclasses.replace(SandboxSettings(), **changes))

    return with_settings


@pytest.fixture(scope="session")
def default() -> Api:
    return Api(SandboxSettings())


@pytest.fixture
def api(default) -> Api:
    """The default sandbox, as new: building one takes longer than most of these tests."""
    default.clock.now = START
    world = default.app.extensions["sandbox"]
    world.reset()
    world.clock = default.clock
    default.token = default.login().json["token"]
    default.http.delete("/sandbox/requests")
    return default


@pytest.fixture
def anna(api) -> int:
    """A profile that gets mail; the answer is her clientId."""
    return api.seed(
        {
            "email": "anna@example.com",
            "customId": "C-1",
            "firstName": "Anna",
            "attributes": {"resign_token": "tok"},
        }
    )[0]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    yield listening
    listening.close()
