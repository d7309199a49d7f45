"""The console as the web server imports it, built from the environment."""

import getpass

from resign.app import brand_of, open_database
from resign.clock import SystemClock
from resign.console.app import create_console
from resign.console.desk import Desk
from resign.i18n import Catalogues
from resign.settings import load_from_environment
from resign.telemetry import logs

logs.set_up()
_settings = load_from_environment()
_each = _settings.workspaces.items()
application = create_console(
    Desk(
        database=open_database(_settings, connections=8),
        brands={name: brand_of(workspace) for name, workspace in _each},
        languages={name: workspace.language for name, workspace in _each},
        catalogues=Catalogues(),
        words=Catalogues(domain="console"),
        clock=SystemClock(),
        author=getpass.getuser(),
        # It stays the same over a restart, so that a form that was open meanwhile can still be sent.
        secret="".join(workspace.digest_key for _, workspace in _each).encode(),
    )
)
