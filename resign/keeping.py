"""What falls due by itself: breaks that are over, refusals that nobody need look at, and all that is to be forgotten."""

from collections.abc import Mapping

from resign.api_keys import answers
from resign.clock import Clock
from resign.db import Database
from resign.ledger import pauses, reasons
from resign.notices import mails
from resign.outbox import overtaken
from resign.settings import Workspace
from resign.staff import deeds, networks, sessions, throttle


class Keeping:
    """A chore of the worker's. Several processes may run one each."""

    def __init__(self, database: Database, workspaces: Mapping[str, Workspace], clock: Clock) -> None:
        self._database = database
        self._keys = {name: workspace.digest_key.encode() for name, workspace in workspaces.items()}
        self._mails_kept = {name: workspace.mails_kept for name, workspace in workspaces.items()}
        self._clock = clock
        # How far the mails have been looked through; they are many, and each step looks at some.
        self._mails_seen = 0
        self._refusals_seen = 0

    def step(self) -> bool:
        """One round of each; True where more may be due.

        One that fails keeps none of the others from its turn: the first error is raised when all have had theirs.
        """
        more, errors = False, []
        for part in (
            self._end_breaks,
            self._unlink_reasons,
            self._settle_refusals,
            self._forget_mails,
            self._forget_staff,
        ):
            try:
                more = part() or more
            except Exception as error:  # noqa: BLE001 - it is raised below
                errors.append(error)
        if errors:
            raise errors[0]
        return more

    def _end_breaks(self) -> bool:
        now = self._clock.now()
        with self._database.reading() as session:
            if not pauses.any_over(session, now, self._keys):
                return False
        with self._database.writing() as session:
            ended = pauses.end(session, now, self._keys)
            session.commit()
        return ended > 0

    def _unlink_reasons(self) -> bool:
        now = self._clock.now()
        with self._database.reading() as session:
            if not reasons.any_to_unlink(session, now):
                return False
        with self._database.writing() as session:
            unlinked = reasons.unlink(session, now)
            session.commit()
        return unlinked > 0

    def _settle_refusals(self) -> bool:
        with self._database.reading() as session:
            found = overtaken.find(session, after=self._refusals_seen)
        self._refusals_seen = found.next
        if not found.numbers:
            return False
        with self._database.writing() as session:
            overtaken.settle(session, found.numbers)
            session.commit()
        return True

    def _forget_mails(self) -> bool:
        with self._database.reading() as session:
            page = mails.page(session, self._mails_kept, self._clock.now(), after=self._mails_seen)
        self._mails_seen = page.next
        if not page.too_old:
            return False
        with self._database.writing() as session:
            mails.forget(session, page.too_old)
            session.commit()
        return True

    def _forget_staff(self) -> bool:
        """Sessions that are over, failed sign-ins and the API's answers, usual networks, deeds: each in its time."""
        now = self._clock.now()
        with self._database.reading() as session:
            kept = (sessions, throttle, networks, deeds, answers)
            due = [each for each in kept if each.any_to_forget(session, now)]
        if not due:
            return False
        with self._database.writing() as session:
            forgotten = [each.forget(session, now) for each in due]
            session.commit()
        return any(forgotten)
