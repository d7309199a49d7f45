"""The one door through which notices enter: durable before Synerise is told that we heard."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from resign.db import Database
from resign.db.group_commit import GroupCommit
from resign.notices.notice import Notice, as_a_mail, row
from resign.notices.tables import NoticeRow

# One statement takes both kinds, so both name the same columns.
_UNWEIGHED = {"verdict": None, "weighed_at": None}


class Taking:
    """Keeps notices. Safe to call from any number of threads; one per process."""

    def __init__(self, database: Database) -> None:
        dialect = sqlite if database.is_sqlite else postgresql
        # The same event told twice is one row: the second is success, and changes nothing.
        insert = dialect.insert(NoticeRow.__table__).on_conflict_do_nothing(index_elements=["key"])
        self._shared = GroupCommit(database, insert)

    def keep(self, notice: Notice, digest_key: bytes, now: datetime) -> None:
        """Returns when the notice is durable; raises resign.db.group_commit.Unavailable where it is not."""
        self._shared.append(_UNWEIGHED | row(notice, digest_key, now))

    def remember(self, notice: Notice, digest_key: bytes, now: datetime) -> None:
        """A mail, for the reports; durable and raising as above."""
        self._shared.append(as_a_mail(row(notice, digest_key, now)))
