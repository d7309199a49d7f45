"""A large ledger written straight into the database, with everything that search reads: decisions, consents, messages, the index."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID
from zlib import crc32

from sqlalchemy import Connection, delete, insert, text
from sqlalchemy import Table as TableOfPeople
from sqlalchemy.orm import Session

from resign.db import Database, Table
from resign.ledger.tables import Consent, Decision
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from resign.search import parts
from resign.search.keeping import note_stretches
from resign.search.tables import Person, SearchCursor

_FIRST = "anna piotr maria jan zofia tomasz ewa adam julia marek olga pawel emma liam noah mia lucas lea finn ida".split()
_SYLLABLES = "ko wal no wak ma zur ze lin ber gra bow kam row ski man sen pol dar vic tor hel ste jan mar lis sob".split()
_DOMAINS = "gmail.com wp.pl o2.pl onet.pl example.com outlook.com interia.pl icloud.com firma.example poczta.example".split()
_BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
_EVERY = timedelta(seconds=7)
_AT_ONCE = 20_000
_NOT_YET_TOLD = 300
_CACHE_KIB = 4 << 20
WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class Somebody:
    """The decision of one number: whose, what, how. The same number is always the same."""

    number: int
    person: int
    chance: int = field(repr=False)

    @classmethod
    def of(cls, number: int) -> "Somebody":
        """Each third is by somebody who came before, not long ago."""
        chance = crc32(b"%d" % number)
        person = number - 1 - chance // 3 % min(number, 5_000) if _comes_again(number) else number
        while _comes_again(person):
            person -= 1
        return cls(number, person, chance)

    @property
    def profile(self) -> Profile:
        if self.person % 10 == 0:
            return Profile("customId", f"C-{self.person:07d}")
        return (
            Profile("clientId", str(self.person)) if self.person % 25 == 1 else Profile("email", self.address)
        )

    @property
    def address(self) -> str:
        return address(self.person)

    def row(self, digest_key: bytes) -> dict[str, Any]:
        profile, chance = self.profile, self.chance
        return {
            "seq": self.number + 1, "id": UUID(int=_id(self.number, chance)), "workspace": WORKSPACE,
            "kind": profile.kind, "identifier": profile.value, "digest": profile.digest(digest_key),
            "agreement": "newsletter" if chance % 7 else "alcohol", "choice": "opt-out" if chance % 13 else "opt-in",
            "method": _method(chance), "actor": "person", "at": _BEGAN + self.number * _EVERY,
            "campaign": None if chance % 4 == 0 else f"c{self.number // 20_000:04d}-{chance % 5}",
            "language": "is" if chance % 9_973 == 0 else ("pl", "pl", "pl", "en", "de")[chance % 5],
            "page": "optout", "owed": False, "origin": "crm" if _method(chance) in {"api", "import"} else None,
        }  # fmt: skip


def _comes_again(number: int) -> bool:
    return number > 0 and crc32(b"%d" % number) % 3 == 0


def address(person: int) -> str:
    """Everybody has one of their own, however many there are."""
    chance = crc32(b"person %d" % person)
    first, *name = (_FIRST[chance % 20], *(_SYLLABLES[chance // 7**i % 26] for i in (2, 4, 6)))
    return f"{first}.{''.join(name)}{person % 1_000}.{person // 1_000}@{_DOMAINS[chance // 20 % 10]}"


def fill(database: Database, digest_key: bytes, first: int, last: int, *, indexed_to: int) -> None:
    """Decisions of the numbers from `first` to `last`, not with it; those from `indexed_to` on are left to the indexer."""
    with database.engine.connect() as connection:
        write = _by_rows(connection) if database.is_sqlite else _by_copy(connection)
        with _without_the_slow_index(connection):
            for start in range(first, last, _AT_ONCE):
                several = [Somebody.of(number) for number in range(start, min(start + _AT_ONCE, last))]
                rows = [one.row(digest_key) for one in several]
                write(Decision, rows)
                write(Consent, [*_consents(several, rows, digest_key)])
                write(MessageRow, [_message(row, last) for row in rows])
                indexed = [pair for pair in zip(several, rows, strict=True) if pair[0].number < indexed_to]
                write(Person, [*_people(indexed, keeps_parts=not database.is_sqlite)])
                _write_marks(connection, [row for _, row in indexed])
        if database.is_sqlite:
            put = "INSERT INTO people_parts (rowid, folded) SELECT id, folded FROM people WHERE id > :first"
            connection.execute(text(put), {"first": first})
        _set_cursor(connection, indexed_to)
        connection.commit()
    _settle(database)


def _people(
    pairs: Iterable[tuple[Somebody, dict[str, Any]]], *, keeps_parts: bool
) -> Iterator[dict[str, Any]]:
    for one, row in pairs:
        if one.number == one.person:
            folded = parts.folded(row["identifier"], one.address if row["kind"] == "customId" else None)
            numbers = parts.numbers(folded, WORKSPACE, row["seq"]) if keeps_parts else None
            yield {"id": row["seq"], "workspace": WORKSPACE, "digest": row["digest"], "folded": folded, "parts": numbers}  # fmt: skip


def _consents(
    several: Iterable[Somebody], rows: Iterable[Mapping[str, Any]], digest_key: bytes
) -> Iterator[dict[str, Any]]:
    """Of everybody's first decision; who is known by a customId has an address that was read back."""
    for one, row in zip(several, rows, strict=True):
        if one.number == one.person:
            email = one.address if row["kind"] == "customId" else None
            yield {
                "workspace": WORKSPACE, "digest": row["digest"], "agreement": row["agreement"],
                "choice": row["choice"], "decision_seq": row["seq"], "since": row["at"], "email": email,
                "email_digest": Profile("email", email).digest(digest_key) if email else None,
            }  # fmt: skip


def _message(row: Mapping[str, Any], last: int) -> dict[str, Any]:
    seq, state = row["seq"], "confirmed"
    if seq % 9_001 == 0:
        state = "dead"
    elif last - seq < _NOT_YET_TOLD:
        state = "owed"
    return {
        "decision_seq": seq, "destination": "synerise", "workspace": WORKSPACE, "subject": row["digest"],
        "agreement": row["agreement"], "state": state, "due_at": row["at"], "tries": 0, "tellings": 0, "alone": False,
    }  # fmt: skip


def _method(chance: int) -> str:
    if chance % 4_999 == 0:
        return "staff"
    return "import" if chance % 101 == 0 else ("one-click", "one-click", "page")[chance % 3]


def _id(number: int, chance: int) -> int:
    """A UUIDv7 of the decision's own time."""
    milliseconds = int((_BEGAN + number * _EVERY).timestamp() * 1000)
    return milliseconds << 80 | 0x7 << 76 | (chance & 0xFFF) << 64 | 0x2 << 62 | number


Write = Callable[[type[Table], Sequence[Mapping[str, Any]]], None]


def _by_rows(connection: Connection) -> Write:
    """Past SQLAlchemy, whose care takes longer than the writing; and with a cache in which the indexes find room."""
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")

    def write(table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
            put = f"INSERT INTO {table.__tablename__} ({names}) VALUES ({marks})"  # noqa: S608 - names of ours
            connection.exec_driver_sql(put, [tuple(map(_kept, row.values())) for row in rows])

    return write


def _kept(value: object) -> object:
    """As SQLAlchemy keeps it in SQLite."""
    if isinstance(value, UUID):
        return value.hex
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _by_copy(connection: Connection) -> Write:
    driver: Any = connection.connection.driver_connection

    def write(table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        names = ", ".join(rows[0])
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table.__tablename__} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(tuple(row.values()))

    return write


@contextmanager
def _without_the_slow_index(connection: Connection) -> Iterator[None]:
    """PostgreSQL builds it in one go in a fraction of the time that it takes to grow row by row."""
    if connection.dialect.name == "sqlite":
        yield
        return
    table = cast("TableOfPeople", Person.__table__)
    index = next(index for index in table.indexes if index.name == "ix_people_parts")
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    index.drop(connection)
    yield
    index.create(connection)


def _write_marks(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    with Session(connection, join_transaction_mode="rollback_only") as session:
        note_stretches(session, [SimpleNamespace(**row) for row in rows])


def _set_cursor(connection: Connection, seen: int) -> None:
    connection.execute(delete(SearchCursor))
    connection.execute(insert(SearchCursor), [{"feed": "decisions", "seen": seen}])


def _settle(database: Database) -> None:
    """What autovacuum does by itself, and VACUUM the visibility map that index-only scans need. SQLite gathers no statistics.

    And all of it is on the disk before anything is asked: to write out ten gigabytes holds up every read for minutes.
    """
    if database.is_sqlite:
        # Without a transaction, as only what reads is.
        with database.reader.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("RESET statement_timeout")
    os.sync()
