"""`GET /api/v1/decisions`, page by page, and one of them with what every destination has heard of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from resign.api import cursor
from resign.api.decisions.models import DecisionsAsked, DecisionShown, DecisionsPage, Told, Try, WholeDecision
from resign.api.desk import desk, holder
from resign.api.problems import Fault, Refused
from resign.api.taken import JSON, query
from resign.ids import reference
from resign.ledger.horizon import horizon
from resign.ledger.requested import ASKED_FOR, REQUESTED, asked_for, choice_shown
from resign.ledger.tables import Decision
from resign.outbox.tables import Attempt, MessageRow

# So many decisions are looked through for one page, however few of them the filters let through.
_LOOKED_AT = 20_000
# Whoever is about to append has done so by then, by all time limits that there are.
_SURELY_WRITTEN = timedelta(minutes=2)
_MOST_TRIES = 50
_END = (1 << 63) - 1
# Filters that are columns.
_EQUAL = ("digest", "method", "origin", "campaign")


def list_decisions() -> Response:
    asked = query(DecisionsAsked)
    page = _page(asked)
    answer = Response(page.model_dump_json(), mimetype=JSON)
    if page.more and page.next:
        onward = urlencode({**request.args, "cursor": page.next})
        answer.headers["Link"] = f'<{request.path}?{onward}>; rel="next"'
    return answer


def show_decision(decision: str) -> Response:
    try:
        wanted = UUID(decision)
    except ValueError:
        raise Refused("not-found") from None
    with desk().database.reading() as session:
        found = session.scalar(
            select(Decision).where(Decision.id == wanted, Decision.workspace == holder().workspace)
        )
        if found is None:
            raise Refused("not-found")
        told = _told(session, found.seq)
    whole = WholeDecision(**_shown(found).model_dump(), told=told)
    return Response(whole.model_dump_json(), mimetype=JSON)


def _page(asked: DecisionsAsked) -> DecisionsPage:
    after = cursor.read(asked.cursor, asked.order) if asked.cursor else None
    if asked.cursor and after is None:
        raise Refused("bad-cursor")
    for name in ("since", "before"):
        given: datetime | None = getattr(asked, name)
        if given is not None and not 1970 <= given.year < 9999:  # noqa: PLR2004 - what every database can compare
            raise Refused("bad-query", [Fault(pointer=f"/{name}", detail="This is no time that we know of")])
    here = desk()
    with here.database.reading() as session:
        if asked.order == "newest":
            return _newest(session, asked, _END if after is None else after)
        page, young = _oldest(session, asked, after or 0, _END)
    if here.database.is_sqlite or not young:
        return page
    # One with a lower number may be on its way to where we just read past.
    with here.database.writing() as session:
        end = horizon(session)
    with here.database.reading() as session:
        return _oldest(session, asked, after or 0, end)[0]


def _newest(session: Session, asked: DecisionsAsked, below: int) -> DecisionsPage:
    top = session.scalar(select(func.max(Decision.seq)).where(Decision.seq < below)) or 0
    floor = 0 if _is_of_one(asked) else max(0, top - _LOOKED_AT)
    rows = session.scalars(
        _matching(asked).where(Decision.seq <= top, Decision.seq > floor).order_by(Decision.seq.desc())
    ).all()
    page, full = rows[: asked.limit], len(rows) > asked.limit
    last = page[-1].seq if full else floor + 1
    more = full or floor > 0
    return _made(page, more, cursor.written("newest", last) if more else None)


def _oldest(session: Session, asked: DecisionsAsked, above: int, end: int) -> tuple[DecisionsPage, bool]:
    """The page, and whether what it has seen is so young that something before it may still be on its way."""
    # First of all: whatever is committed after it belongs to the next page.
    top = session.scalar(select(func.max(Decision.seq)).where(Decision.seq <= end)) or 0
    bottom = session.scalar(select(func.min(Decision.seq)).where(Decision.seq > above))
    if bottom is None or bottom > top:
        return _made((), more=False, onward=cursor.written("oldest", above)), False
    roof = top if _is_of_one(asked) else min(top, bottom + _LOOKED_AT)
    rows = session.scalars(
        _matching(asked).where(Decision.seq > above, Decision.seq <= roof).order_by(Decision.seq)
    ).all()
    page, full = rows[: asked.limit], len(rows) > asked.limit
    until = page[-1].seq if full else roof
    seen = session.execute(
        select(Decision.seq, Decision.id).where(Decision.seq <= until).order_by(Decision.seq.desc()).limit(1)
    ).one()
    more = full or top > roof
    born = seen.id.int >> 80
    young = born > (desk().clock.now() - _SURELY_WRITTEN).timestamp() * 1000
    return _made(page, more, cursor.written("oldest", seen.seq)), young


def _is_of_one(asked: DecisionsAsked) -> bool:
    """Then an index leads straight to them."""
    return asked.digest is not None


def _matching(asked: DecisionsAsked) -> Select[Decision]:
    conditions: list[ColumnElement[bool]] = [
        Decision.workspace == holder().workspace,
        *(getattr(Decision, name) == given for name in _EQUAL if (given := getattr(asked, name)) is not None),
    ]
    if asked.agreement is not None:
        # Of the newsletter also what was asked for.
        names = (ASKED_FOR, REQUESTED) if asked.agreement == ASKED_FOR else (asked.agreement,)
        conditions.append(Decision.agreement.in_(names))
    if asked.choice == "request":
        conditions += [Decision.agreement == REQUESTED, Decision.choice == "opt-in"]
    elif asked.choice is not None:
        conditions += [Decision.agreement != REQUESTED, Decision.choice == asked.choice]
    if asked.since is not None:
        conditions.append(Decision.at >= asked.since)
    if asked.before is not None:
        conditions.append(Decision.at < asked.before)
    return select(Decision).where(*conditions).limit(asked.limit + 1)


def _made(rows: Sequence[Decision], more: bool, onward: str | None) -> DecisionsPage:
    return DecisionsPage(decisions=[_shown(each) for each in rows], more=more, next=onward)


def _shown(row: Decision) -> DecisionShown:
    return DecisionShown.model_validate(
        {
            "id": row.id,
            "reference": reference(row.id),
            "profile": {"kind": row.kind, "value": row.identifier, "digest": row.digest},
            "agreement": asked_for(row.agreement),
            "choice": choice_shown(row.agreement, row.choice),
            "method": row.method,
            "at": row.at,
            "until": row.until,
            "campaign": row.campaign,
            "language": row.language,
            # What came from Synerise before decisions had an origin has it in its method.
            "origin": row.origin or ("synerise" if row.method == "synerise" else None),
            "evidence": row.evidence,
        }
    )


def _told(session: Session, seq: int) -> list[Told]:
    messages = session.scalars(
        select(MessageRow).where(MessageRow.decision_seq == seq).order_by(MessageRow.destination)
    ).all()
    return [
        Told(
            destination=each.destination, state=each.state, accepted_at=each.accepted_at,
            confirmed_at=each.confirmed_at, tries=_tries(session, each.id),
        )
        for each in messages
    ]  # fmt: skip


def _tries(session: Session, message: int) -> list[Try]:
    rows = session.execute(
        select(Attempt.at, Attempt.phase, Attempt.outcome)
        .where(Attempt.message_id == message)
        .order_by(Attempt.id.desc())
        .limit(_MOST_TRIES)
    )
    return [Try(at=row.at, phase=row.phase, outcome=row.outcome) for row in rows]
