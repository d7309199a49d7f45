"""A pretend Synerise of a test's own, over real HTTP on the loopback."""

import time

from werkzeug.serving import make_server

from resign.sandbox import SandboxSettings, create_sandbox
from tests.support.serving import start as start_serving

EMAIL = "Anna+News@example.com"


class Sandbox:
    """One pretend Synerise on the loopback, with somebody in it who gets mail."""

    def __init__(self, **settings):
        self.settings = SandboxSettings(apply_after=0.03, **settings)
        app = create_sandbox(self.settings)
        self._hands = app.test_client()
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._thread = start_serving(self._server)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        profile = {"email": EMAIL, "customId": "C/1042"}
        [self.client_id] = self.do("profiles", [profile])["clientIds"]

    def do(self, what, body, method="POST"):
        answer = self._hands.open(f"/sandbox/{what}", method=method, json=body)
        assert answer.status_code < 300, answer.json
        return answer.json

    def look(self, what):
        return self._hands.get(f"/sandbox/{what}", headers={"Accept": "application/json"}).json

    @property
    def profiles(self):
        return self.look("profiles")["profiles"]

    def holds(self):
        """The one profile, as the sandbox shows it, once nothing is waiting any more."""
        time.sleep(self.settings.apply_after)
        [profile] = self.profiles
        return profile

    def as_settings(self, **changes):
        return {
            "synerise_url": self.url,
            "synerise_api_key": self.settings.api_key,
            "synerise_incoming_url": self.url + self.settings.incoming_path,
            "synerise_attribute": self.settings.attribute,
            "synerise_emails": self.settings.emails,
            **changes,
        }

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
