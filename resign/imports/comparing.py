"""Who is known here by an address that a list of hashes has on it: their decisions are gone through once, and they are opted out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, exists, insert, or_, select
from sqlalchemy.orm import Session, aliased

from resign.db import Database
from resign.imports.batches import MATCHED, mapping_of
from resign.imports.shelf import Shelf
from resign.imports.tables import ImportBatch, ImportRow
from resign.imports.tally import Tally
from resign.imports.work import RELEASED, hold, progress
from resign.ledger import ALL
from resign.ledger.arriving import Statement
from resign.ledger.hashed import plain_hash
from resign.ledger.requested import asked_for
from resign.ledger.tables import Consent, Decision, HashedOptOut
from resign.ledger.uploading import MOST_AT_ONCE, upload
from resign.profile import Kind, Profile

log = logging.getLogger(__name__)

_SEQS_AT_ONCE = 4_000
_MOST_HASHES = 5_000


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody who is in, or on a break, since the decision `seq`; `address` is theirs, or was read back for them."""

    seq: int
    profile: Profile
    address: Profile
    agreement: str


class Comparing:
    """Only decisions that there were when the list had been read: whoever opts in later has heard of it, or is not on it.

    What the list says of when somebody opted out counts as in any import: an older opt-out overrules no newer opt-in.
    """

    is_over = False

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        batch: ImportBatch,
        digest_key: bytes,
        agreements: Sequence[str],
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._key = digest_key
        self._agreements = agreements
        self._dated = mapping_of(batch).when is not None
        self._of = batch.id

    def goes_on_with(self, batch: ImportBatch) -> bool:
        return batch.state == "running" and batch.known_to is not None and batch.id == self._of

    def step(self, batch: ImportBatch, now: datetime) -> None:
        if batch.compared >= (batch.known_to or 0):
            self._end(batch, now)
            return
        top = min(batch.compared + _SEQS_AT_ONCE, batch.known_to or 0)
        with self._database.reading() as session:
            found = self._on_the_list(session, batch, _known(session, batch, top))
        taken: list[tuple[_Known, HashedOptOut]] = []
        statements: list[Statement] = []
        for known, listed in found:
            said = self._said(known, listed)
            if len(statements) + len(said) > MOST_AT_ONCE:
                top = taken[-1][0].seq
                break
            taken.append((known, listed))
            statements += said
        with self._database.writing() as session:
            hold(session, batch, now)
            tally = Tally.of(batch)
            if taken:
                self._opt_out(session, batch, taken, statements, tally, now)
            progress(session, batch, compared=top, **tally.columns())
            session.commit()

    def _on_the_list(
        self, session: Session, batch: ImportBatch, known: Sequence[_Known]
    ) -> list[tuple[_Known, HashedOptOut]]:
        hashes = [(plain_hash(one.address.value), one.address.digest(self._key)) for one in known]
        wanted = {each for pair in hashes for each in pair}
        listed: dict[tuple[str, str], HashedOptOut] = {}
        if wanted:
            query = select(HashedOptOut).where(
                HashedOptOut.workspace == batch.workspace,
                HashedOptOut.batch == batch.id,
                HashedOptOut.hash.in_(wanted),
            )
            listed = {(row.hash, row.agreement): row for row in session.scalars(query)}
        found = []
        for one, pair in zip(known, hashes, strict=True):
            rows = (listed.get((each, about)) for each in pair for about in (one.agreement, ALL))
            row = next((row for row in rows if row is not None), None)
            if row is not None:
                found.append((one, row))
        return found

    def _said(self, known: _Known, listed: HashedOptOut) -> list[Statement]:
        at = listed.at if self._dated else None
        about = (*self._agreements, ALL) if listed.agreement == ALL else (listed.agreement,)
        return [Statement(profile=known.profile, agreement=each, choice="opt-out", at=at) for each in about]

    def _opt_out(
        self,
        session: Session,
        batch: ImportBatch,
        taken: Sequence[tuple[_Known, HashedOptOut]],
        statements: Sequence[Statement],
        tally: Tally,
        now: datetime,
    ) -> None:
        uploaded = upload(
            session, batch.workspace, self._key, statements, method="import", actor=batch.who,
            origin=batch.origin, now=now,
        )  # fmt: skip
        numbers = _numbers(session, batch, [listed.hash for _, listed in taken])
        rows: list[dict[str, Any]] = []
        each = iter(zip(statements, uploaded, strict=True))
        for known, listed in taken:
            recorded = [next(each) for _ in self._said(known, listed)]
            for said, one in recorded:
                if one.decision is None:
                    continue
                before = None if one.held is None else ("break" if one.held.until else one.held.choice)
                tally.change(said.agreement, before, "opt-out")
                number = numbers[listed.hash]
                part = self._part(session, batch, number, rows)
                rows.append(
                    {
                        "batch": batch.id, "number": number, "part": part, "verdict": "recorded",
                        "digest": one.digest, "hash": None, "decision": one.decision, "before": before, "held": None,
                    }
                )  # fmt: skip
        if rows:
            tally.counts[MATCHED] += len({row["digest"] for row in rows})
            session.execute(insert(ImportRow), rows)

    @staticmethod
    def _part(session: Session, batch: ImportBatch, number: int, rows: Sequence[dict[str, Any]]) -> int:
        """Behind those that there are: one address may be known under several identifiers."""
        there = session.scalars(
            select(ImportRow.part).where(ImportRow.batch == batch.id, ImportRow.number == number)
        )
        parts: list[int] = [*there, *(row["part"] for row in rows if row["number"] == number)]
        return max(parts) + 1

    def _end(self, batch: ImportBatch, now: datetime) -> None:
        with self._database.writing() as session:
            hold(session, batch, now)
            progress(session, batch, state="done", ended_at=now, **RELEASED)
            session.commit()
        self.is_over = True
        self._shelf.let_go(batch.id)
        log.info("An import of hashes is done", extra={"import": str(batch.id), "rows": batch.reached})

    def close(self) -> None:
        """Holds nothing."""


def _known(session: Session, batch: ImportBatch, top: int) -> list[_Known]:
    """Those whose newest decision on an agreement lies between, and lets mails through now or later."""
    newer = aliased(Decision)
    overtaken = exists().where(
        newer.digest == Decision.digest,
        newer.workspace == Decision.workspace,
        newer.seq > Decision.seq,
        or_(newer.agreement == Decision.agreement, newer.agreement == ALL),
    )
    consent = and_(
        Consent.workspace == Decision.workspace,
        Consent.digest == Decision.digest,
        Consent.agreement == Decision.agreement,
    )
    query = (
        select(Decision.seq, Decision.kind, Decision.identifier, Decision.agreement, Consent.email)
        .outerjoin(Consent, consent)
        .where(
            Decision.seq > batch.compared,
            Decision.seq <= top,
            Decision.workspace == batch.workspace,
            or_(Decision.choice == "opt-in", Decision.until.is_not(None)),
            Decision.identifier.is_not(None),
            ~overtaken,
        )
        .order_by(Decision.seq)
        .limit(_MOST_HASHES)
    )
    found = []
    for seq, kind, identifier, agreement, email in session.execute(query):
        profile = Profile(cast("Kind", kind), identifier or "")
        address = profile if kind == "email" else Profile("email", email) if email else None
        if address is not None:
            # Whoever only asked to be let in is out as well, and what they asked for ends with that.
            found.append(_Known(seq, profile, address, asked_for(agreement)))
    return found


def _numbers(session: Session, batch: ImportBatch, hashes: Sequence[str]) -> dict[str, int]:
    query = select(ImportRow.hash, ImportRow.number).where(
        ImportRow.hash.in_(hashes), ImportRow.batch == batch.id, ImportRow.verdict == "recorded"
    )
    return {row.hash: row.number for row in session.execute(query) if row.hash}
