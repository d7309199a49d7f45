"""The rows of a file, read page by page: of each person's decisions on an agreement the newest, as it stands now.

A decision that was overtaken is left out, whoever brought the newer one: a file that is tried again late must not
switch somebody on who has opted out meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from resign.db import Database
from resign.ledger import ALL
from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Consent, Decision, HashedOptOut

_PAGE = 1_000
_OUT, _IN = "opt-out", "opt-in"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Decisions above `after` up to `top`, without those that came from `origin`; of opt-outs those above `told`.

    No agreements are all of them. `only_outs` leaves opt-ins out, `since` what was decided before. With `hashes`
    (`sha256` or `keyed`) come those of whom nothing is known but such a hash.
    """

    workspace: str
    after: int
    top: int
    told: int = 0
    agreements: tuple[str, ...] = ()
    origin: str | None = None
    only_outs: bool = False
    since: datetime | None = None
    hashes: str | None = None

    def where(self) -> ColumnElement[bool]:
        d = Decision.__table__.c
        conditions: list[ColumnElement[bool]] = [
            d.seq > self.after,
            d.seq <= self.top,
            d.workspace == self.workspace,
            # No file tells what was only asked for: its readers know in and out.
            d.agreement != REQUESTED,
        ]
        if self.agreements:
            conditions.append(d.agreement.in_([*self.agreements, ALL]))
        if self.origin is not None:
            conditions.append(or_(d.origin.is_(None), d.origin != self.origin))
        if self.only_outs:
            conditions.append(d.choice == _OUT)
        if self.since is not None:
            conditions.append(d.at >= self.since)
        if self.told > self.after:
            conditions.append(or_(d.choice != _OUT, d.seq > self.told))
        return and_(*conditions)


class Row(NamedTuple):
    """One person on one agreement. `identifier` is None where retention has emptied it, `email` where none is known.

    Of a hash that a list brought, `kind` is the hash's and `digest` the hash itself; no decision has it, so no `id`.
    """

    id: UUID | None
    kind: str
    identifier: str | None
    digest: str
    agreement: str
    choice: str
    at: datetime
    method: str
    campaign: str | None
    origin: str | None
    language: str | None
    email: str | None
    email_digest: str | None


def rows(database: Database, wanted: Wanted) -> Iterator[list[Row]]:
    """Page by page, in the order in which they were decided; pages may be empty."""
    after = wanted.after
    while after < wanted.top:
        with database.reading() as session:
            found, after = _page(session, wanted, after)
        yield found
    if wanted.hashes is not None:
        yield from _hashed(database, wanted, wanted.hashes)


def _page(session: Session, wanted: Wanted, after: int) -> tuple[list[Row], int]:
    d = Decision.__table__.c
    columns = (
        d.seq, d.id, d.kind, d.identifier, d.digest, d.agreement, d.choice, d.at, d.method, d.campaign, d.origin,
        d.language,
    )  # fmt: skip
    page = session.execute(
        select(*columns).where(wanted.where(), d.seq > after).order_by(d.seq).limit(_PAGE)
    ).all()
    if not page:
        return [], wanted.top
    newest = _newest(session, wanted, {row.digest for row in page})
    emails = _emails(session, wanted.workspace, {row.digest for row in page if row.kind != "email"})
    found = []
    for seq, number, kind, identifier, digest, agreement, *told in page:
        known = (identifier, digest) if kind == "email" else emails.get(digest, (None, None))
        found += [
            Row(number, kind, identifier, digest, name, *told, *known)
            for name in _stands(newest, wanted, seq, digest, agreement, told[0])
        ]
    return found, page[-1].seq if len(page) == _PAGE else wanted.top


_Newest = dict[tuple[str, str, str], int]  # digest, agreement, choice


def _newest(session: Session, wanted: Wanted, digests: set[str]) -> _Newest:
    d = Decision.__table__.c
    query = (
        select(d.digest, d.agreement, d.choice, func.max(d.seq))
        .with_hint(Decision.__table__, "INDEXED BY ix_decisions_digest_seq", "sqlite")
        .where(d.digest.in_(digests), d.workspace == wanted.workspace)
        .group_by(d.digest, d.agreement, d.choice)
    )
    return {(digest, agreement, choice): seq for digest, agreement, choice, seq in session.execute(query)}


def _stands(
    newest: _Newest, wanted: Wanted, seq: int, digest: str, agreement: str, choice: str
) -> Sequence[str]:
    """The agreements on which the decision still holds, and is to be told.

    "Everything" comes with an opt-out of each agreement that there was; it is told of others where it is all we have.
    """

    def last(name: str, made: str) -> int:
        return newest.get((digest, name, made), 0)

    if agreement != ALL or not wanted.agreements:
        overtaken = max(last(agreement, _OUT), last(agreement, _IN)) > seq
        stopped = choice == _IN and last(ALL, _OUT) > seq
        return () if overtaken or stopped else (agreement,)
    if last(ALL, choice) > seq:
        return ()
    return [name for name in wanted.agreements if last(name, _OUT) <= last(name, _IN) < seq]


def _emails(session: Session, workspace: str, digests: set[str]) -> dict[str, tuple[str | None, str | None]]:
    """The addresses that reading back brought, of people who are known by another identifier."""
    if not digests:
        return {}
    found = session.execute(
        select(Consent.digest, Consent.email, Consent.email_digest).where(
            Consent.workspace == workspace, Consent.digest.in_(digests), Consent.email.is_not(None)
        )
    )
    return {digest: (email, email_digest) for digest, email, email_digest in found}


def _hashed(database: Database, wanted: Wanted, kind: str) -> Iterator[list[Row]]:
    h = HashedOptOut
    of_them = [h.workspace == wanted.workspace, h.kind == kind]
    if wanted.agreements:
        of_them.append(h.agreement.in_([*wanted.agreements, ALL]))
    if wanted.since is not None:
        of_them.append(h.at >= wanted.since)
    agreement, last = "", ""
    while True:
        behind = or_(h.agreement > agreement, and_(h.agreement == agreement, h.hash > last))
        query = select(h.agreement, h.hash, h.at).where(*of_them, behind).order_by(h.agreement, h.hash)
        with database.reading() as session:
            page = session.execute(query.limit(_PAGE)).all()
        yield [
            Row(
                None,
                kind,
                None,
                row.hash,
                row.agreement,
                _OUT,
                row.at,
                "import",
                None,
                None,
                None,
                None,
                None,
            )
            for row in page
        ]
        if len(page) < _PAGE:
            return
        agreement, last = page[-1].agreement, page[-1].hash
