"""Where in the ledger to look for what filters ask: the stretches that hold all of it, the newest first."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import BigInteger, ColumnElement, Select, exists, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from resign.ledger.tables import Decision
from resign.search.days import at_the_widest
from resign.search.query import Query
from resign.search.tables import LONG_BITS, STRETCH_BITS, LongStretch, SearchCursor, Stretch, StretchMark

# So many stretches are asked for at once.
_LISTED = 64
# A page looks first into two at once, then into twice as many each time: mostly the newest have enough, and where
# they do not, a question for each would take longer than what it reads.
_FIRST, _MOST_AT_ONCE = 2, 64
# What has come since the index was last written is looked through too, but not a whole ledger.
_MOST_AHEAD = 64


@dataclass(frozen=True, slots=True)
class Part:
    """Some stretches of the ledger, as ranges of seqs, both ends with them."""

    ranges: tuple[tuple[int, int], ...]
    stretches: int

    @property
    def low(self) -> int:
        return min(low for low, _ in self.ranges)


def is_behind(session: Session) -> bool:
    """More decisions wait for the index than a page looks through."""
    seen, newest = _ends(session)
    return newest - seen > _MOST_AHEAD << STRETCH_BITS


def has_read(session: Session, seq: int) -> bool:
    """Whether the index knows all decisions up to this one."""
    return _ends(session)[0] >= seq


def holding(session: Session, query: Query, workspaces: Collection[str], below: int) -> Iterator[Part]:
    """What the filters may be found in, the newest first."""
    found = _stretches(session, query, workspaces, below)
    size = _FIRST
    while several := list(islice(found, size)):
        ranges = [(low, min(high, below - 1)) for low, high in _ranges(several)]
        yield Part(tuple(ranges), len(several))
        size = min(2 * size, _MOST_AT_ONCE)


def within(
    session: Session, part: Part, conditions: Sequence[ColumnElement[bool]], most: int
) -> Sequence[int]:
    """So many seqs of the part that meet the conditions, the newest first.

    The ranges are a table, and each is looked up by itself: of many ranges joined by OR, or of their order, both
    engines make a walk through the whole ledger.
    """
    if session.get_bind().dialect.name == "sqlite":
        ranges = func.json_each(json.dumps(part.ranges)).table_valued("value", name="ranges")
        low, high = (func.json_extract(ranges.c.value, f"$[{end}]") for end in (0, 1))
        query = select(Decision.seq).select_from(ranges).join(Decision, Decision.seq.between(low, high))
        # The sum keeps SQLite from taking the order from the table of decisions.
        found = query.where(*conditions).order_by((Decision.seq + 0).desc())
        return session.scalars(found.limit(most)).all()
    lows, highs = (literal(list(ends), ARRAY(BigInteger)) for ends in zip(*part.ranges, strict=True))
    ranges = func.unnest(lows, highs).table_valued("low", "high", name="ranges").render_derived()
    inside = (
        select(Decision.seq)
        .where(Decision.seq.between(ranges.c.low, ranges.c.high), *conditions)
        .order_by(Decision.seq.desc())
        .limit(most)
        .lateral()
    )
    query = select(inside.c.seq).select_from(ranges.join(inside, true()))
    return session.scalars(query.order_by(inside.c.seq.desc()).limit(most)).all()


def _stretches(session: Session, query: Query, workspaces: Collection[str], below: int) -> Iterator[int]:
    """First of all what the index has not read yet; the stretch that it is in may lack its last marks."""
    seen, newest = _ends(session)
    top = min(newest, below - 1) >> STRETCH_BITS
    ahead = seen >> STRETCH_BITS
    yield from range(top, max(ahead - 1, top - _MOST_AHEAD), -1)
    for low, high in _windows(session, query, workspaces, min(ahead, top + 1)):
        before = min(high + 1, ahead, top + 1)
        while found := session.scalars(_listed(query, workspaces, low, before)).all():
            yield from found
            before = found[-1]


def _windows(
    session: Session, query: Query, workspaces: Collection[str], before: int
) -> Iterator[tuple[int, int]]:
    """Between which stretches to look, both with them: where days were typed, only where long ones have them."""
    days = _within_days(LongStretch, query)
    if not days:
        yield 0, before
        return
    row, behind = LongStretch, (before >> LONG_BITS) + 1
    while found := session.scalars(_next_of(row, [row.workspace.in_(workspaces), *days], 0, behind)).all():
        yield from _ranges(found, LONG_BITS)
        behind = found[-1]


def _ranges(stretches: Sequence[int], bits: int = STRETCH_BITS) -> Iterator[tuple[int, int]]:
    """Stretches that lie side by side are one range: it is read backwards, and no further than the page needs."""
    low = high = stretches[0]
    for stretch in stretches[1:]:
        if stretch != low - 1:
            yield low << bits, (high + 1 << bits) - 1
            high = stretch
        low = stretch
    yield low << bits, (high + 1 << bits) - 1


def _listed(query: Query, workspaces: Collection[str], low: int, before: int) -> Select[int]:
    """By one mark's own rows, in their order, and by the others as conditions; without marks by the stretches."""
    marks = iter(query.marks.items())
    first = next(marks, None)
    if first is None:
        here = [Stretch.workspace.in_(workspaces), *_within_days(Stretch, query)]
        return _next_of(Stretch, here, low, before)
    row = aliased(StretchMark)
    conditions = [row.workspace.in_(workspaces), row.name == first[0], row.value.in_(first[1])]
    for name, values in marks:
        other = aliased(StretchMark)
        conditions.append(
            exists().where(
                other.workspace == row.workspace, other.stretch == row.stretch,
                other.name == name, other.value.in_(values),
            )
        )  # fmt: skip
    if query.after or query.before:
        days = _within_days(Stretch, query)
        conditions.append(
            exists().where(Stretch.workspace == row.workspace, Stretch.stretch == row.stretch, *days)
        )
    return _next_of(row, conditions, low, before)


def _next_of(
    row: type[Stretch] | type[LongStretch] | type[StretchMark],
    conditions: Sequence[ColumnElement[bool]],
    low: int,
    before: int,
) -> Select[int]:
    listed = select(row.stretch).where(*conditions, row.stretch >= low, row.stretch < before)
    return listed.distinct().order_by(row.stretch.desc()).limit(_LISTED)


def _within_days(
    row: type[Stretch] | type[LongStretch], query: Query
) -> list[ColumnElement[bool]]:  # fmt: skip
    after, before = at_the_widest(query)
    return [
        *([row.latest >= after] if after else []),
        *([row.earliest < before] if before else []),
    ]


def _ends(session: Session) -> tuple[int, int]:
    seen = session.scalar(select(SearchCursor.seen).where(SearchCursor.feed == "decisions")) or 0
    return seen, session.scalar(select(func.max(Decision.seq))) or 0
