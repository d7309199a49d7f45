"""Where the person of a link stands in the ledger, and what opening the link or pressing its button would do."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from resign.clock import Clock
from resign.db import Database
from resign.doctor.finding import Finding
from resign.ids import reference
from resign.ledger import UNDO_WITHIN, may_undo
from resign.links import Link
from resign.outbox.standing import Standing, Told, standing
from resign.settings import Settings

_TOLD: dict[Told, str] = {
    "telling": "Synerise has not confirmed it yet",
    "confirmed": "Synerise has confirmed it",
    "unknown": "Synerise knows no such profile",
    "delayed": "Synerise has not taken it yet: see `resign outbox list`",
}
_WAYS = {"opt-out": "opted out", "opt-in": "in again"}


class Ledger:
    """Reads and never writes."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock

    def about(self, link: Link) -> Iterator[Finding]:
        if self._database.is_sqlite and not Path(self._database.url.database or "").exists():
            yield Finding("mind", "there is no ledger yet", "`resign serve` makes it at its first start")
            return
        digest = link.profile.digest(self._settings.workspaces[link.workspace].digest_key.encode())
        try:
            with self._database.reading() as session:
                found = standing(session, link.workspace, digest, link.scope)
        except (SQLAlchemyError, OSError) as error:
            yield Finding(
                "mind", f"where the person stands cannot be read ({type(error).__name__})",
                "`resign doctor` alone says what ails the storage; a POST would be answered 503 now",
            )  # fmt: skip
            return
        yield _stands(found)
        out = found is not None and found.newest.choice == "opt-out"
        page = "says that they are out" if out else "shows one button"
        yield Finding("well", f"GET {page} and writes nothing")
        again = "records the opt-out again, and tells Synerise again" if out else "records an opt-out at once"
        yield Finding("well", f"POST {again}: without a question, a cookie or a redirect")
        if found is not None and out and may_undo(found.outs, self._clock.now()):
            hours = int(UNDO_WITHIN.total_seconds()) // 3600
            yield Finding("well", f"the page offers an undo until {hours} hours after the first press")


def _stands(found: Standing | None) -> Finding:
    if found is None:
        return Finding("well", "the person has never decided anything here")
    newest = found.newest
    since = f"{newest.at:%Y-%m-%d %H:%M} UTC by {newest.method}, reference {reference(newest.id)}"
    return Finding("well", f"the person is {_WAYS[newest.choice]} since {since}; {_TOLD[found.told]}")
