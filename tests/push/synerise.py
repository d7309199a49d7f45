"""The pretend Synerise on the loopback, counting whose link was taken how often, and files of people for it."""

import io
import json
import time
from collections import Counter

from werkzeug.serving import make_server

from resign.sandbox import SandboxSettings, create_sandbox
from tests.support.serving import start as start_serving


class Synerise:
    """The sandbox on the loopback. `taken` counts how often each profile's link was taken; a batch takes `delay`
    seconds, and `meanwhile` happens then.
    """

    def __init__(self, **settings):
        self.settings = SandboxSettings(apply_after=0.0, **settings)
        self.app = create_sandbox(self.settings)
        self.hands = self.app.test_client()
        self.taken = Counter()
        self.asked = Counter()
        self.delay = 0.0
        self.meanwhile = lambda: None
        self._api = self.app.wsgi_app
        self.app.wsgi_app = self._counting
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self._thread = start_serving(self._server)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _counting(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked[path] += 1
        if path != "/v4/clients/batch":
            return self._api(environ, start_response)
        time.sleep(self.delay)
        self.meanwhile()
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)

        def answered(status, headers):
            if status.startswith("202"):
                self.taken.update(next(iter(item.values())) for item in json.loads(body))
            return start_response(status, headers)

        return self._api(environ, answered)

    def plant(self, *profiles):
        self.hands.post("/sandbox/profiles", json=list(profiles))

    def fault(self, **fault):
        self.hands.post("/sandbox/faults", json=fault)

    def mend(self):
        self.hands.delete("/sandbox/faults")

    def tokens(self):
        listed = self.hands.get("/sandbox/profiles?limit=100000", headers={"Accept": "application/json"}).json
        return {
            row["email"] or row["customId"] or row["clientId"]: row["attributes"].get("resign_token")
            for row in listed["profiles"]
        }

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def people(count, first=0):
    return "email\n" + "".join(f"p{number}@example.com\n" for number in range(first, first + count))
