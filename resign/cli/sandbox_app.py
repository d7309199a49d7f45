"""The sandbox as the web server imports it; `SANDBOX_SETTINGS` in the environment holds its settings as JSON."""

import json

from resign.sandbox import SandboxSettings, create_sandbox
from resign.settings.surroundings import given
from resign.telemetry import logs

logs.set_up()
application = create_sandbox(SandboxSettings(**json.loads(given("SANDBOX_SETTINGS") or "{}")))
