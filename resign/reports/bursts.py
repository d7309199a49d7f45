"""Scanner bursts: ten people of one recipient domain opt out within a minute. They are flagged; nothing is undone."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, exists, func, select, update
from sqlalchemy.orm import Session

from resign.ledger.tables import Decision
from resign.reports.changes import inserting
from resign.reports.facts import Fact
from resign.reports.tables import Burst, BurstMember, WatchedOptOut

LEAST = 10
WITHIN = timedelta(seconds=60)
_METHODS = {"page", "one-click"}
# What comes later than this after its neighbours is no longer seen beside them.
_WATCHED_FOR = timedelta(minutes=10)
_PART = 1_000
# Of so many at each side of the new ones no more need be known where ten people are among them: whoever lay in a minute
# with more than these did so without the new ones, and was found then.
_NEAREST = 200
_WATCHED = [column.name for column in WatchedOptOut.__table__.columns]
_FORGOTTEN_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Group:
    """Opt-outs that make a burst, or lengthen the one that `known` names."""

    opt_outs: Sequence[WatchedOptOut]
    domain: str | None
    known: int | None


@dataclass(frozen=True, slots=True)
class Flagged:
    watched: list[WatchedOptOut] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    forget_before: datetime | None = None
    # Bursts whose last address is gone, so that the domain goes too.
    nameless: list[int] = field(default_factory=list)


def find(session: Session, new: Iterable[Fact], digest_keys: Mapping[str, bytes]) -> Flagged:
    """`new` are decisions that are counted for the first time. Other identifiers than addresses have no domain."""
    domains: dict[str, str] = {}
    watched: list[WatchedOptOut] = []
    for fact in new:
        decision = fact.decision
        key = digest_keys.get(decision.workspace)
        if decision.choice != "opt-out" or decision.method not in _METHODS or decision.kind != "email":
            continue
        if decision.identifier is None or key is None:
            continue
        domain = decision.identifier.rpartition("@")[2].lower()
        digest = domain_digest(key, domain)
        domains[digest] = domain
        watched.append(
            WatchedOptOut(
                decision_seq=decision.seq,
                workspace=decision.workspace,
                domain_digest=digest,
                person=decision.digest,
                at=decision.at,
                campaign=decision.campaign,
            )
        )
    if not watched:
        return Flagged(nameless=_nameless(session))
    groups = [
        Group(found, domains[found[0].domain_digest], _known(session, found))
        for together in _neighbours(session, watched)
        for found in dense(together)
    ]
    before = min(each.at for each in watched) - _WATCHED_FOR
    rows = [{name: getattr(each, name) for name in _WATCHED} for each in watched]
    return Flagged(watched, rows, groups, before, _nameless(session))


def domain_digest(key: bytes, domain: str) -> str:
    """Keyed, like a profile's digest: a domain of one person's own would name that person."""
    return hmac.digest(key, f"domain:{domain}".encode(), hashlib.sha256).hex()[:32]


def dense(opt_outs: Sequence[WatchedOptOut]) -> list[list[WatchedOptOut]]:
    """The runs in which every opt-out lies in some minute with ten people. `opt_outs` in the order of time."""
    people: Counter[str] = Counter()
    inside = [False] * len(opt_outs)
    begin = covered = 0
    for end, last in enumerate(opt_outs):
        people[last.person] += 1
        while last.at - opt_outs[begin].at > WITHIN:
            gone = opt_outs[begin].person
            people[gone] -= 1
            if not people[gone]:
                del people[gone]
            begin += 1
        if len(people) >= LEAST:
            for position in range(max(begin, covered), end + 1):
                inside[position] = True
            covered = end + 1
    found: list[list[WatchedOptOut]] = []
    for position, opt_out in enumerate(opt_outs):
        if not inside[position]:
            continue
        goes_on = position > 0 and inside[position - 1] and opt_out.at - opt_outs[position - 1].at <= WITHIN
        if goes_on:
            found[-1].append(opt_out)
        else:
            found.append([opt_out])
    return found


def write(session: Session, flagged: Flagged) -> None:
    """The caller holds the rollups' turn, and commits."""
    if flagged.watched:
        session.execute(inserting(session, WatchedOptOut).on_conflict_do_nothing(), flagged.rows)
        # Each look adds a quarter of this, so that it keeps up; all of a large burst at once would hold up the presses.
        old = select(WatchedOptOut.decision_seq).where(WatchedOptOut.at < flagged.forget_before)
        few = old.order_by(WatchedOptOut.at).limit(_FORGOTTEN_AT_ONCE)
        session.execute(delete(WatchedOptOut).where(WatchedOptOut.decision_seq.in_(few)))
    for group in flagged.groups:
        _keep(session, group)
    if flagged.nameless:
        session.execute(update(Burst).where(Burst.id.in_(flagged.nameless)).values(domain=None))


def _keep(session: Session, group: Group) -> None:
    first, last = group.opt_outs[0], group.opt_outs[-1]
    seqs = [each.decision_seq for each in group.opt_outs]
    held = set(session.scalars(select(BurstMember.decision_seq).where(BurstMember.decision_seq.in_(seqs))))
    added = [seq for seq in seqs if seq not in held]
    if not added:
        return
    campaigns = {each.campaign for each in group.opt_outs}
    campaign = next(iter(campaigns)) if len(campaigns) == 1 else None
    number = group.known
    if number is None:
        burst = Burst(
            workspace=first.workspace,
            domain_digest=first.domain_digest,
            domain=group.domain,
            first_at=first.at,
            last_at=last.at,
            opt_outs=len(added),
            campaign=campaign,
        )
        session.add(burst)
        session.flush()
        number = burst.id
    else:
        session.execute(
            update(Burst)
            .where(Burst.id == number)
            .values(
                first_at=case((Burst.first_at > first.at, first.at), else_=Burst.first_at),
                last_at=case((Burst.last_at < last.at, last.at), else_=Burst.last_at),
                opt_outs=Burst.opt_outs + len(added),
                campaign=case((Burst.campaign == campaign, Burst.campaign), else_=None),
            )
            .execution_options(synchronize_session=False)
        )
    session.execute(
        inserting(session, BurstMember), [{"decision_seq": seq, "burst_id": number} for seq in added]
    )


def _neighbours(session: Session, watched: Sequence[WatchedOptOut]) -> Iterable[list[WatchedOptOut]]:
    """By workspace and domain the new ones together with those of the last minutes, in the order of time."""
    together: dict[tuple[str, str], dict[int, WatchedOptOut]] = {}
    for each in watched:
        together.setdefault((each.workspace, each.domain_digest), {})[each.decision_seq] = each
    digests = sorted({digest for _, digest in together})
    earliest, latest = min(each.at for each in watched), max(each.at for each in watched)
    lately = WatchedOptOut.at.between(earliest - WITHIN, latest + WITHIN)
    for begin in range(0, len(digests), _PART):
        of_them = (WatchedOptOut.domain_digest.in_(digests[begin : begin + _PART]), lately)
        many = _many(session, of_them)
        few = select(WatchedOptOut).where(*of_them, WatchedOptOut.domain_digest.not_in(many))
        for each in session.scalars(few):
            if (each.workspace, each.domain_digest) in together:
                together[each.workspace, each.domain_digest].setdefault(each.decision_seq, each)
        for (workspace, digest), group in together.items():
            if digest in many:
                near = _nearest(session, workspace, digest, list(group.values()))
                group.update({each.decision_seq: each for each in near if each.decision_seq not in group})
    for group in together.values():
        if len(group) >= LEAST:
            yield sorted(group.values(), key=lambda each: (each.at, each.decision_seq))


def _many(session: Session, of_them: tuple[ColumnElement[bool], ...]) -> set[str]:
    """The domains of which there are so many that not all of them are to be read."""
    digest = WatchedOptOut.domain_digest
    many = select(digest).where(*of_them).group_by(digest).having(func.count() > 2 * _NEAREST)
    return set(session.scalars(many))


def _nearest(
    session: Session, workspace: str, digest: str, new: Sequence[WatchedOptOut]
) -> Iterator[WatchedOptOut]:
    """Those between the new ones, and beside them the nearest, or all of the minute where they are few people's."""
    first, last = min(each.at for each in new), max(each.at for each in new)
    at = WatchedOptOut.at
    theirs = select(WatchedOptOut).where(
        WatchedOptOut.workspace == workspace, WatchedOptOut.domain_digest == digest
    )
    yield from session.scalars(theirs.where(at.between(first, last)))
    for side in (
        theirs.where(at.between(first - WITHIN, first)).order_by(at.desc()),
        theirs.where(at.between(last, last + WITHIN)).order_by(at),
    ):
        nearest = session.scalars(side.limit(_NEAREST)).all()
        is_enough = len({each.person for each in nearest}) >= LEAST or len(nearest) < _NEAREST
        yield from nearest if is_enough else session.scalars(side)


def _known(session: Session, group: Sequence[WatchedOptOut]) -> int | None:
    """The burst that these belong to already, or that lies beside them within a minute."""
    beside = select(Burst.id).where(
        Burst.workspace == group[0].workspace,
        Burst.domain_digest == group[0].domain_digest,
        Burst.first_at <= group[-1].at + WITHIN,
        Burst.last_at >= group[0].at - WITHIN,
    )
    return session.scalar(beside.order_by(Burst.id).limit(1))


def _nameless(session: Session) -> list[int]:
    named = exists().where(
        BurstMember.burst_id == Burst.id,
        Decision.seq == BurstMember.decision_seq,
        Decision.identifier.is_not(None),
    )
    return list(session.scalars(select(Burst.id).where(Burst.domain.is_not(None), ~named).limit(_PART)))
