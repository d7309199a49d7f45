"""Breaks: an opt-out with an end, and what happens on that day."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, tzinfo
from typing import cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from resign.ledger.decision import END_OF_A_BREAK, decide
from resign.ledger.directly import append, stop_others
from resign.ledger.hashed import suppressed
from resign.ledger.newest import last_said_yes, outs_since_last_opt_in
from resign.ledger.standings import standings
from resign.ledger.tables import Consent, Decision, Pause
from resign.profile import Kind, Profile

_MOST_AT_ONCE = 200


def end_of(months: int, now: datetime, zone: tzinfo) -> datetime:
    """The beginning of the same day so many months on, or of the month's last day where it has no such day.

    It has begun in the workspace's `zone` then, so that nobody is mailed on the evening before, and in UTC, in which
    pages name it.
    """
    today = now.astimezone(zone).date()
    year, month = divmod(today.month - 1 + months, 12)
    year, month = today.year + year, month + 1
    day = datetime(year, month, min(today.day, monthrange(year, month)[1]), tzinfo=UTC)
    return max(day, day.replace(tzinfo=zone).astimezone(UTC))


def any_over(session: Session, now: datetime, workspaces: Collection[str]) -> bool:
    return session.scalar(_due(now, workspaces).with_only_columns(Pause.decision_seq).limit(1)) is not None


def end(session: Session, now: datetime, digest_keys: Mapping[str, bytes]) -> int:
    """Ends the breaks that are over: whoever decided nothing else meanwhile is in again. The caller commits.

    Only breaks may lie between the person's last opt-in and now: one opt-out without an end, made before, between
    or after them, and they stay out; so does whoever is on a list of hashes and never said yes since. A workspace that
    is not in the settings (no key) keeps its breaks. Whoever retention has made nameless stays out too: there is nobody
    left to switch on.
    """
    due = _due(now, digest_keys).limit(_MOST_AT_ONCE).with_for_update(skip_locked=True)
    pauses = session.scalars(due).all()
    if not pauses:
        return 0
    # Nobody may press meanwhile: their opt-out would count as older than the end of their break.
    stop_others(session)
    for pause in pauses:
        begun = session.get_one(Decision, pause.decision_seq)
        outcome = "overtaken"
        if _ends(session, begun, digest_keys[begun.workspace]):
            outcome = "resumed" if begun.identifier is not None else "nameless"
        if outcome == "resumed" and begun.identifier is not None:
            resumed = decide(
                workspace=begun.workspace,
                digest_key=digest_keys[begun.workspace],
                profile=Profile(cast("Kind", begun.kind), begun.identifier),
                agreement=begun.agreement,
                choice="opt-in",
                method="page",
                actor=END_OF_A_BREAK,
                at=now,
                campaign=begun.campaign,
                language=begun.language,
            )
            append(session, [resumed])
        pause.closed_at, pause.outcome = now, outcome
    return len(pauses)


def will_end(session: Session, seq: int, digest_key: bytes, now: datetime) -> bool:
    """Whether the break that began with the decision `seq` ends by itself, as far as anybody can tell today."""
    begun, pause = session.get_one(Decision, seq), session.get(Pause, seq)
    is_over = begun.until is None or begun.until <= now or (pause is not None and pause.closed_at is not None)
    return not is_over and _ends(session, begun, digest_key)


def _ends(session: Session, begun: Decision, digest_key: bytes) -> bool:
    outs = outs_since_last_opt_in(session, begun.workspace, begun.digest, begun.agreement)
    goes_on = bool(outs) and outs[0].seq == begun.seq and all(out.until is not None for out in outs)
    return goes_on and not _out_by_another_link(session, begun) and not _on_a_list(session, begun, digest_key)


def _out_by_another_link(session: Session, begun: Decision) -> bool:
    """Whether the same person, under another identifier, is out without an end: by an address that was read back."""
    own = select(Consent.email_digest).where(
        Consent.workspace == begun.workspace,
        Consent.digest == begun.digest,
        Consent.email_digest.is_not(None),
    )
    addresses = {begun.digest, *session.scalars(own)}
    shared = select(Consent.digest).where(
        Consent.workspace == begun.workspace, Consent.email_digest.in_(addresses)
    )
    others = (addresses | {*session.scalars(shared)}) - {begun.digest}
    found = (
        standings(session, begun.workspace, digest, [begun.agreement]).get(begun.agreement)
        for digest in others
    )
    return any(each is not None and each.choice == "opt-out" and each.until is None for each in found)


def _on_a_list(session: Session, begun: Decision, digest_key: bytes) -> bool:
    """When they left there the list does not say, only when it came: it overrules each yes from before that."""
    read_back = select(Consent.email).where(
        Consent.workspace == begun.workspace, Consent.digest == begun.digest, Consent.email.is_not(None)
    )
    profiles = {Profile("email", address) for address in session.scalars(read_back) if address}
    if begun.identifier is not None:
        profiles.add(Profile(cast("Kind", begun.kind), begun.identifier))
    listed = suppressed(session, begun.workspace, digest_key, profiles, [begun.agreement])
    if not listed:
        return False
    said_yes = last_said_yes(session, begun.workspace, begun.digest, begun.agreement)
    return said_yes is None or said_yes <= max(listed.values())


def _due(now: datetime, workspaces: Collection[str]) -> Select[Pause]:
    over = (Pause.closed_at.is_(None), Pause.ends_at <= now, Pause.workspace.in_(workspaces))
    return select(Pause).where(*over).order_by(Pause.ends_at)
