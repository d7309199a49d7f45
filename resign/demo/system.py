"""Starts the sandbox, the web and the worker as real processes on loopback, with settings of their own."""

import json
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.sandbox import SandboxSettings
from resign.settings import Settings, load
from resign.settings.surroundings import surroundings_without_settings
from resign.staff import accounts, passwords
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from resign.supervise import Child
from resign.telemetry.sharing import environment_for_sharing

_HEARD = {
    "RESIGN_SYNERISE_TELL",
    "RESIGN_SYNERISE_EMAILS",
    "RESIGN_SYNERISE_AUTH",
    "RESIGN_LANGUAGE",
    "RESIGN_WEB_WORKERS",
    "RESIGN_WEB_THREADS",
    "RESIGN_DELIVERIES",
}
_NAME = "demo"
_COMMAND = [sys.executable, "-m", "resign"]
# The example of a custom agreement that Synerise's own guide gives.
_AGREEMENTS = """[alcohol]
attribute = "agreeToAlcoholAds"
on = "enabled"
off = "disabled"
[alcohol.title]
en = "Wine and beer"
pl = "Wino i piwo"
de = "Wein und Bier"
[alcohol.help]
en = "Communications that feature alcohol"
pl = "Wiadomości, w których mowa o alkoholu"
de = "Nachrichten, in denen es um Alkohol geht"
"""


@dataclass(frozen=True, slots=True)
class System:
    """Addresses and settings of a running demo."""

    settings: Settings
    sandbox: SandboxSettings
    sandbox_url: str
    console: "Console | None"
    children: list[Child]


@dataclass(frozen=True, slots=True)
class Console:
    """Where it is, and the one account that it has, with every role."""

    url: str
    name: str
    password: str


def prepare(
    folder: Path,
    wishes: Mapping[str, str],
    *,
    ports: tuple[int, int] = (8000, 8100),
    console: int | None = None,
) -> System:
    """Everything up to the start. Of `wishes` (`RESIGN_*` variables) only those are heard that change how it
    behaves: an address or a key from outside would lead the demo to the real Synerise. `console` is its port; without
    one there is none.
    """
    wishes = {name: value for name, value in wishes.items() if name in _HEARD}
    own_port, sandbox_port = (_free(port) for port in ports)
    base_url, sandbox_url = f"http://127.0.0.1:{own_port}", f"http://127.0.0.1:{sandbox_port}"
    sandbox = SandboxSettings(
        emails="non-unique" if wishes.get("RESIGN_SYNERISE_EMAILS") == "non-unique" else "unique",
        base_url=base_url,
    )
    variables = {
        "RESIGN_DATA_DIR": str(folder),
        "RESIGN_BASE_URL": base_url,
        "RESIGN_BIND": f"127.0.0.1:{own_port}",
        "RESIGN_KEYS": f"demo:{secrets.token_hex(32)}",
        "RESIGN_DIGEST_KEY": secrets.token_hex(32),
        "RESIGN_SENDER": "Fjord & Fern",
        "RESIGN_CONTACT": "hello@fjordandfern.example",
        "RESIGN_CONSOLE_BIND": "off" if console is None else f"127.0.0.1:{_free(console)}",
        # There is nothing to protect, and nobody fetches a telephone to look at a demo.
        "RESIGN_CONSOLE_SECOND_FACTOR": "optional",
        "RESIGN_SYNERISE_URL": sandbox_url,
        "RESIGN_SYNERISE_API_KEY": sandbox.api_key,
        "RESIGN_SYNERISE_WORKSPACE_GUID": sandbox.workspace_guid,
        "RESIGN_SYNERISE_ATTRIBUTE": sandbox.attribute,
        "RESIGN_SYNERISE_INCOMING_URL": f"{sandbox_url}{sandbox.incoming_path}",
        "RESIGN_SYNERISE_EVENT": sandbox.event_action,
        "RESIGN_SYNERISE_UNDO_EVENT": sandbox.undo_event_action,
        "RESIGN_SYNERISE_WEBHOOK_TOKEN": secrets.token_hex(32),
        "RESIGN_PAUSES": "1,3",
        "RESIGN_MAILS_KEPT": "60",
        "RESIGN_AGREEMENTS": _AGREEMENTS,
        **wishes,
    }
    settings = load(variables)
    database = Database(settings.database_url, connections=1)
    upgrade(database)
    opened = _console(settings, database) if console is not None else None
    database.close()
    environment = {**surroundings_without_settings(), **variables}
    shared = environment_for_sharing(folder / "metrics")
    told = json.dumps({"emails": sandbox.emails, "base_url": base_url})
    children = [
        Child(
            "sandbox",
            [*_COMMAND, "sandbox", "--bind", f"127.0.0.1:{sandbox_port}"],
            {**environment, "SANDBOX_SETTINGS": told},
            inherits=False,
        ),
        Child("web", [*_COMMAND, "web"], {**environment, **shared}, inherits=False),
        Child("worker", [*_COMMAND, "worker"], {**environment, **shared}, inherits=False),
    ]
    if opened is not None:
        children.append(Child("console", [*_COMMAND, "console"], environment, inherits=False))
    return System(settings, sandbox, sandbox_url, opened, children)


def _console(settings: Settings, database: Database) -> Console:
    """Its account is made as `resign staff add` makes one."""
    now, password = SystemClock().now(), passwords.generated()
    shell = Staff(id=0, name="make demo", grants={EVERYWHERE: frozenset(ROLES)})
    with database.writing() as session:
        account = accounts.add(session, _NAME, password, now, shell)
        for role in ROLES:
            accounts.grant(session, account, role, EVERYWHERE, now, shell)
        session.commit()
    return Console(f"{settings.console_url}/console/", _NAME, password)


def _free(port: int) -> int:
    """The port, or any other where somebody has it already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
