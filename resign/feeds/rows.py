"""The rows of a file, read page by page: of each person's decisions on an agreement the newest, as it stands now.

A decision that was overtaken is left out, whoever brought the newer one and, of an opt-in, under whichever identifier of
the same person: a file that is tried again late must not switch somebody on who has opted out meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from resign.db import Database
from resign.ledger import ALL
from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Consent, Decision, HashedOptOut
from resign.ledger.uploading import Who, outs_elsewhere

_PAGE = 2_000
# So many decisions are gone through by one statement, whatever of them is to be told.
_WINDOW = 10_000
_OUT, _IN = "opt-out", "opt-in"
_UTC_IN_POSTGRESQL = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
# What each row of a page ends with, for our own use.
_DIGEST, _AGREEMENT, _CHOICE, _SEQ = -4, -3, -2, -1
# One person on one agreement: what Wanted's `fields` name, in their order, and more behind it.
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Decisions above `after` up to `top`, without those that came from `origin`; of opt-outs those above `told`.

    Opt-outs that came from `origin` are wanted where opt-ins up to `heard` are what it may have been told last.
    No agreements are all of them. `only_outs` leaves opt-ins out, `since` what was decided before. With `hashes`
    (`sha256` or `keyed`) come those of whom nothing is known but such a hash.

    Each row begins with its `fields`: a decision's column of that name, or the `email` and `email_digest` of whom it is about,
    as far as they are known. `identifier` is None where retention has emptied it, `at` is ISO 8601 in UTC, to the second. Of a hash that a
    list brought, `kind` is the hash's and `digest` the hash itself.
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
    fields: tuple[str, ...] = ()

    def windows(self, behind: int | None = None) -> Iterator[dict[str, int]]:
        """One after the other: of a million decisions that are not to be told no statement has to pass all."""
        for at in range(self.after if behind is None else behind, self.top, _WINDOW):
            yield {"behind": at, "upto": min(at + _WINDOW, self.top)}

    def where(self) -> ColumnElement[bool]:
        """In one of the windows: a second pair of ends would have SQLite begin at the file's for each of them."""
        d = Decision.__table__.c
        conditions: list[ColumnElement[bool]] = [
            d.seq > bindparam("behind", type_=BigInteger),
            d.seq <= bindparam("upto", type_=BigInteger),
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
        d, earlier = Decision.__table__.c, Decision.__table__.alias("earlier").c
        last = (
            select(earlier.choice)
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


def _of_others(column: Any, origin: str) -> ColumnElement[bool]:  # noqa: ANN401 - columns of decisions
    return or_(column.origin.is_(None), column.origin != origin)


def rows(database: Database, wanted: Wanted) -> Iterator[Sequence[Row]]:
    """Page by page, in the order in which they were decided; pages may be empty."""
    after, query = wanted.after, _query(wanted, is_sqlite=database.is_sqlite)
    while window := next(wanted.windows(after), None):
        with database.reading() as session:
            found, after = _page(session, query, wanted, window)
        yield found
    if wanted.hashes is not None:
        yield from _hashed(database, wanted, wanted.hashes)


def _query(wanted: Wanted, *, is_sqlite: bool) -> Select[Any]:
    """The next decisions that stand; those on everything in any case, where they have to be told of some agreements."""
    d = Decision.__table__.c
    told: Mapping[str, ColumnElement[Any]] = {
        **d,
        "at": _moment(d.at, is_sqlite=is_sqlite),
        "email": case((d.kind == "email", d.identifier), else_=_read_back(Consent.email)),
        "email_digest": case((d.kind == "email", d.digest), else_=_read_back(Consent.email_digest)),
    }
    fields = [told[name].label(f"field_{at}") for at, name in enumerate(wanted.fields)]
    stands = ~_overtaken(wanted)
    if wanted.agreements:
        stands = or_(d.agreement == ALL, stands)
    query = select(*fields, d.digest, d.agreement, d.choice, d.seq).where(wanted.where(), stands)
    return query.order_by(d.seq).limit(_PAGE)


def _moment(at: ColumnElement[datetime], *, is_sqlite: bool) -> ColumnElement[str]:
    if is_sqlite:
        return func.replace(func.substr(type_coerce(at, Text), 1, 19), " ", "T") + "Z"
    return func.to_char(func.timezone("UTC", at), _UTC_IN_POSTGRESQL)


def _read_back(what: InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """Of somebody who is known by another identifier, what reading back brought."""
    d = Decision.__table__
    return (
        select(what)
        .where(Consent.workspace == d.c.workspace, Consent.digest == d.c.digest, Consent.email.is_not(None))
        .limit(1)
        .correlate(d)
        .scalar_subquery()
    )


def _overtaken(wanted: Wanted) -> ColumnElement[bool]:
    """By a newer one on the same agreement; an opt-in also by an opt-out of everything. An opt-out not by one that the
    file's own system has made since the file was planned: that may not be told there, and then neither would be.

    As a value, so that PostgreSQL looks into the index for each row, and does not join the whole ledger for each page.
    """
    d, newer = Decision.__table__.c, Decision.__table__.alias("newer").c
    stopped = and_(newer.agreement == ALL, newer.choice == _OUT, d.choice == _IN)
    told: ColumnElement[bool] = true()
    if wanted.origin is not None:
        told = or_(
            d.choice == _IN, newer.choice == _IN, newer.seq <= wanted.top, _of_others(newer, wanted.origin)
        )
    return (
        select(literal(1))
        .where(
            newer.digest == d.digest, newer.seq > d.seq, newer.workspace == d.workspace,
            or_(newer.agreement == d.agreement, stopped), told,
        )
        .limit(1)
        .correlate(Decision.__table__)
        .scalar_subquery()
        .is_not(null())
    )  # fmt: skip


def _page(
    session: Session, query: Select[Any], wanted: Wanted, window: Mapping[str, int]
) -> tuple[Sequence[Row], int]:  # fmt: skip
    page = session.execute(query, window).all()
    reached = page[-1][_SEQ] if len(page) == _PAGE else window["upto"]
    # By their places, not their names: it takes half the time, and there may be millions.
    everything = {row[_DIGEST] for row in page if row[_AGREEMENT] == ALL} if wanted.agreements else set()
    left = _left_under_another_name(session, wanted.workspace, page)
    if not everything and not left:
        return page, reached
    newest = _newest(session, wanted, everything)
    return [told for row in page for told in _told(row, newest, wanted, left)], reached


def _told(row: Row, newest: "_Newest", wanted: Wanted, left: Mapping[Who, int]) -> Iterator[Row]:
    digest, agreement, choice, seq = row[_DIGEST:]
    if wanted.agreements and agreement == ALL:
        for spread in _spread(newest, wanted, seq, digest, choice):
            yield [
                spread if name == "agreement" else cell
                for name, cell in zip(wanted.fields, row, strict=False)
            ]
    elif choice == _OUT or left.get((digest, agreement), 0) < seq:
        yield row


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


def _left_under_another_name(session: Session, workspace: str, page: Sequence[Any]) -> dict[Who, int]:
    """Of those whom the page would switch on, the newest opt-out under an identifier that may be the same person's.

    Asked for a page at once: it goes through what was read back of each of them.
    """
    opted_in = [row for row in page if row[_CHOICE] == _IN]
    agreements = sorted({row[_AGREEMENT] for row in opted_in})
    found = outs_elsewhere(session, workspace, [row[_DIGEST] for row in opted_in], agreements)
    return {who: out.seq for who, out in found.items()}


def _hashed(database: Database, wanted: Wanted, kind: str) -> Iterator[Sequence[Row]]:
    h = HashedOptOut
    of_them = [h.workspace == wanted.workspace, h.kind == kind]
    if wanted.agreements:
        of_them.append(h.agreement.in_([*wanted.agreements, ALL]))
    if wanted.since is not None:
        of_them.append(h.at >= wanted.since)
    agreement, last = "", ""
    while True:
        behind = or_(h.agreement > agreement, and_(h.agreement == agreement, h.hash > last))
        at = _moment(h.__table__.c.at, is_sqlite=database.is_sqlite)
        query = select(h.agreement, h.hash, at.label("at")).where(*of_them, behind)
        with database.reading() as session:
            page = session.execute(query.order_by(h.agreement, h.hash).limit(_PAGE)).all()
        same = {"kind": kind, "choice": _OUT, "method": "import"}
        told = [{**same, "digest": each, "agreement": about, "at": at} for about, each, at in page]
        yield [[cells.get(name) for name in wanted.fields] for cells in told]
        if len(page) < _PAGE:
            return
        agreement, last = page[-1].agreement, page[-1].hash
