"""The rows of a file, read page by page: of each person's decisions on an agreement the newest, as it stands now.

A decision that was overtaken is left out, whoever brought the newer one and, of an opt-in, under whichever identifier of
the same person: a file that is tried again late must not switch somebody on who has opted out meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, null, or_, select
from sqlalchemy.orm import Session

from resign.db import Database
from resign.ledger import ALL
from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Consent, Decision, HashedOptOut
from resign.ledger.uploading import outs_elsewhere

_PAGE = 1_000
_OUT, _IN = "opt-out", "opt-in"
_NO_ADDRESS = (None, None)
# So many columns of a page end with the agreement, and with what a row tells.
_AGREEMENT, _TOLD, _SEQ = 5, 11, 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """Decisions above `after` up to `top`, without those that came from `origin`; of opt-outs those above `told`.

    Opt-outs that came from `origin` are wanted where opt-ins up to `heard` are what it may have been told last.
    No agreements are all of them. `only_outs` leaves opt-ins out, `since` what was decided before. With `hashes`
    (`sha256` or `keyed`) come those of whom nothing is known but such a hash; with `references` each row has its decision's id.
    """

    workspace: str
    after: int
    top: int
    told: int = 0
    heard: int = 0
    agreements: tuple[str, ...] = ()
    origin: str | None = None
    only_outs: bool = False
    since: datetime | None = None
    hashes: str | None = None
    references: bool = False

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
            conditions.append(or_(_of_others(d, self.origin), self._heard_an_opt_in_last(self.origin)))
        if self.only_outs:
            conditions.append(d.choice == _OUT)
        if self.since is not None:
            conditions.append(d.at >= self.since)
        if self.told > self.after:
            conditions.append(or_(d.choice != _OUT, d.seq > self.told))
        return and_(*conditions)

    def _heard_an_opt_in_last(self, origin: str) -> ColumnElement[bool]:
        """It may land after the opt-out. Once the opt-out is told as well, that is the last: nothing comes round."""
        d, table = Decision.__table__.c, Decision.__table__.alias("earlier")
        earlier = table.c
        last = (
            select(earlier.choice)
            .with_hint(table, "INDEXED BY ix_decisions_digest_seq", "sqlite")
            .where(
                earlier.digest == d.digest, earlier.workspace == d.workspace, earlier.agreement == d.agreement,
                earlier.seq < d.seq, earlier.seq <= case((earlier.choice == _IN, self.heard), else_=self.after),
                or_(_of_others(earlier, origin), earlier.choice == _OUT),
            )
            .order_by(earlier.seq.desc())
            .limit(1)
            .correlate(Decision.__table__)
            .scalar_subquery()
        )  # fmt: skip
        return and_(d.choice == _OUT, last == _IN)


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


def _of_others(column: Any, origin: str) -> ColumnElement[bool]:  # noqa: ANN401 - columns of decisions
    return or_(column.origin.is_(None), column.origin != origin)


def rows(database: Database, wanted: Wanted) -> Iterator[list[Row]]:
    """Page by page, in the order in which they were decided; pages may be empty."""
    after, query = wanted.after, _query(wanted)
    while after < wanted.top:
        with database.reading() as session:
            found, after = _page(session, query, wanted, after)
        yield found
    if wanted.hashes is not None:
        yield from _hashed(database, wanted, wanted.hashes)


def _query(wanted: Wanted) -> Select[Any]:
    """The next decisions, each with whether it was overtaken. Of these the last must be known too, to go on behind it."""
    d = Decision.__table__.c
    columns = (
        d.id if wanted.references else null(), d.kind, d.identifier, d.digest, d.agreement, d.choice, d.at, d.method,
        d.campaign, d.origin, d.language, _overtaken().label("overtaken"), d.seq,
    )  # fmt: skip
    return select(*columns).where(wanted.where(), d.seq > bindparam("behind")).order_by(d.seq).limit(_PAGE)


def _overtaken() -> ColumnElement[bool]:
    """By a newer one on the same agreement; an opt-in also by an opt-out of everything.

    As a column, so that PostgreSQL looks into the index for each row, and does not join the whole ledger for each page.
    """
    d, table = Decision.__table__.c, Decision.__table__.alias("newer")
    newer = table.c
    stopped = and_(newer.agreement == ALL, newer.choice == _OUT, d.choice == _IN)
    return (
        select(newer.seq)
        .where(
            newer.digest == d.digest, newer.seq > d.seq, newer.workspace == d.workspace,
            or_(newer.agreement == d.agreement, stopped),
        )
        .correlate(Decision.__table__)
        .exists()
    )  # fmt: skip


def _page(session: Session, query: Select[Any], wanted: Wanted, after: int) -> tuple[list[Row], int]:
    page = session.execute(query, {"behind": after}).all()
    if not page:
        return [], wanted.top
    everything = {row.digest for row in page if row.agreement == ALL} if wanted.agreements else set()
    newest = _newest(session, wanted, everything)
    emails = _emails(session, wanted.workspace, {row.digest for row in page if row.kind != "email"})
    left = _left_under_another_name(session, wanted.workspace, page)
    found = []
    # By their places in `_query` and in Row: by name it takes twice as long, and there may be millions.
    for row in page:
        _, kind, identifier, digest, agreement = row[:_AGREEMENT]
        known = (identifier, digest) if kind == "email" else emails.get(digest, _NO_ADDRESS)
        if wanted.agreements and agreement == ALL:
            found += [
                Row._make((*row[: _AGREEMENT - 1], name, *row[_AGREEMENT:_TOLD], *known))
                for name in _spread(newest, wanted, row.seq, digest, row.choice)
            ]
        elif not row[_TOLD] and left.get((digest, agreement), 0) < row[_SEQ]:
            found.append(Row._make((*row[:_TOLD], *known)))
    return found, page[-1].seq if len(page) == _PAGE else wanted.top


_Newest = dict[tuple[str, str, str], int]  # digest, agreement, choice


def _newest(session: Session, wanted: Wanted, digests: set[str]) -> _Newest:
    if not digests:
        return {}
    d = Decision.__table__.c
    query = (
        select(d.digest, d.agreement, d.choice, func.max(d.seq))
        .where(d.digest.in_(digests), d.workspace == wanted.workspace)
        .group_by(d.digest, d.agreement, d.choice)
    )
    return {(digest, agreement, choice): seq for digest, agreement, choice, seq in session.execute(query)}


def _spread(newest: _Newest, wanted: Wanted, seq: int, digest: str, choice: str) -> Sequence[str]:
    """The agreements for which a decision on everything has to stand.

    "Everything" comes with an opt-out of each agreement that there was; it is told of others where it is all we have.
    """

    def last(name: str, made: str) -> int:
        return newest.get((digest, name, made), 0)

    if last(ALL, choice) > seq:
        return ()
    return [name for name in wanted.agreements if last(name, _OUT) <= last(name, _IN) < seq]


def _left_under_another_name(
    session: Session, workspace: str, page: Sequence[Any]
) -> dict[tuple[str, str], int]:
    """Of those whom the page would switch on, the newest opt-out under an identifier that may be the same person's.

    Asked for a page at once: it goes through what was read back of each of them.
    """
    opted_in = [row for row in page if row.choice == _IN and not row.overtaken]
    agreements = sorted({row.agreement for row in opted_in})
    found = outs_elsewhere(session, workspace, [row.digest for row in opted_in], agreements)
    return {who: out.seq for who, out in found.items()}


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
