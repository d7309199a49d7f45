"""What a dry run would have written so far, so that a person who stands in a file twice is told of rightly; on the disk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, text

from resign.ledger.arriving import Statement
from resign.ledger.newest import Newest
from resign.ledger.uploading import Uploaded, Who, is_in_doubt

# Behind every decision that there is.
_LATER_THAN_ALL = 1 << 62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOBODY = UUID(int=0)
_STANDS = (
    "CREATE TABLE stands (digest TEXT, agreement TEXT, seq INTEGER, choice TEXT, at INTEGER, doubt INTEGER,"
    " PRIMARY KEY (digest, agreement)) WITHOUT ROWID"
)
_HASHES = "CREATE TABLE hashes (hash TEXT, agreement TEXT, PRIMARY KEY (hash, agreement)) WITHOUT ROWID"


class Pretended:
    """A database of its own beside the file, which nobody else reads and no crash has to spare."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        self._engine = create_engine(f"sqlite:///{path}")
        self._connection: Connection = self._engine.connect()
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            _STANDS,
            _HASHES,
        ):
            self._connection.exec_driver_sql(statement)
        self._seq = _LATER_THAN_ALL

    def standings(self, digests: set[str], agreements: Sequence[str]) -> Mapping[Who, Newest]:
        """As the ledger would have them."""
        marks = ",".join("?" * len(digests))
        rows = self._connection.exec_driver_sql(
            f"SELECT digest, agreement, seq, choice, at, doubt FROM stands WHERE digest IN ({marks})",  # noqa: S608 - marks
            tuple(digests),
        )
        return {
            (digest, agreement): Newest(
                seq,
                _NOBODY,
                choice,
                "import",
                _EPOCH + at * _MICROSECOND,
                None,
                owed=True,
                actor="import",
                in_doubt=bool(doubt),
            )
            for digest, agreement, seq, choice, at, doubt in rows
            if agreement in agreements
        }

    def add(self, found: Iterable[tuple[Statement, Uploaded]], now: datetime) -> None:
        rows = []
        for said, each in found:
            if each.decision is not None:
                self._seq += 1
                at = (min(said.at or now, now) - _EPOCH) // _MICROSECOND
                rows.append((each.digest, said.agreement, self._seq, said.choice, at, is_in_doubt(said)))
        if rows:
            self._connection.exec_driver_sql("INSERT OR REPLACE INTO stands VALUES (?, ?, ?, ?, ?, ?)", rows)

    def hashes(self, wanted: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of them (agreement, hash) that earlier rows brought."""
        marks = ",".join("?" * len(wanted))
        rows = self._connection.exec_driver_sql(
            f"SELECT agreement, hash FROM hashes WHERE hash IN ({marks})",  # noqa: S608 - marks
            tuple(each for _, each in wanted),
        )
        return {(agreement, each) for agreement, each in rows}

    def add_hashes(self, new: Collection[tuple[str, str]]) -> None:
        if new:
            self._connection.execute(
                text("INSERT OR IGNORE INTO hashes (agreement, hash) VALUES (:agreement, :hash)"),
                [{"agreement": agreement, "hash": each} for agreement, each in new],
            )

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()
        self._path.unlink(missing_ok=True)
