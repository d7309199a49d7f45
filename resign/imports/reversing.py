"""Takes an import back: for each of its decisions that is still the newest, one that restores what stood before.

What restoring means. An opt-in of the import is always taken back to an opt-out: nobody is mailed on the word of an
import that was a mistake. An opt-out is taken back to the opt-in that stood before it. Where nothing was known of the
person before, there is none: it may be that they agreed elsewhere, and it may be that they never did, and an opt-in that
nobody gave must not be told to Synerise. They stay out and are counted, and whoever can show that they had agreed says so
(`agreed`), which is then what speaks for the opt-in. What people decided since stays in any case.

Each decision keeps the import's origin: whoever was told of the import is told that it was taken back.
"""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from resign.db import Database
from resign.imports.shelf import Shelf
from resign.imports.tables import ImportBatch, ImportRow
from resign.imports.work import RELEASED, hold, progress
from resign.ledger import ALL, Choice, NewDecision, decide
from resign.ledger.directly import append, stop_others
from resign.ledger.hashed import suppressed
from resign.ledger.newest import out_under_another_name
from resign.ledger.requested import asked_for
from resign.ledger.tables import Decision, HashedOptOut
from resign.ledger.uploading import outs_elsewhere
from resign.profile import Kind, Profile

log = logging.getLogger(__name__)

_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    part: int
    hash: str | None
    decision: UUID | None
    before: str | None


class Reversing:
    """From the first row to the last; what was taken back is marked, so that a crash repeats nothing."""

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
        self._of = batch.id
        # Before it, everything is marked.
        self._from = 0

    def goes_on_with(self, batch: ImportBatch) -> bool:
        return batch.state == "reversing" and batch.id == self._of

    def step(self, batch: ImportBatch, now: datetime) -> None:
        with self._database.writing() as session:
            hold(session, batch, now)
            # A press between our look and our opt-in would be overruled by it.
            stop_others(session)
            rows = self._next(session)
            if not rows:
                progress(session, batch, state="reversed", ended_at=now, **RELEASED)
                session.commit()
                self._end(batch)
                return
            marks = self._take_back(session, batch, rows, now)
            counts = Counter(json.loads(batch.taken_back)) + Counter(code for code, _ in marks.values())
            progress(session, batch, taken_back=json.dumps(counts, sort_keys=True))
            _mark(session, batch, marks)
            session.commit()
        self._from = rows[-1].number

    def _next(self, session: Session) -> list[_Row]:
        query = (
            select(ImportRow.number, ImportRow.part, ImportRow.hash, ImportRow.decision, ImportRow.before)
            .where(
                ImportRow.batch == self._of,
                ImportRow.number >= self._from,
                ImportRow.taken_back.is_(None),
                or_(
                    ImportRow.decision.is_not(None),
                    ImportRow.hash.is_not(None) & (ImportRow.verdict == "recorded"),
                ),
            )
            .order_by(ImportRow.number, ImportRow.part)
            .limit(_AT_ONCE)
        )
        return [_Row(*row) for row in session.execute(query)]

    def _take_back(
        self, session: Session, batch: ImportBatch, rows: Sequence[_Row], now: datetime
    ) -> dict[tuple[int, int], tuple[str, UUID | None]]:
        """By number and part what became of each, and the decision that restores it."""
        # Hashes first: what a list says must not keep its own people out.
        marks: dict[tuple[int, int], tuple[str, UUID | None]] = {
            (row.number, row.part): (code, None)
            for row, code in _without_hashes(session, batch, [row for row in rows if row.hash])
        }
        decided = {row.decision: row for row in rows if row.decision is not None}
        restoring: list[NewDecision] = []
        for decision, code in self._judged(session, batch, decided).values():
            row = decided[decision.id]
            made = self._restored(batch, decision, code, now)
            if made is not None:
                restoring.append(made)
            marks[row.number, row.part] = (code, made.id if made is not None else None)
        if restoring:
            append(session, restoring)
        return marks

    def _judged(
        self, session: Session, batch: ImportBatch, rows: dict[UUID, _Row]
    ) -> dict[UUID, tuple[Decision, str]]:
        """By its id each decision of the import, with the code of what becomes of it."""
        found = {each.id: each for each in session.scalars(select(Decision).where(Decision.id.in_(rows)))}
        overtaken = _overtaken(session, batch, list(found.values()))
        elsewhere = set(
            session.scalars(select(Decision.id).where(Decision.id.in_(rows), out_under_another_name()))
        )
        said = _said_by_others(session, batch, list(rows))
        out = _out_since_opted_in(session, batch, list(found.values()))
        people = [who for each in found.values() if (who := _who(each)) is not None]
        hashed = suppressed(session, batch.workspace, self._key, people, self._agreements)
        judged: dict[UUID, tuple[Decision, str]] = {}
        for number, decision in found.items():
            if number in overtaken:
                code = overtaken[number]
            elif decision.agreement == ALL:
                code = "each-agreement"
            elif decision.identifier is None:
                code = "nameless"
            elif decision.choice == "opt-in":
                code = "restored"
            elif number in elsewhere or number in out:
                code = "decided-since"
            elif number in said:
                code = "said-elsewhere"
            else:
                code = _of_an_opt_out(rows[number].before, agreed=batch.agreed is not None)
                if code in {"restored", "agreed"} and (_who(decision), decision.agreement) in hashed:
                    code = "suppressed"
            judged[number] = (decision, code)
        return judged

    def _restored(
        self, batch: ImportBatch, decision: Decision, code: str, now: datetime
    ) -> NewDecision | None:
        who = _who(decision)
        if code not in {"restored", "agreed"} or who is None:
            return None
        choice: Choice = "opt-in" if decision.choice == "opt-out" else "opt-out"
        return decide(
            workspace=batch.workspace, digest_key=self._key,
            profile=who, agreement=decision.agreement,
            choice=choice, method="import", at=now, actor=batch.reversed_by or batch.who,
            language=decision.language, origin=batch.origin,
            evidence=batch.agreed if code == "agreed" else None,
        )  # fmt: skip

    def _end(self, batch: ImportBatch) -> None:
        self.is_over = True
        self._shelf.let_go(batch.id)
        log.info("An import was taken back", extra={"import": str(batch.id)})

    def close(self) -> None:
        """Holds nothing."""


def _who(decision: Decision) -> Profile | None:
    """None where retention has emptied the identifier."""
    return None if decision.identifier is None else Profile(cast("Kind", decision.kind), decision.identifier)


def _of_an_opt_out(before: str | None, *, agreed: bool) -> str:
    if before == "opt-in":
        return "restored"
    if before is None:
        return "agreed" if agreed else "unknown-before"
    return "on-a-break"


def _overtaken(
    session: Session, batch: ImportBatch, decisions: Sequence[Decision]
) -> dict[UUID, str]:  # fmt: skip
    """Those that are not the newest of their people any more: by a later row of the import, or by what came since."""
    newer = session.execute(
        select(Decision.seq, Decision.id, Decision.digest, Decision.agreement)
        .where(
            Decision.workspace == batch.workspace,
            Decision.digest.in_({each.digest for each in decisions}),
            Decision.seq > min((each.seq for each in decisions), default=0),
        )
        .order_by(Decision.seq)
    ).all()
    own = set(
        session.scalars(
            select(ImportRow.decision).where(
                ImportRow.decision.in_([row.id for row in newer]), ImportRow.batch == batch.id
            )
        )
    )
    by_person: dict[str, list[Any]] = {}
    for row in newer:
        by_person.setdefault(row.digest, []).append(row)
    found: dict[UUID, str] = {}
    for each in decisions:
        for row in by_person.get(each.digest, ()):
            if row.seq <= each.seq or row.agreement not in {each.agreement, asked_for(each.agreement), ALL}:
                continue
            if row.id not in own:
                found[each.id] = "decided-since"
                break
            if row.agreement == each.agreement:
                found[each.id] = "later-row"
    return found


def _said_by_others(session: Session, batch: ImportBatch, decisions: Sequence[UUID]) -> set[UUID]:
    """Those on which another import relies, which found its people out by them."""
    return set(
        session.scalars(
            select(ImportRow.held)
            .join(ImportBatch, ImportBatch.id == ImportRow.batch)
            .where(
                ImportRow.held.in_(decisions),
                ImportRow.batch != batch.id,
                ImportBatch.state.not_in(("reversing", "reversed")),
            )
        )
    )


def _out_since_opted_in(
    session: Session, batch: ImportBatch, decisions: Sequence[Decision]
) -> set[UUID]:  # fmt: skip
    """Those whose person left under another identifier after the opt-in that would be restored."""
    digests = sorted({each.digest for each in decisions if each.choice == "opt-out"})
    agreements = sorted({each.agreement for each in decisions})
    outs = outs_elsewhere(session, batch.workspace, digests, agreements)
    if not outs:
        return set()
    last = select(Decision.digest, Decision.agreement, func.max(Decision.seq).label("seq")).where(
        Decision.digest.in_(digests), Decision.workspace == batch.workspace, Decision.choice == "opt-in"
    )
    opted_in = {
        (row.digest, row.agreement): row.seq
        for row in session.execute(last.group_by(Decision.digest, Decision.agreement))
    }
    return {
        each.id
        for each in decisions
        if (out := outs.get((each.digest, each.agreement))) is not None
        and out.seq > opted_in.get((each.digest, each.agreement), 0)
    }


def _without_hashes(
    session: Session, batch: ImportBatch, rows: Sequence[_Row]
) -> list[tuple[_Row, str]]:  # fmt: skip
    """Takes them off the list, save those that another import brought as well: that one has them from now on."""
    wanted = [row.hash for row in rows if row.hash]
    if not wanted:
        return []
    others = session.execute(
        select(ImportRow.hash, ImportBatch.id, ImportBatch.mapping)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch)
        .where(
            ImportRow.hash.in_(wanted),
            ImportBatch.workspace == batch.workspace,
            ImportBatch.id != batch.id,
            ImportBatch.state.not_in(("reversing", "reversed", "checking", "checked")),
        )
    ).all()
    heirs = {row.hash: row.id for row in others}
    mine = (HashedOptOut.workspace == batch.workspace, HashedOptOut.batch == batch.id)
    for each, heir in heirs.items():
        session.execute(update(HashedOptOut).where(*mine, HashedOptOut.hash == each).values(batch=heir))
    gone = [each for each in wanted if each not in heirs]
    session.execute(delete(HashedOptOut).where(*mine, HashedOptOut.hash.in_(gone)))
    return [(row, "held-elsewhere" if row.hash in heirs else "removed") for row in rows]


def _mark(
    session: Session, batch: ImportBatch, marks: dict[tuple[int, int], tuple[str, UUID | None]]
) -> None:
    table = ImportRow.__table__
    session.connection().execute(
        update(ImportRow)
        .where(table.c.batch == bindparam("b"), table.c.number == bindparam("n"), table.c.part == bindparam("p"))
        .values(taken_back=bindparam("code"), taken_back_by=bindparam("made")),
        [
            {"b": batch.id, "n": number, "p": part, "code": code, "made": made}
            for (number, part), (code, made) in marks.items()
        ],
    )  # fmt: skip
