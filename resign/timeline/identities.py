"""Under which identities one person is known: those that are surely theirs, and no other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from resign.ledger.tables import Consent, Decision
from resign.notices.tables import NoticeRow
from resign.profile import Kind, Profile

# A person has an address, a customId and a clientId; whoever has many more is no person, and is not read for long.
_MOST = 8
_EVENTS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Identity:
    """`how`: `asked` (the one that was opened), `named` (one event at Synerise names both), `read-back` (its address).

    `masked` is empty where nothing was decided under it, or retention has emptied it; `decided` tells these two apart.
    """

    digest: str
    kind: str
    masked: str
    decided: bool
    how: str


def identities(session: Session, workspace: str, digest: str) -> list[Identity]:
    """The one that was opened first.

    As with events at Synerise, an address that was read back may have gone to somebody else since: by it another
    identity belongs to the person only where no event names another of its kind, and where it is the only one.
    """
    asked = _known(session, workspace, {digest: ""})
    kind = asked[digest][0]
    named = {other: of_kind for of_kind, other in _named_with(session, workspace, digest) if of_kind != kind}
    by_address = {other: "" for other in _by_address(session, workspace, digest) if other not in named}
    perhaps = _known(session, workspace, by_address)
    kinds = Counter(known[0] for known in perhaps.values())
    surely = {
        other: known
        for other, known in perhaps.items()
        if kinds[known[0]] == 1 and known[0] not in {kind, *named.values()}
    }
    found = [Identity(digest, *asked[digest], "asked")]
    found += (Identity(other, *known, "named") for other, known in _known(session, workspace, named).items())
    found += (Identity(other, *known, "read-back") for other, known in surely.items())
    return found[:_MOST]


def _named_with(session: Session, workspace: str, digest: str) -> Iterator[tuple[str, str]]:
    """What the newest events name beside it, by kind and digest; of each kind the newest only."""
    others = session.scalars(
        select(NoticeRow.others)
        .where(NoticeRow.digest == digest, NoticeRow.workspace == workspace, NoticeRow.others.is_not(None))
        .order_by(NoticeRow.id.desc())
        .limit(_EVENTS_LOOKED_AT)
    )
    seen = set()
    for pair in (pair for each in others for pair in (each or "").split()):
        kind, _, other = pair.partition(":")
        if kind not in seen and other != digest:
            seen.add(kind)
            yield kind, other


def _by_address(session: Session, workspace: str, digest: str) -> set[str]:
    """Whoever was read back with this address; and the address that came back of this one."""
    consents = select(Consent.digest).where(Consent.workspace == workspace, Consent.email_digest == digest)
    addresses = select(Consent.email_digest).where(
        Consent.workspace == workspace, Consent.digest == digest, Consent.email_digest.is_not(None)
    )
    found = {*session.scalars(consents.limit(_MOST)), *session.scalars(addresses.limit(_MOST))}
    return {each for each in found if each and each != digest}


def _known(session: Session, workspace: str, kinds: Mapping[str, str]) -> dict[str, tuple[str, str, bool]]:
    """Kind, masked identifier, and whether anything was decided, of each digest; of one without a decision only the kind that was given."""
    return {digest: _one(session, workspace, digest, kind) for digest, kind in _sorted(kinds.items())}


def _one(session: Session, workspace: str, digest: str, kind: str) -> tuple[str, str, bool]:
    row = session.execute(
        select(Decision.kind, Decision.identifier)
        .where(Decision.digest == digest, Decision.workspace == workspace)
        .order_by(Decision.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return kind or "email", "", False
    shown = Profile(cast("Kind", row.kind), row.identifier).masked() if row.identifier else ""
    return row.kind, shown, True


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))
