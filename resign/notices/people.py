"""Who in the ledger an event is about: one person may be there under an address, a customId and a clientId."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.ledger import ALL, Newest
from resign.ledger.newest import COLUMNS
from resign.ledger.tables import Consent, Decision
from resign.notices.tables import NoticeRow
from resign.profile import Kind, Profile

_DECISIONS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Person:
    """One identity and its newest decisions on the agreement or on everything, newest first."""

    profile: Profile
    digest: str
    decisions: tuple[Newest, ...]
    # Of somebody who was erased: they still speak against an opt-in.
    nameless: tuple[Newest, ...] = ()


def people(session: Session, notice: NoticeRow) -> list[Person]:
    """The identities that the ledger knows, and the event's own where none of them is surely the same person.

    An address that was read back may have gone to somebody else since. An identity found only by it is left out
    where the event names another of its kind, and never stands for the event's own.
    """
    named = {notice.kind: notice.digest, **dict(_pairs(notice.others))}
    by_address = session.scalars(
        select(Consent.digest).where(
            Consent.workspace == notice.workspace, Consent.email_digest.in_(named.values())
        )
    )
    surely = [person for digest in named.values() if (person := _person(session, notice, digest))]
    perhaps = [
        person
        for digest in sorted({*by_address} - {*named.values()})
        if (person := _person(session, notice, digest)) and person.profile.kind not in named
    ]
    nameless = [] if surely else [row for digest in named.values() for row in _rows(session, notice, digest)]
    own = [] if surely else [Person(profile_of(notice), notice.digest, (), _decisions(nameless))]
    return [*surely, *own, *perhaps]


def _pairs(others: str | None) -> Iterator[tuple[str, str]]:
    for pair in (others or "").split():
        kind, _, digest = pair.partition(":")
        yield kind, digest


def profile_of(notice: NoticeRow) -> Profile:
    return Profile(cast("Kind", notice.kind), notice.identifier or "")


def _person(session: Session, notice: NoticeRow, digest: str) -> Person | None:
    rows = _rows(session, notice, digest)
    if not rows or rows[0].identifier is None:
        return None
    profile = Profile(cast("Kind", rows[0].kind), rows[0].identifier)
    return Person(profile, digest, _decisions(rows))


def _rows(session: Session, notice: NoticeRow, digest: str) -> Sequence[Any]:
    return session.execute(
        select(*COLUMNS, Decision.kind, Decision.identifier)
        .where(
            Decision.digest == digest,
            Decision.workspace == notice.workspace,
            Decision.agreement.in_([notice.agreement, ALL]),
        )
        .order_by(Decision.seq.desc())
        .limit(_DECISIONS_LOOKED_AT)
    ).all()


def _decisions(rows: Sequence[Any]) -> tuple[Newest, ...]:
    return tuple(Newest(*cast("tuple[Any, ...]", row[:-2])) for row in rows)
