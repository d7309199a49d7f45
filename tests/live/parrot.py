"""A Synerise that repeats whatever it hears, inside the refusals that it answers with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.serving import start as start_serving


class Parrot:
    """`status` is what it answers with; 0 hangs up. Log-in always succeeds, or nothing else would be asked."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self.status = 400
        self.content_type = "application/json"
        self.heard: list[tuple[str, int]] = []
        parrot = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                logs_in = "/auth/login" in self.path
                status = 200 if logs_in else parrot.status
                parrot.heard.append((self.path, status))
                if status == 0:
                    self.close_connection = True
                    return
                said = f"no such profile: {secrets} {self.path} {sent}"
                refusal = {"error": said, "message": said, "errors": [{"message": said, "field": said}]}
                body = json.dumps({"token": "e30.e30.e30"} if logs_in else refusal).encode()
                self.send_response(status, None if logs_in else secrets["email"])
                self.send_header("Content-Type", parrot.content_type)
                self.send_header("X-Request-Id", secrets["email"])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815 - the names are http.server's

            def log_message(self, *_said: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def turn_to(self, status: int, content_type: str = "application/json") -> None:
        self.status, self.content_type = status, content_type
        self.heard.clear()

    @contextmanager
    def listening(self) -> Iterator["Parrot"]:
        thread = start_serving(self._server)
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()
