"""A person's newest decisions on an agreement: what holds, whether or not the outbox has got to it yet."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from resign.ledger.decision import ALL, END_OF_A_BREAK
from resign.ledger.requested import ASKED_FOR, REQUESTED
from resign.ledger.tables import Consent, Decision

# More presses than this since the last opt-in are no mistake that wants undoing.
_MOST_LOOKED_AT = 100
COLUMNS = (
    Decision.seq,
    Decision.id,
    Decision.choice,
    Decision.method,
    Decision.at,
    Decision.language,
    Decision.owed,
    Decision.until,
    Decision.actor,
    # An opt-in that another system brought without saying when it was, or what speaks for it.
    and_(
        Decision.choice == "opt-in",
        Decision.method.in_(("import", "api")),
        or_(Decision.evidence.is_(None), Decision.dated.is_(False)),
    ).label("in_doubt"),
)
OF_ONE_PROFILE = (
    Decision.digest == bindparam("digest"),
    Decision.workspace == bindparam("workspace"),
    Decision.agreement == bindparam("agreement"),
)
_NEWEST_FIRST = select(*COLUMNS).where(*OF_ONE_PROFILE).order_by(Decision.seq.desc()).limit(_MOST_LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Newest:
    seq: int
    id: UUID
    choice: str
    method: str
    at: datetime
    language: str | None
    owed: bool
    until: datetime | None = None
    actor: str = "person"
    # An opt-in of which nobody can say that it surely came after an older opt-out.
    in_doubt: bool = False
    # It was decided on everything, and beside it nothing on the agreement itself: of that no destination heard.
    on_all: bool = False
    # The opt-out of the agreement itself by which destinations hear of it, where this one is of everything.
    told_by: int | None = None


def overtaken() -> ColumnElement[bool]:
    """Of a decision in a query: whether its person has decided something newer about the same, by whatever way.

    "Stop everything" overtakes an opt-in also where nothing was written of that agreement by itself: it was taken out
    of the settings for a while, say. And so does an opt-out under another identifier, where an address that was read
    back says that it may be the same person: in doubt nobody is switched on.
    """
    newer = aliased(Decision)
    own = exists().where(newer.digest == Decision.digest, *_overtakes(newer)).correlate(Decision)
    return or_(own, (Decision.choice == "opt-in") & out_under_another_name())


def out_under_another_name() -> ColumnElement[bool]:
    """Of a decision in a query: whether a newer opt-out came under another identifier that may be the same person's."""
    return or_(_out_as(by_address=True), _out_as(by_address=False), _out_with_the_same_address())


def _out_as(*, by_address: bool) -> ColumnElement[bool]:
    newer, consent = aliased(Decision), aliased(Consent)
    mine, other = (Decision, newer) if by_address else (newer, Decision)
    return exists().where(
        consent.digest == mine.digest,
        consent.email_digest == other.digest,
        consent.workspace == Decision.workspace,
        newer.choice == "opt-out",
        *_overtakes(newer),
    ).correlate(Decision)  # fmt: skip


def _out_with_the_same_address() -> ColumnElement[bool]:
    """Neither need be the address itself: a customId and a clientId, say, that were both read back with it."""
    newer, mine, other = aliased(Decision), aliased(Consent), aliased(Consent)
    # Joined to the others, SQLite would begin with all consents of the workspace. And without a column that the index
    # of addresses lacks it would go through that one; every consent has a decision.
    addresses = select(mine.email_digest).where(
        mine.digest == Decision.digest, mine.workspace == Decision.workspace, mine.decision_seq > 0
    )
    return exists().where(
        other.email_digest.in_(addresses.correlate(Decision)),
        other.workspace == Decision.workspace,
        other.digest != Decision.digest,
        newer.digest == other.digest,
        newer.choice == "opt-out",
        *_overtakes(newer),
    ).correlate(Decision)  # fmt: skip


def _overtakes(newer: type[Decision]) -> tuple[ColumnElement[bool], ...]:
    everything = (newer.agreement == ALL) & (newer.choice != Decision.choice)
    # A request ends with whatever is decided on what it asks for.
    answered = (Decision.agreement == REQUESTED) & (newer.agreement == ASKED_FOR)
    return (
        newer.workspace == Decision.workspace,
        newer.seq > Decision.seq,
        or_(newer.agreement == Decision.agreement, everything, answered),
    )


def newest_seq(session: Session, workspace: str, digest: str, agreement: str) -> int | None:
    asked = {"workspace": workspace, "digest": digest, "agreement": agreement}
    return session.scalar(select(func.max(Decision.seq)).where(*OF_ONE_PROFILE), asked)


def last_said_yes(session: Session, workspace: str, digest: str, agreement: str) -> datetime | None:
    """When the person, or somebody for them, last opted in: that a break was over was nobody's word."""
    return session.scalar(
        select(Decision.at)
        .where(
            Decision.digest == digest,
            Decision.workspace == workspace,
            Decision.agreement == agreement,
            Decision.choice == "opt-in",
            Decision.actor != END_OF_A_BREAK,
        )
        .order_by(Decision.seq.desc())
        .limit(1)
    )


def last_language(session: Session, workspace: str, digest: str) -> str | None:
    """The one in which the person decided last, about whatever it was; a mail program's button says none."""
    return session.scalar(
        select(Decision.language)
        .where(Decision.digest == digest, Decision.workspace == workspace, Decision.language.is_not(None))
        .order_by(Decision.seq.desc())
        .limit(1)
    )


def outs_since_last_opt_in(session: Session, workspace: str, digest: str, agreement: str) -> list[Newest]:
    """The opt-outs that hold now, newest first; empty for somebody who is in, or pressed beyond counting."""
    asked = {"workspace": workspace, "digest": digest, "agreement": agreement}
    rows = [Newest(*row) for row in session.execute(_NEWEST_FIRST, asked)]
    outs = list(takewhile(lambda row: row.choice == "opt-out", rows))
    return outs if len(outs) < _MOST_LOOKED_AT else []
