"""Answers a query: decisions, the newest first, a page at a time, at a cost that does not grow with the ledger."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, Text, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Decision, Reason
from resign.search import stretches, tokens
from resign.search.days import IN_UTC, Zones, within_days
from resign.search.parse import parse
from resign.search.people import DigestKey, exact_people, holding_words, wanted
from resign.search.query import Note, Query
from resign.search.rows import Row, rows
from resign.search.states import UNSETTLED, condition, unsettled
from resign.search.tokens import PageToken

MOST_ROWS = 200
# One page reads at the most so many stretches of 256 decisions, or so many that are not settled. Where the filters
# are met by fewer than a page of them, it ends early and says how far it got. Two marks that are seldom on one decision
# stand together in a hundred stretches of a million: a bound far above that would let a page cost more in ten million.
_MOST_STRETCHES = 125
_MOST_UNSETTLED = 10_000
_CHUNK = 500
_MOST_ANSWERS = 1_000
_LAST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """`next_token` is None on the last page. An empty page may have one: the notes say how far it looked."""

    rows: tuple[Row, ...] = ()
    next_token: PageToken | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """Seqs, the newest first, one more than asked for where there are more; `floor` where it ended before the end."""

    seqs: Sequence[int]
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """A part of the ledger with its lowest seq; `cost` is its share of what one page may read.

    `find` gives so many seqs of it that meet the conditions, the newest first.
    """

    find: Callable[[int], Sequence[int]]
    lowest: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Whose:
    """What is searched: of each workspace its key, and at whose midnight its days begin."""

    workspaces: Sequence[str]
    digest_key: DigestKey
    zones: Zones


def search(
    session: Session,
    query: Query | str,
    workspaces: Collection[str],
    digest_key: DigestKey,
    after: PageToken | None = None,
    limit: int = 50,
    *,
    zones: Zones = IN_UTC,
) -> Found:
    """`workspaces` are those that whoever asks may see; `digest_key` gives the key of each by its name.

    `zones`, by name too, say at whose midnight a day begins that was typed.
    """
    if isinstance(query, str):
        query = parse(query)
    notes = list(query.notes)
    seen = [name for name in workspaces if not query.workspaces or name in query.workspaces]
    notes += [Note("no-workspace", name) for name in query.workspaces if name not in workspaces]
    below = tokens.read(after) if after is not None else None
    if after is not None and below is None:
        notes.append(Note("bad-page"))
    if not seen:
        return Found((), None, tuple(notes))
    limit = max(1, min(limit, MOST_ROWS))
    page, more = _page(session, query, _Whose(seen, digest_key, zones), below or _LAST_SEQ, limit)
    return _answer(session, page, limit, [*notes, *more])


def onwards(
    session: Session,
    query: Query,
    workspaces: Sequence[str],
    digest_key: DigestKey,
    below: int,
    limit: int,
    *,
    zones: Zones = IN_UTC,
) -> tuple[Sequence[int], int | None]:
    """The next seqs below this one, the newest first, and below which it goes on; None where nothing is left.

    For whoever has time and needs all of it: where a page of `search` names the first 500 people, this one looks at
    each decision instead. As there, a page may be empty and still not be the last.
    """
    page, _ = _page(session, query, _Whose(workspaces, digest_key, zones), below, limit, whole=True)
    if len(page.seqs) > limit:
        return page.seqs[:limit], page.seqs[limit - 1]
    return page.seqs, page.floor


def _answer(session: Session, page: _Page, limit: int, notes: list[Note]) -> Found:
    listed = rows(session, page.seqs[:limit])
    if len(page.seqs) > limit:
        return Found(tuple(listed), tokens.write(page.seqs[limit - 1]), tuple(notes))
    if page.floor is None:
        return Found(tuple(listed), None, tuple(notes))
    oldest = session.scalar(
        select(Decision.at).where(Decision.seq >= page.floor).order_by(Decision.seq).limit(1)
    )
    notes.append(Note("goes-on", f"{oldest:%Y-%m-%d}"))
    return Found(tuple(listed), tokens.write(page.floor), tuple(notes))


def _page(
    session: Session,
    query: Query,
    whose: _Whose,
    below: int,
    limit: int,
    *,
    whole: bool = False,
) -> tuple[_Page, tuple[Note, ...]]:
    """By the narrowest way: the reference, the people, what is not settled, the answers; last the filters alone.

    Where it is to be the `whole` of it, a way that would leave something out is not taken.
    """
    workspaces, digest_key = whose.workspaces, whose.digest_key
    conditions = _conditions(query, workspaces, whose.zones)
    if query.reference is not None:
        meant = _by_reference(session, query, conditions, below, limit)
        if meant.seqs or query.surely:
            return meant, ()
    people, notes = wanted(session, query, workspaces, digest_key)
    if whole and notes:
        conditions += [*exact_people(session, query, workspaces, digest_key), *holding_words(session, query)]
    elif people is not None:
        by_people = _of_people(session, people, conditions, below, limit) if people else _Page(())
        if not by_people.seqs and below == _LAST_SEQ and len(query.profiles) == 1 and not query.words:
            notes = (Note("nobody", query.profiles[0].value),)
        return by_people, (*notes, *(_behind(session) if query.words else ()))
    if query.reasons:
        answered, notes = _by_answers(session, query, workspaces, conditions, below, limit)
        if not (whole and notes):
            return answered, notes
    if query.states and UNSETTLED.issuperset(query.states):
        return _by_state(session, query, conditions, below, limit), ()
    parts = stretches.holding(session, query, workspaces, below)
    ways = (
        _Way(partial(stretches.within, session, part, conditions), part.low, part.stretches / _MOST_STRETCHES)
        for part in parts
    )
    return _through(ways, limit), _behind(session)


def _behind(session: Session) -> tuple[Note, ...]:
    return (Note("not-indexed"),) if stretches.is_behind(session) else ()


def _conditions(query: Query, workspaces: Sequence[str], zones: Zones) -> list[ColumnElement[bool]]:
    """What holds for every row, by whichever way it was found."""
    columns = Decision.__table__.c
    found: list[ColumnElement[bool]] = [Decision.workspace.in_(workspaces)]
    found += [
        _chosen(values) if name == "choice" else columns[name].in_(values)
        for name, values in query.marks.items()
    ]
    found += within_days(query, workspaces, zones)
    if query.states:
        found.append(condition(query.states))
    if query.reasons:
        answer = select(Reason.id).where(Reason.decision == Decision.id, Reason.code.in_(query.reasons))
        found.append(answer.limit(1).correlate(Decision).scalar_subquery().is_not(None))
    return found


def _by_reference(
    session: Session, query: Query, conditions: Iterable[ColumnElement[bool]], below: int, limit: int
) -> _Page:
    lowest, highest = query.reference or (None, None)
    # In the order of the ids: few share a reference, and no other order is worth a plan.
    named = select(Decision.seq).where(Decision.id.between(lowest, highest), *conditions)
    found = session.scalars(named.order_by(Decision.id.desc()).limit(limit)).all()
    return _Page(sorted((seq for seq in found if seq < below), reverse=True))


def _of_people(
    session: Session,
    digests: Collection[str],
    conditions: Sequence[ColumnElement[bool]],
    below: int,
    limit: int,
) -> _Page:
    """Each person's newest, and of those the newest: so that one with thousands costs no more than one with a few."""
    if session.get_bind().dialect.name == "sqlite":
        query = select(Decision.seq).where(Decision.digest.in_(digests), Decision.seq < below, *conditions)
        return _Page(session.scalars(query.order_by(Decision.seq.desc()).limit(limit + 1)).all())
    person = select(func.unnest(literal(list(digests), ARRAY(Text))).label("digest")).subquery()
    theirs = (
        select(Decision.seq)
        .where(Decision.digest == person.c.digest, Decision.seq < below, *conditions)
        .order_by(Decision.digest.desc(), Decision.seq.desc())
        .limit(limit + 1)
        .lateral()
    )
    found = select(theirs.c.seq).select_from(person.join(theirs, true())).order_by(theirs.c.seq.desc())
    return _Page(session.scalars(found.limit(limit + 1)).all())


def _by_state(
    session: Session, query: Query, conditions: Sequence[ColumnElement[bool]], below: int, limit: int
) -> _Page:
    def among(seqs: Sequence[int], most: int) -> Sequence[int]:
        found = select(Decision.seq).where(Decision.seq.in_(seqs), *conditions)
        return session.scalars(found.order_by(Decision.seq.desc()).limit(most)).all()

    def chunks() -> Iterator[_Way]:
        at = below
        while seqs := unsettled(session, query.states, at, _CHUNK):
            at = seqs[-1]
            yield _Way(partial(among, seqs), at, _CHUNK / _MOST_UNSETTLED)

    return _through(chunks(), limit)


def _by_answers(
    session: Session,
    query: Query,
    workspaces: Sequence[str],
    conditions: Sequence[ColumnElement[bool]],
    below: int,
    limit: int,
) -> tuple[_Page, tuple[Note, ...]]:
    """An answer is joined to its decision for 30 days only, so there is nothing older to look for."""
    joined = Reason.decision.is_not(None)
    answers = select(Reason.decision).where(
        joined, Reason.workspace.in_(workspaces), Reason.code.in_(query.reasons)
    )
    found = session.scalars(answers.order_by(Reason.at.desc()).limit(_MOST_ANSWERS + 1)).all()
    notes = (Note("many-answers", str(_MOST_ANSWERS)),) if len(found) > _MOST_ANSWERS else ()
    named = select(Decision.seq).where(Decision.id.in_(found[:_MOST_ANSWERS]), *conditions)
    seqs = sorted((seq for seq in session.scalars(named) if seq < below), reverse=True)
    return _Page(seqs[: limit + 1]), notes


def _through(ways: Iterable[_Way], limit: int) -> _Page:
    """Looks into one part of the ledger after the other until the page is full, or has cost enough."""
    seqs: list[int] = []
    cost = 0.0
    for way in ways:
        seqs += way.find(limit + 1 - len(seqs))
        if len(seqs) > limit:
            return _Page(seqs)
        cost += way.cost
        if cost >= 1:
            return _Page(seqs, way.lowest)
    return _Page(seqs)


def _chosen(values: Collection[str]) -> ColumnElement[bool]:
    """Nobody who looks for opt-ins means what was only asked for."""
    return or_(
        (Decision.agreement != REQUESTED) & Decision.choice.in_(values),
        *(
            (Decision.agreement == REQUESTED) & (Decision.choice == "opt-in")
            for each in values
            if each == "request"
        ),
    )
