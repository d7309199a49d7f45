"""A receiver of webhooks on this machine: real HTTP, and it believes nothing that the spec's own library refuses."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.support.serving import start as start_serving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="


class Receiver:
    """Keeps what it was posted. `answer` says status, headers and body for each; `verifies` by the secret alone."""

    def __init__(self, *, secret: str = SECRET, tls: ssl.SSLContext | None = None) -> None:
        self.answer: Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]] = lambda _: (200, {}, b"")
        self.secret = secret
        self.posts: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.arrived: list[float] = []
        self.forged: list[str] = []
        self.asked = 0
        outer, mutex = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                post = json.loads(body)
                with mutex:
                    outer.asked += 1
                    try:
                        Webhook(outer.secret).verify(body, {k.lower(): v for k, v in self.headers.items()})
                    except WebhookVerificationError as refused:
                        outer.forged.append(str(refused))
                    else:
                        outer.posts.append(post)
                        outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                        outer.arrived.append(time.time())
                status, headers, answer = outer.answer(post)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                with mutex:
                    outer.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        if tls is not None:
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"http://127.0.0.1:{self.port}/hook"
        start_serving(self.server)

    def says(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.answer = lambda _: (
            status,
            {name.replace("_", "-"): each for name, each in headers.items()},
            body,
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
