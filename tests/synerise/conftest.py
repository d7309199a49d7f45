"""A workspace, a message, and two networks: one faked, one of real sockets."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import httpx
import pytest

from resign.outbox.contract import Message
from resign.profile import Profile
from resign.settings import load
from resign.synerise import SyneriseDestination
from tests.support.serving import start as start_serving
from tests.support.variables import VARIABLES

DECIDED = datetime(2026, 5, 4, 10, 11, 11, 345_000, tzinfo=UTC)
DECISION = UUID("019f0000-0000-7000-8000-000000000001")
LOG_IN = "/uauth/v2/auth/login/profile"
API_KEY = "canary-key-5a3d5b0e"


@pytest.fixture
def workspace():
    sound = load(VARIABLES).workspaces["default"]

    def of(**changes):
        return replace(
            sound,
            **{
                "synerise_url": "https://api.synerise.test",
                "synerise_api_key": API_KEY,
                "synerise_incoming_url": "https://api.synerise.test/automation/incoming/3f8e?v=1",
                **changes,
            },
        )

    return of


@pytest.fixture
def message():
    def of(kind="email", value="anna+news@example.com", **changes):
        return Message(
            **{
                "decision_id": DECISION,
                "profile": Profile.of(kind, value),
                "agreement": "newsletter",
                "choice": "opt-out",
                "decided_at": DECIDED,
                **changes,
            }
        )

    return of


def jwt(**claims):
    def part(content):
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS512'})}.{part(claims)}.c2lnbmF0dXJl"


@pytest.fixture
def a_jwt():
    return jwt


class Network:
    """Answers each path, `GET *` or `*` from its own list; the last answer of a list is given for ever."""

    def __init__(self):
        self.requests: list[httpx.Request] = []
        self._answers: dict[str, list] = {}
        self.answer(LOG_IN, httpx.Response(200, json={"token": "first"}))
        self.transport = httpx.MockTransport(self._handle)

    def answer(self, path, *answers):
        self._answers[path] = list(answers)

    def to(self, path):
        return [request for request in self.requests if request.url.path == path]

    @property
    def calls(self):
        """The requests that are no log-in: method and raw path."""
        return [
            f"{request.method} {request.url.raw_path.decode()}"
            for request in self.requests
            if request.url.path != LOG_IN
        ]

    @property
    def bodies(self):
        """The same, what was posted."""
        return [
            json.loads(request.content)
            for request in self.requests
            if request.content and request.url.path != LOG_IN
        ]

    def _handle(self, request):
        # A copy, because a call that is made again after a log-in is the same object with another header.
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        self.requests.append(copy)
        keys = (request.url.path, f"{request.method} *", "*")
        answers = next((self._answers[key] for key in keys if key in self._answers), [httpx.Response(202)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def destination(workspace, clock, network):
    """Makes destinations on the faked network (or another), and closes them."""
    made = []

    def of(*, transport=network.transport, connections=4, timeout=5.0, **settings):
        made.append(
            SyneriseDestination(
                workspace(**settings), clock, connections=connections, timeout=timeout, transport=transport
            )
        )
        return made[-1]

    yield of
    for one in made:
        one.close()


Answerer = Callable[[BaseHTTPRequestHandler, bytes], None]


@pytest.fixture
def server():
    """Starts real servers on the loopback: `server(answer)` gives an origin; `answer(handler, body)` answers."""
    running = []

    def start(answer: Answerer):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            do_GET = do_POST  # noqa: N815 - the same

            def log_message(self, *arguments):
                pass

            def reply(self, status, body=b"", **headers):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

        httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        httpd.daemon_threads = True
        httpd.handle_error = lambda *_: None
        thread = start_serving(httpd)
        running.append((httpd, thread))
        return f"http://127.0.0.1:{httpd.server_address[1]}"

    yield start
    for httpd, thread in running:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
