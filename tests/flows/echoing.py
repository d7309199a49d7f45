"""Another system as careless as they come: whatever it is told it sends back to us, as if it had thought of it."""

import json
import queue
from collections import Counter

import httpx
from werkzeug.serving import make_server

from tests.support.receiver import SECRET
from tests.support.serving import start as start_serving

__all__ = ["SECRET", "Echoing"]


class Echoing:
    """It is posted to over HTTP, and answers through the API with its own key. Echoes wait while `holds_back`."""

    def __init__(self, api, key):
        self.heard = Counter()
        self.verdicts = Counter()
        self.holds_back = False
        self._api = httpx.Client(
            base_url=api, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
        )
        self._echoes = queue.SimpleQueue()
        self._server = make_server("127.0.0.1", 0, self._hear, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        start_serving(self._server)

    def _hear(self, environ, start_response):
        said = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        data = said["data"]
        self.heard[data["profile"]["email"], data["choice"]] += 1
        self._echoes.put({**_decided(data), "at": said["timestamp"]})
        start_response("204 No Content", [])
        return []

    def echoes(self):
        """Sends back what it has been told since the last time."""
        while not self.holds_back and not self._echoes.empty():
            self.writes(self._echoes.get())

    def writes(self, decided):
        answer = self._api.post("/api/v1/decisions", json=decided)
        said = answer.json()
        self.verdicts[said.get("verdict") or said["type"].rpartition("/")[2]] += 1

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._api.close()


def _decided(data):
    kept = {name: data[name] for name in ("profile", "agreement", "choice")}
    return {**kept, "evidence": "as it was told to us"}
