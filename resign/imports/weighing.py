"""One chunk of a file against the ledger: the same code whether it is written or only looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.db.many import insert_many
from resign.imports.chunks import Taken
from resign.imports.pretended import Pretended
from resign.imports.reasons import REJECTS
from resign.imports.stating import HashStated
from resign.imports.tables import ImportBatch, ImportRow
from resign.imports.tally import Tally
from resign.ledger.arriving import CLOCKS_APART
from resign.ledger.newest import Newest
from resign.ledger.requested import asked_for, choice_shown
from resign.ledger.tables import HashedOptOut
from resign.ledger.uploading import Uploaded, upload

_BREAK = "break"


@dataclass(slots=True)
class Weighed:
    """`rejects`: number, code and cells of the rows that name nobody or cannot be right."""

    tally: Tally = field(default_factory=Tally)
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[tuple[int, str, Mapping[str, str]]] = field(default_factory=list)


def weigh_chunk(
    session: Session,
    batch: ImportBatch,
    digest_key: bytes,
    chunk: Sequence[Taken],
    now: datetime,
    pretended: Pretended | None = None,
) -> Weighed:
    """Appends what holds and what became of each row; with `pretended`, a dry run's, writes to that instead."""
    found = Weighed()
    if any(isinstance(row.said, HashStated) for row in chunk):
        verdicts = _hashes(session, batch, chunk, now, pretended)
        _note(found, batch, chunk, verdicts)
    else:
        statements = [each for row in chunk if isinstance(row.said, tuple) for each in row.said]
        uploaded = upload(
            session, batch.workspace, digest_key, statements, method="import", actor=batch.who,
            origin=batch.origin, now=now, dry=pretended is not None,
            pretended=pretended.standings if pretended is not None else None,
        ) if statements else []  # fmt: skip
        if pretended is not None:
            pretended.add(zip(statements, uploaded, strict=True), now)
        _note_people(found, batch, chunk, iter(uploaded), _Before(session, batch, uploaded))
    if found.rows and pretended is None:
        insert_many(session, ImportRow, found.rows)
    return found


class _Before:
    """Where somebody stood before the import began, however often the file speaks of them."""

    def __init__(self, session: Session, batch: ImportBatch, uploaded: Iterable[Uploaded]) -> None:
        imported = {
            each.held.id
            for each in uploaded
            if each.decision is not None and each.held is not None and each.held.method == "import"
        }
        self._of: dict[UUID, str | None] = {}
        if imported:
            mine = select(ImportRow.decision, ImportRow.before).where(
                ImportRow.decision.in_(imported), ImportRow.batch == batch.id
            )
            self._of = {row.decision: row.before for row in session.execute(mine)}

    def of(self, each: Uploaded) -> str | None:
        held = each.held
        before = self._of[held.id] if held is not None and held.id in self._of else _stood(held)
        if each.decision is not None:
            self._of[each.decision] = before
        return before


def _stood(held: Newest | None) -> str | None:
    if held is None:
        return None
    return _BREAK if held.until is not None else held.choice


def _note_people(
    found: Weighed, batch: ImportBatch, chunk: Sequence[Taken], uploaded: Any, before: _Before  # noqa: ANN401 - an iterator
) -> None:  # fmt: skip
    for row in chunk:
        if isinstance(row.said, str):
            _note_reject(found, batch, row, row.said)
            continue
        assert isinstance(row.said, tuple)  # noqa: S101 - hashes go the other way
        each: list[Uploaded] = [next(uploaded) for _ in row.said]
        recorded = any(one.decision for one in each)
        verdict = "recorded" if recorded else each[-1].verdict
        if verdict in REJECTS:
            _note_reject(found, batch, row, verdict)
            continue
        found.tally.counts[verdict] += 1
        for part, (said, one) in enumerate(zip(row.said, each, strict=True)):
            if one.decision is not None:
                shown = choice_shown(said.agreement, said.choice)
                found.tally.change(asked_for(said.agreement), _stood(one.held), shown)
            found.rows.append(
                {
                    "batch": batch.id, "number": row.number, "part": part, "verdict": one.verdict,
                    "digest": one.digest, "hash": None, "decision": one.decision,
                    "before": before.of(one) if one.decision is not None else None,
                    "held": one.held.id if one.held and said.choice == "opt-out" and one.verdict == "known" else None,
                }
            )  # fmt: skip


def _note_reject(found: Weighed, batch: ImportBatch, row: Taken, code: str) -> None:
    found.tally.counts[code] += 1
    found.rejects.append((row.number, code, row.values))
    found.rows.append(
        {
            "batch": batch.id, "number": row.number, "part": 0, "verdict": code[:24], "digest": None,
            "hash": None, "decision": None, "before": None, "held": None,
        }
    )  # fmt: skip


def _hashes(
    session: Session,
    batch: ImportBatch,
    chunk: Sequence[Taken],
    now: datetime,
    pretended: Pretended | None,
) -> dict[int, str]:
    """By the row's number its verdict; what is new is on the list now."""
    said = {row.number: row.said for row in chunk if isinstance(row.said, HashStated)}
    wanted = {(each.agreement, each.hash) for each in said.values()}
    held = {
        (row.agreement, row.hash): (row.at, row.batch)
        for row in session.execute(
            select(HashedOptOut.agreement, HashedOptOut.hash, HashedOptOut.at, HashedOptOut.batch).where(
                HashedOptOut.workspace == batch.workspace,
                HashedOptOut.agreement.in_({agreement for agreement, _ in wanted}),
                HashedOptOut.hash.in_({each for _, each in wanted}),
            )
        )
    }
    pretends = pretended.hashes(wanted) if pretended is not None else set()
    new: dict[tuple[str, str], dict[str, Any]] = {}
    verdicts: dict[int, str] = {}
    for number, each in said.items():
        key = (each.agreement, each.hash)
        if each.at is not None and each.at > now + CLOCKS_APART:
            verdicts[number] = "future"
            continue
        at = min(each.at or now, now)
        since, by = held.get(key, (None, None))
        # Of another list it is news where it is later: the person may have opted in between, and left once more.
        is_new = since is None or (since < at and by != batch.id)
        verdicts[number] = "recorded" if is_new and key not in new and key not in pretends else "known"
        if since is None or since < at:
            new[key] = {
                "workspace": batch.workspace, "agreement": each.agreement, "hash": each.hash,
                "kind": "keyed" if len(each.hash) == 32 else "sha256",  # noqa: PLR2004 - digits of a digest
                "at": max(at, new[key]["at"]) if key in new else at, "batch": batch.id,
            }  # fmt: skip
    if pretended is not None:
        pretended.add_hashes(new)
    elif new:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        insert = dialect.insert(HashedOptOut)
        # A list that was read meanwhile may have it as well.
        renewed = insert.on_conflict_do_update(
            index_elements=["workspace", "agreement", "hash"],
            set_={"at": insert.excluded.at, "batch": insert.excluded.batch},
            where=HashedOptOut.at < insert.excluded.at,
        )
        # In one fixed order: two lists with the same hashes in different orders would wait for each other.
        session.execute(renewed, [new[key] for key in sorted(new)])
    return verdicts


def _note(found: Weighed, batch: ImportBatch, chunk: Sequence[Taken], verdicts: Mapping[int, str]) -> None:
    for row in chunk:
        code = row.said if isinstance(row.said, str) else verdicts[row.number]
        if code in REJECTS or isinstance(row.said, str):
            _note_reject(found, batch, row, code)
            continue
        assert isinstance(row.said, HashStated)  # noqa: S101 - a file has hashes in it, or people
        found.tally.counts[code] += 1
        if code == "recorded":
            found.tally.change(row.said.agreement, None, "hash")
        found.rows.append(
            {
                "batch": batch.id, "number": row.number, "part": 0, "verdict": code, "digest": None,
                "hash": row.said.hash, "decision": None, "before": None, "held": None,
            }
        )  # fmt: skip
