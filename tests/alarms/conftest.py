"""Alarms over both databases, and a receiver of webhooks as somebody would write one: it trusts nothing unsigned."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from resign.alarms.alarm import Alarm
from resign.alarms.seen import alarms
from tests.outbox.conftest import make_worker
from tests.support.serving import start as start_serving

__all__ = ["make_worker"]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver:
    """Keeps the posts whose signature is right; answers with `status`."""

    def __init__(self) -> None:
        self.status, self.location = 200, ""
        self.posts: list[dict] = []
        self.ids: list[str] = []
        self.forged: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.is_ours(self.headers, body):
                    outer.posts.append(json.loads(body))
                    outer.ids.append(self.headers["webhook-id"])
                else:
                    outer.forged.append(body.decode())
                self.send_response(outer.status)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alarms"
        start_serving(self.server)

    def is_ours(self, headers, body: bytes) -> bool:
        """standardwebhooks.com: HMAC-SHA256 over id, timestamp and body, with the secret's bytes."""
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(f"v1,{right}", headers["webhook-signature"])

    def heard(self) -> list[tuple[str, str, str]]:
        return [(post["type"], post["data"]["name"], post["data"]["level"]) for post in self.posts]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def raised(database, clock, settings):
    """The alarms that are seen now."""

    def look() -> list[Alarm]:
        with database.reading() as session:
            return alarms(session, clock.now(), settings.named)

    return look
