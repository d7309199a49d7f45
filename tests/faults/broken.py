"""Two deliberately broken variants of resign: a harness that cannot see their losses would prove nothing.

`early` says "done" as soon as it has thought of writing, and writes a moment later. `unsynced` commits first, but
does not wait for the disk. Both look perfectly well until something is killed.
"""

import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

from resign import serving
from resign.cli.run import worker
from resign.db import engine
from resign.ledger import Intake, LedgerUnavailable, NewDecision
from resign.settings import load_from_environment

_LATE_SECONDS = 0.3
VARIANTS = ("early", "unsynced")


def command(variant: str, role: str) -> list[str]:
    return [sys.executable, "-m", "tests.faults.broken", variant, role]


def _break_early() -> None:
    append, waiting = Intake.append, deque[tuple[Intake, NewDecision]]()

    def write_late() -> None:
        while True:
            time.sleep(_LATE_SECONDS)
            while waiting:
                with suppress(LedgerUnavailable):
                    append(*waiting.popleft())

    def acknowledge(intake: Intake, decision: NewDecision) -> None:
        waiting.append((intake, decision))

    Intake.append = acknowledge  # type: ignore[method-assign]
    threading.Thread(target=write_late, daemon=True).start()


def _break_unsynced() -> None:
    prepare, create = engine._prepare_sqlite, engine.create_engine

    def prepare_carelessly(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    def create_carelessly(url: Any, **options: Any) -> Any:
        asked: dict[str, Any] = options["connect_args"]
        if "options" in asked:
            asked["options"] = asked["options"].replace("synchronous_commit=on", "synchronous_commit=off")
        return create(url, **options)

    engine._prepare_sqlite = prepare_carelessly
    engine.create_engine = create_carelessly


_BREAK = {"early": _break_early, "unsynced": _break_unsynced}


def _application(variant: str) -> Any:
    """Called in each web process, because a thread does not live through a fork."""
    _BREAK[variant]()
    from resign.wsgi import application  # noqa: PLC0415 - it is built when it is imported

    return application


def _main(variant: str, role: str) -> None:
    if role == "web":
        settings = load_from_environment()
        serving.serve(
            variant,
            settings.bind,
            workers=settings.web_workers,
            threads=settings.web_threads,
            loader=_application,
        )
    else:
        _BREAK[variant]()
        worker(args=[])


if __name__ == "__main__":
    _main(*sys.argv[1:])
