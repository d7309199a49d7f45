"""Statements of another system, many at a time: weighed against the ledger, and what holds is appended to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resign.db.planning import plan_by_index
from resign.ledger.arriving import Statement, Verdict, weigh, weigh_request
from resign.ledger.decision import ALL, Choice, Method, NewDecision, decide
from resign.ledger.directly import append, stop_others, stop_the_lonely
from resign.ledger.hashed import suppressed
from resign.ledger.newest import COLUMNS, Newest
from resign.ledger.requested import asked_for, is_request
from resign.ledger.tables import Consent, Decision

# More at once would keep people waiting who press meanwhile.
MOST_AT_ONCE = 500
# So many are looked up by an index in any case.
_FEW = 10
Who = tuple[str, str]  # digest, agreement
# What a dry run has found so far would stand, of the digests and agreements that are asked for.
Pretended = Callable[[set[str], Sequence[str]], Mapping[Who, Newest]]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of one statement. `decision` is the one that was recorded; `held` the one that stood before, if any.

    `digest` is the person's.
    """

    verdict: Verdict
    decision: UUID | None = None
    held: Newest | None = None
    digest: str = ""


def upload(  # noqa: PLR0913 - a decision is its evidence; leaving one out must be a choice
    session: Session,
    workspace: str,
    digest_key: bytes,
    statements: Sequence[Statement],
    *,
    method: Method,
    actor: str,
    origin: str | None,
    now: datetime,
    dry: bool = False,
    pretended: Pretended | None = None,
) -> list[Uploaded]:
    """One for each statement, in their order; up to MOST_AT_ONCE of them. The caller commits, at once.

    Later ones of the same person are weighed against the earlier. With `dry` nothing is written, and the same is said;
    `pretended` is then what earlier uploads would have written.
    "Everything" can only be opted out of: it is said last, after the same of each agreement that there is.
    """
    if any(each.agreement == ALL and each.choice != "opt-out" for each in statements):
        raise ValueError("nobody opts in to everything")
    about = {statement.agreement for statement in statements}
    agreements = sorted(about | {asked_for(agreement) for agreement in about})
    digests = [statement.profile.digest(digest_key) for statement in statements]
    if len(digests) > _FEW:
        plan_by_index(session)
    if not dry:
        _hold_others(session, statements)
    opted_in = [
        (statement.profile, digest)
        for statement, digest in zip(statements, digests, strict=True)
        if statement.choice == "opt-in"
    ]
    stands = _Stands(
        standing=_standings(session, workspace, set(digests), agreements, pretended),
        others=(others := _others(session, workspace, [digest for _, digest in opted_in])),
        elsewhere=_outs_of(session, workspace, others, agreements, pretended),
        agreements=agreements,
    )
    hashed = suppressed(session, workspace, digest_key, [profile for profile, _ in opted_in], agreements)
    # Where nobody does, no statement is weighed against an earlier one.
    come_again = len(set(digests)) < len(digests)
    decided: list[NewDecision] = []
    found = []
    for statement, digest in zip(statements, digests, strict=True):
        wanted = asked_for(statement.agreement)
        held = stands.held(statement.choice, digest, wanted)
        listed = hashed.get((statement.profile, wanted))
        if is_request(statement.agreement):
            asked = stands.standing.get((digest, statement.agreement))
            verdict = weigh_request(statement, held, asked, now, is_suppressed=listed is not None)
        else:
            verdict = weigh(statement, held, now, listed=listed)
            if verdict == "known" and _needs_its_own(statement, held, method):
                verdict = "recorded"
        if verdict != "recorded":
            found.append(Uploaded(verdict, None, held, digest))
            continue
        decision = decide(
            workspace=workspace, digest_key=digest_key, profile=statement.profile, agreement=statement.agreement,
            choice=statement.choice, method=method, at=min(statement.at or now, now), actor=actor,
            campaign=statement.campaign, language=statement.language, origin=origin,
            evidence=statement.evidence, dated=statement.at is not None, digest=digest,
        )  # fmt: skip
        decided.append(decision)
        found.append(Uploaded(verdict, decision.id, held, digest))
        if come_again or others:
            stands.note(statement, digest, decision)
    if decided and not dry:
        append(session, decided)
    return found


def _hold_others(session: Session, statements: Sequence[Statement]) -> None:
    if any(each.choice == "opt-in" for each in statements):
        # A press between our look and our opt-in would be overruled by an opt-in that is older than it. Opt-outs make
        # nobody wait: what comes between is an opt-in of this very moment, and in doubt the opt-out wins.
        stop_others(session)
    else:
        # Nor may what we find known be taken back between our look and our word for it.
        stop_the_lonely(session)


def is_in_doubt(statement: Statement) -> bool:
    """As `Newest.in_doubt` has it."""
    return statement.choice == "opt-in" and (statement.at is None or statement.evidence is None)


def _needs_its_own(statement: Statement, held: Newest | None, method: Method) -> bool:
    """What an import brought may be taken back with it. Imports note themselves which of it they rely on."""
    return (
        statement.choice == "opt-out" and held is not None and held.method == "import" and method != "import"
    )


def _later(own: Newest | None, out: Newest | None) -> Newest | None:
    """In doubt nobody is switched on who left under another identifier since. What has no number yet is the newest."""
    if out is None or own is None:
        return out or own
    if out.seq == 0:
        return out if own.choice == "opt-in" else own
    return out if out.seq > own.seq > 0 else own


def outs_elsewhere(
    session: Session, workspace: str, digests: Sequence[str], agreements: Sequence[str]
) -> dict[Who, Newest]:
    """The newest opt-out that holds under another identifier, where an address that was read back says that it may be
    the same person's.
    """
    return _outs_of(session, workspace, _others(session, workspace, digests), agreements, None)


def _outs_of(
    session: Session,
    workspace: str,
    others: Mapping[str, set[str]],
    agreements: Sequence[str],
    pretended: Pretended | None,
) -> dict[Who, Newest]:
    if not others:
        return {}
    standing = _standings(session, workspace, set().union(*others.values()), agreements, pretended)
    found: dict[Who, Newest] = {}
    for digest, several in others.items():
        for agreement in agreements:
            outs = [
                out
                for other in several
                if (out := standing.get((other, agreement))) is not None and out.choice == "opt-out"
            ]
            if outs:
                found[digest, agreement] = max(outs, key=lambda out: out.seq)
    return found


def _others(session: Session, workspace: str, digests: Sequence[str]) -> dict[str, set[str]]:
    """By each of these who may be the same person: an address, whoever was read back with it, and who shares one so."""
    near = _same_people(session, workspace, digests)
    if not near:
        return {}
    far = near | _same_people(session, workspace, sorted({another for _, another in near}))
    neighbours: dict[str, set[str]] = {}
    for one, another in far:
        neighbours.setdefault(one, set()).add(another)
        neighbours.setdefault(another, set()).add(one)
    return {
        digest: set().union(around, *(neighbours[each] for each in around)) - {digest}
        for digest in dict.fromkeys(digests)
        if (around := neighbours.get(digest))
    }


def _same_people(session: Session, workspace: str, digests: Sequence[str]) -> set[tuple[str, str]]:
    """Two digests each, of which one is asked for. Two lookups: for an "or", SQLite goes through all consents."""
    if not digests:
        return set()
    found = set()
    for asked in (Consent.digest, Consent.email_digest):
        pairs = select(Consent.digest, Consent.email_digest).where(
            Consent.workspace == workspace, asked.in_(digests), Consent.email_digest.is_not(None)
        )
        found |= {(one, another) for one, another in session.execute(pairs) if another is not None}
    return found


def _standings(
    session: Session,
    workspace: str,
    digests: set[str],
    agreements: Sequence[str],
    pretended: Pretended | None,
) -> dict[Who, Newest]:
    """What holds for each of them: the newest decision on the agreement, or on everything."""
    last = (
        select(func.max(Decision.seq))
        .where(
            Decision.digest.in_(digests),
            Decision.workspace == workspace,
            Decision.agreement.in_([*agreements, ALL]),
        )
        .group_by(Decision.digest, Decision.agreement)
    )
    newest = {
        (row.digest, row.agreement): Newest(*row[2:])
        for row in session.execute(
            select(Decision.digest, Decision.agreement, *COLUMNS).where(Decision.seq.in_(last))
        )
    }
    if pretended is not None:
        newest |= pretended(digests, [*agreements, ALL])
    found: dict[Who, Newest] = {}
    for digest in digests:
        everything = newest.get((digest, ALL))
        for agreement in agreements:
            own = newest.get((digest, agreement))
            if everything is not None and (own is None or everything.seq > own.seq):
                found[digest, agreement] = replace(everything, on_all=True)
            elif own is not None:
                found[digest, agreement] = own
    return found


@dataclass(frozen=True, slots=True)
class _Stands:
    """How those in an upload stand, by what was decided before and by what the upload itself has said so far.

    `others` are, of each who is to be opted in, those who may be the same person; `elsewhere` their opt-outs.
    """

    standing: dict[Who, Newest]
    others: Mapping[str, set[str]]
    elsewhere: dict[Who, Newest]
    agreements: Sequence[str]

    def held(self, choice: Choice, digest: str, agreement: str) -> Newest | None:
        """Of everything, what speaks against it: an opt-in to one of the agreements, while there is one."""
        own = self.standing.get((digest, agreement))
        if agreement == ALL:
            each = [
                self.standing.get((digest, name))
                for name in self.agreements
                if name != ALL and not is_request(name)
            ]
            opted_in = [newest for newest in each if newest is not None and newest.choice == "opt-in"]
            return max(opted_in, key=lambda newest: newest.at) if opted_in else own
        return _later(own, self.elsewhere.get((digest, agreement))) if choice == "opt-in" else own

    def note(self, statement: Statement, digest: str, decision: NewDecision) -> None:
        newest = _newest_now(statement, decision)
        about = self.agreements if statement.agreement == ALL else (statement.agreement,)
        same = [other for other, several in self.others.items() if digest in several]
        for agreement in about:
            self.standing[digest, agreement] = newest
            if statement.choice == "opt-out":
                self.elsewhere.update({(other, agreement): newest for other in same})


def _newest_now(statement: Statement, decision: NewDecision) -> Newest:
    # The database has not numbered it yet, and nobody asks for the number before it has.
    return Newest(
        0, decision.id, decision.choice, decision.row["method"], decision.at, statement.language, owed=True,
        actor=decision.row["actor"], in_doubt=is_in_doubt(statement),
    )  # fmt: skip
