"""What can be proved of a person: every decision with all its evidence, in clear, and everything that was done about it.

The dataclasses are the file's fields, by name (docs/people.md lists them). A new field may come; none goes or changes
what it means without another `format`.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.evidence.acts import Act, act_numbers, acts
from resign.evidence.as_shown import NO_ADDRESS, CannotShow, as_shown, kept_page, title_of
from resign.evidence.told import Told, told
from resign.evidence.words import words_of
from resign.i18n import Catalogues
from resign.ids import reference
from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import Consent, Decision
from resign.links import Links
from resign.settings import Workspace

FORMAT = "resign-proof-1"
# Read in one transaction and held at once, however many there are.
AT_ONCE = 50
Reading = Callable[[], AbstractContextManager[Session]]
One = TypeVar("One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """`identifier` is None where retention has emptied it; `address_at_synerise` was read back from the profile."""

    kind: str
    identifier: str | None
    digest: str
    address_at_synerise: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """`text` is what stood there, None where it is not known. `is_whole`: it was rendered again byte for byte; else
    `why_not` says what is missing, and `text` may hold markers in place of a person's few values.
    """

    page: str | None
    language: str | None
    text_digest: str | None
    is_whole: bool
    why_not: str | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One decision. `local_time` is `at` in the workspace's time zone. `stood_before`: opt-out, opt-in, or None."""

    reference: str
    id: UUID
    who: Who
    agreement: str
    choice: str
    at: datetime
    local_time: str
    method: str
    actor: str
    origin: str | None
    evidence: str | None
    campaign: str | None
    link_key: str | None
    request_body: str | None
    stood_before: str | None
    ends_at: datetime | None
    seen: PageSeen
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`decisions`, `decision_count` of them, and `acts` are in the order of time. They are read while they are taken, once.

    `newest` is the reference of the last decision.
    """

    format: str
    workspace: str
    sender: str
    time_zone: str
    printed_at: datetime
    printed_by: str
    decision_count: int
    newest: str
    decisions: Iterator[Proven]
    acts: Iterator[Act]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """By whom a proof is made, and when."""

    by: str
    at: datetime


def proof(
    reading: Reading,
    workspace: Workspace,
    digests: Sequence[str],
    links: Links,
    catalogues: Catalogues,
    made: Made,
    *,
    only: UUID | None = None,
) -> Proof | None:
    """Of all decisions, or of one alone; None where there is none.

    `reading` opens a transaction. One for the whole proof would keep SQLite's journal growing for as long as somebody
    slow takes it; so what is proved is settled first, and read in pieces.
    """
    theirs = [Decision.workspace == workspace.name, Decision.digest.in_(digests)]
    if only is not None:
        theirs.append(Decision.id == only)
    with reading() as session:
        seqs = array("q", session.scalars(select(Decision.seq).where(*theirs).order_by(Decision.seq)))
        if not seqs:
            return None
        newest = session.scalars(select(Decision.id).where(Decision.seq == seqs[-1])).one()
        deeds = array("q", act_numbers(session, workspace.name, digests))
        addresses = _addresses(session, workspace.name, digests)

    def decisions(session: Session, some: Sequence[int]) -> Iterator[Proven]:
        others = told(session, some)
        for row in session.scalars(select(Decision).where(Decision.seq.in_(some)).order_by(Decision.seq)):
            seen = _seen(session, row, workspace, links, catalogues)
            yield _proven(row, workspace, addresses, others.get(row.seq, ()), seen)

    return Proof(
        format=FORMAT, workspace=workspace.name, sender=workspace.sender, time_zone=str(workspace.time_zone),
        printed_at=made.at, printed_by=made.by, decision_count=len(seqs), newest=reference(newest),
        decisions=_in_pieces(reading, seqs, decisions), acts=_in_pieces(reading, deeds, acts),
    )  # fmt: skip


def _in_pieces(
    reading: Reading, numbers: Sequence[int], read: Callable[[Session, Sequence[int]], Iterator[One]]
) -> Iterator[One]:
    for start in range(0, len(numbers), AT_ONCE):
        with reading() as session:
            some = tuple(read(session, list(numbers[start : start + AT_ONCE])))
        yield from some


def _proven(
    row: Decision,
    workspace: Workspace,
    addresses: Mapping[str, str],
    others: tuple[Told, ...],
    seen: PageSeen,
) -> Proven:
    local = row.at.astimezone(workspace.time_zone)
    who = Who(
        kind=row.kind,
        identifier=row.identifier,
        digest=row.digest,
        address_at_synerise=addresses.get(row.digest),
    )
    return Proven(
        reference=reference(row.id), id=row.id, who=who, agreement=asked_for(row.agreement),
        choice=choice_shown(row.agreement, row.choice), at=row.at,
        local_time=local.isoformat(timespec="seconds"), method=row.method, actor=row.actor, origin=row.origin,
        evidence=row.evidence, campaign=row.campaign, link_key=row.link_key, request_body=row.body, stood_before=row.prior, ends_at=row.until, seen=seen, told=others,
    )  # fmt: skip


def _seen(
    session: Session, row: Decision, workspace: Workspace, links: Links, catalogues: Catalogues
) -> PageSeen:
    text, why_not = None, None
    try:
        shown = as_shown(session, row, links, catalogues, title_of(workspace, row, catalogues))
        text = words_of(shown.without_the_link.decode())
    except CannotShow as reason:
        why_not = str(reason)
        if reason.reason == NO_ADDRESS:
            text = words_of(kept_page(session, row).text)
    return PageSeen(
        page=row.page,
        language=row.language,
        text_digest=row.shown,
        is_whole=why_not is None,
        why_not=why_not,
        text=text,
    )


def _addresses(session: Session, workspace: str, digests: Sequence[str]) -> Mapping[str, str]:
    read_back = select(Consent.digest, Consent.email).where(
        Consent.workspace == workspace, Consent.digest.in_(digests), Consent.email.is_not(None)
    )
    return {digest: email for digest, email in session.execute(read_back) if email}
