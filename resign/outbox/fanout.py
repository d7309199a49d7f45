"""From owed decisions to messages and consents: one transaction, which can be repeated after any crash."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.ledger import ALL
from resign.ledger.requested import ASKED_FOR, REQUESTED, asked_for, is_request
from resign.ledger.tables import Consent, Decision, Pause, is_owed, is_owed_to_somebody_waiting
from resign.outbox.contract import UPLOADS
from resign.outbox.heard import Told, heard_an_opt_in_last
from resign.outbox.stopping import stop_the_rest
from resign.outbox.tables import LIVE, MessageRow
from resign.profile import Profile

MOST_AT_ONCE = 500
FAN_OUT_LOCK = 0x7265_7369  # any number, as long as nothing else in this database locks it

# The one system that is asked what a profile says; its name was the decision's method before there was an origin.
SYNERISE = "synerise"

# Destinations by workspace, origin and agreement of a decision: those that are owed a message of it, or those that
# lead to the very system that it came from.
OwedTo = Callable[[str, str | None, str], Sequence[str]]
DigestKey = Callable[[str], bytes]


def fan_out(
    session: Session,
    workspaces: Collection[str],
    owed_to: OwedTo,
    digest_key: DigestKey,
    now: datetime,
    ways_to: OwedTo = lambda _workspace, origin, _agreement: [origin] if origin else [],
) -> int:
    """Takes owed decisions of these workspaces, oldest first; returns how many. The caller commits.

    A decision that came from another system is owed to nobody there: told back, it would come round again (D7). Only
    an opt-out is where an opt-in of ours may land after it.
    """
    owed = _take(session, workspaces) if _alone(session) else ()
    if not owed:
        return 0
    prior = _fill_in_prior(session, owed)
    _write_consents(session, owed)
    theirs = [ways_to(decision.workspace, origin_of(decision), decision.agreement) for decision in owed]
    heard_last = heard_an_opt_in_last(session, owed, theirs)
    messages = [
        _message(decision, destination, digest_key, now)
        for decision, own in zip(owed, theirs, strict=True)
        for destination in (
            *owed_to(decision.workspace, origin_of(decision), decision.agreement),
            *_told_back(decision, own, heard_last),
        )
    ]
    if messages:
        _supersede_older(session, messages)
        session.execute(_insert(session, MessageRow).on_conflict_do_nothing(), messages)
    _withdraw(session, owed, prior, theirs)
    _look_after(session, owed, prior, theirs, heard_last, digest_key, now)
    _note_pauses(session, owed)
    stop_the_rest(session, owed)
    return len(owed)


def _alone(session: Session) -> bool:
    """One worker fans out at a time: two could each write a message of one subject, and neither see the other's.

    On SQLite the writer is alone anyway. The lock ends with the transaction, also when the worker dies.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(FAN_OUT_LOCK))))


def _take(session: Session, workspaces: Collection[str]) -> Sequence[Row[tuple[Decision]]]:
    """In the order of their seq. What people pressed comes before what another system uploads, however much that is."""
    columns = Decision.__table__.c
    oldest = select(*columns).where(columns.workspace.in_(workspaces)).order_by(columns.seq)
    pressed = session.execute(oldest.where(is_owed_to_somebody_waiting()).limit(MOST_AT_ONCE)).all()
    uploaded = is_owed() & columns.method.in_(UPLOADS)
    taken = [*pressed, *session.execute(oldest.where(uploaded).limit(MOST_AT_ONCE - len(pressed)))]
    if pressed:
        # Each person's come in order, or where they stood before would be told wrongly.
        theirs = columns.digest.in_({row.digest for row in pressed}) & (columns.seq < pressed[-1].seq)
        taken += session.execute(oldest.where(uploaded, theirs).limit(MOST_AT_ONCE))
    return sorted({row.seq: row for row in taken}.values(), key=lambda row: row.seq)


def _fill_in_prior(session: Session, owed: Sequence[Row[tuple[Decision]]]) -> list[str | None]:
    """Clears the mark, and writes down where each person stood just before (C1); returns it, too."""
    digests = {decision.digest for decision in owed}
    stood = {
        (row.workspace, row.digest, row.agreement): row.choice
        for row in session.execute(
            select(Consent.workspace, Consent.digest, Consent.agreement, Consent.choice).where(
                Consent.digest.in_(digests)
            )
        )
    }
    changes = []
    for decision in owed:
        who = (decision.workspace, decision.digest, asked_for(decision.agreement))
        changes.append({"key": decision.seq, "before": stood.get(who)})
        if not is_request(decision.agreement):
            stood[who] = decision.choice
    table = Decision.__table__
    session.connection().execute(
        update(Decision).where(table.c.seq == bindparam("key")).values(prior=bindparam("before"), owed=False),
        changes,
    )
    return [change["before"] for change in changes]


def origin_of(decision: Any) -> str | None:  # noqa: ANN401 - a row of decisions
    origin: str | None = decision.origin
    return origin or (SYNERISE if decision.method == SYNERISE else None)


def _told_back(
    decision: Row[tuple[Decision]], own: Sequence[str], heard_last: Collection[Told]
) -> Sequence[str]:
    """Synerise is not: it is looked at."""
    if origin_of(decision) == SYNERISE:
        return ()
    return [destination for destination in own if (decision.seq, destination) in heard_last]


def _withdraw(
    session: Session,
    owed: Sequence[Row[tuple[Decision]]],
    prior: Sequence[str | None],
    theirs: Sequence[Sequence[str]],
) -> None:
    """Older messages of the same person that must not be told any more, although none of ours replaces them.

    An opt-in that was committed after what overtook it has nothing older in its way, and is not told either.
    What a destination decided itself is not told back to it, but ends what was still on its way there. And an
    opt-out ends an opt-in under any spelling of the address: if the destination takes both spellings for one
    profile, that opt-in could land last. "Everything" ends every opt-in, also of an agreement that it was not written for.
    A request ends with anything that is decided on what it asks for.
    """
    table = MessageRow.__table__
    anything = (
        Decision.workspace == bindparam("w"),
        Decision.digest == bindparam("g"),
        Decision.seq < bindparam("q"),
    )
    person = (*anything, Decision.agreement == bindparam("a"))
    about = [
        ({"w": d.workspace, "g": d.digest, "a": d.agreement, "q": d.seq}, d, before)
        for d, before in zip(owed, prior, strict=True)
    ]
    opted_in = [row for row, d, before in about if d.choice == "opt-out" and before == "opt-in"]
    everything = [
        {"w": d.workspace, "g": d.digest, "q": d.seq}
        for d in owed
        if d.choice == "opt-out" and d.agreement == ALL
    ]
    answered = [{"w": d.workspace, "g": d.digest, "q": d.seq} for d in owed if d.agreement == ASKED_FOR]
    late = [{"q": d.seq} for d in owed if d.choice == "opt-in"]
    from_there = [
        {**row, "d": destination}
        for (row, *_), several in zip(about, theirs, strict=True)
        for destination in several
    ]
    for rows, only in (
        (
            opted_in,
            (table.c.decision_seq.in_(select(Decision.seq).where(*person, Decision.choice == "opt-in")),),
        ),
        (
            everything,
            (table.c.decision_seq.in_(select(Decision.seq).where(*anything, Decision.choice == "opt-in")),),
        ),
        (
            answered,
            (
                table.c.decision_seq.in_(
                    select(Decision.seq).where(*anything, Decision.agreement == REQUESTED)
                ),
            ),
        ),
        (
            late,
            (
                table.c.decision_seq.in_(
                    select(Decision.seq).where(Decision.seq == bindparam("q"), _is_out_by_now())
                ),
            ),
        ),
        (
            from_there,
            (
                table.c.decision_seq.in_(select(Decision.seq).where(*person)),
                table.c.destination == bindparam("d"),
            ),
        ),
    ):
        if rows:
            live = or_(*(table.c.state == state for state in LIVE))
            withdrawn = update(MessageRow).where(*only, live).values(state="superseded")
            session.connection().execute(withdrawn, rows)


def _is_out_by_now() -> ColumnElement[bool]:
    return exists().where(
        Consent.workspace == Decision.workspace,
        Consent.digest == Decision.digest,
        or_(
            Consent.agreement == Decision.agreement,
            (Decision.agreement == REQUESTED) & (Consent.agreement == ASKED_FOR),
        ),
        Consent.decision_seq > Decision.seq,
        Consent.choice == "opt-out",
    ).correlate(Decision)  # fmt: skip


def _look_after(
    session: Session,
    owed: Sequence[Row[tuple[Decision]]],
    prior: Sequence[str | None],
    theirs: Sequence[Sequence[str]],
    heard_last: Collection[Told],
    digest_key: DigestKey,
    now: datetime,
) -> None:
    """An opt-out that Synerise decided while our opt-in was on its way there: it is looked at, not told.

    The opt-in may be in Synerise's own queue and take effect last; then what it says is no echo, and the
    opt-out is told.
    """
    looks = [
        {**_message(decision, destination, digest_key, now), "state": "accepted", "accepted_at": now}
        for decision, before, several in zip(owed, prior, theirs, strict=True)
        if origin_of(decision) == SYNERISE and decision.choice == "opt-out"
        for destination in several
        if before == "opt-in" or (decision.seq, destination) in heard_last
    ]
    if looks:
        session.execute(_insert(session, MessageRow).on_conflict_do_nothing(), looks)


def _note_pauses(session: Session, owed: Sequence[Row[tuple[Decision]]]) -> None:
    """What ends by itself is written down, for the chore that ends it."""
    pauses = [
        {"decision_seq": decision.seq, "workspace": decision.workspace, "ends_at": decision.until}
        for decision in owed
        if decision.until is not None
    ]
    if pauses:
        session.execute(_insert(session, Pause).on_conflict_do_nothing(), pauses)


def _write_consents(session: Session, owed: Sequence[Row[tuple[Decision]]]) -> None:
    """Of requests there is none: nobody may take one for a consent."""
    # Later ones replace earlier ones.
    newest = {(d.workspace, d.digest, d.agreement): d for d in owed if not is_request(d.agreement)}
    if not newest:
        return
    insert = _insert(session, Consent)
    changed = {
        name: case((insert.excluded.decision_seq > Consent.decision_seq, insert.excluded[name]), else_=column)
        for name, column in (
            ("choice", Consent.choice),
            ("since", Consent.since),
            ("decision_seq", Consent.decision_seq),
        )
    }
    # In one fixed order: two workers that upsert the same people in different orders would deadlock.
    rows = [
        {
            "workspace": d.workspace,
            "digest": d.digest,
            "agreement": d.agreement,
            "choice": d.choice,
            "decision_seq": d.seq,
            "since": d.at,
        }
        for _, d in sorted(newest.items())
    ]
    session.execute(
        insert.on_conflict_do_update(index_elements=["workspace", "digest", "agreement"], set_=changed), rows
    )


def _supersede_older(session: Session, messages: list[dict[str, Any]]) -> None:
    """Whatever is still owed about the same subject is overtaken; what is in flight stays fenced by its lease.

    Decisions may arrive out of order: one with a lower `seq` can be committed later. Then it is the one overtaken.
    """
    table = MessageRow.__table__
    known = session.execute(
        select(table.c.subject, table.c.agreement, table.c.destination, func.max(table.c.decision_seq))
        .where(table.c.subject.in_({m["subject"] for m in messages}))
        .group_by(table.c.subject, table.c.agreement, table.c.destination)
    )
    highest = {(subject, agreement, destination): seq for subject, agreement, destination, seq in known}
    newest = {}
    for message in messages:  # they come in the order of their seq
        about = (message["subject"], message["agreement"], message["destination"])
        if message["decision_seq"] > highest.get(about, 0):
            newest[about] = message
    for message in messages:
        about = (message["subject"], message["agreement"], message["destination"])
        if newest.get(about) is not message:
            message["state"] = "superseded"
    if not newest:
        return
    session.connection().execute(
        update(MessageRow)
        .where(
            table.c.subject == bindparam("s"),
            table.c.agreement == bindparam("a"),
            table.c.destination == bindparam("d"),
            table.c.decision_seq < bindparam("q"),
            or_(*(table.c.state == state for state in LIVE)),  # IN cannot be sent for many rows at once
        )
        .values(state="superseded"),
        [
            {"s": m["subject"], "a": m["agreement"], "d": m["destination"], "q": m["decision_seq"]}
            for m in sorted(newest.values(), key=lambda m: str(m["subject"]))
        ],
    )


def _message(
    decision: Row[tuple[Decision]], destination: str, digest_key: DigestKey, now: datetime
) -> dict[str, Any]:
    profile = Profile(decision.kind, decision.identifier)
    return {
        "decision_seq": decision.seq,
        "destination": destination,
        "workspace": decision.workspace,
        "subject": profile.subject(digest_key(decision.workspace)),
        "agreement": decision.agreement,
        "state": "owed",
        "due_at": now,
        # What another system uploads may have been decided years ago; nobody is late with it before it came.
        "owed_since": now if decision.method in UPLOADS else decision.at,
        "yields": decision.method in UPLOADS,
    }


def _insert(session: Session, table: type[MessageRow] | type[Consent] | type[Pause]) -> Any:  # noqa: ANN401 - two dialects, one shape
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
