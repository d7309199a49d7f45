"""`POST /api/v1/decisions/bulk`: one decision a line, one answer a line. A bad line is its own problem.

Lines are recorded while more arrive, up to 500 in a transaction. Their answers wait in a file until the body has ended:
most clients send everything before they read anything, and the server holds ten megabytes of both before each would
wait for the other for ever (measured). The file is the price, and nothing grows in memory.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Literal

from flask import Response, request
from pydantic import Field
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError

from resign.api.decisions.lines import CutShort, lines_of
from resign.api.decisions.models import NewDecision, Written
from resign.api.decisions.writing import count, parts, statement, uploaded_all, written
from resign.api.desk import desk, holder
from resign.api.model import Answered
from resign.api.problems import Problem, Refused, body_of
from resign.api.taken import read
from resign.ledger.arriving import KEPT, Statement
from resign.ledger.uploading import MOST_AT_ONCE

LINES = "application/x-ndjson"
MOST_LINES = 50_000
_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024


class LineAnswered(Answered):
    """What became of one line."""

    line: int = Field(description="Its number, from 1; blank lines are counted and not answered.")
    result: Literal["recorded", "kept", "refused"] = Field(
        description="`recorded`, durably; `kept`: nothing needed to change; `refused`: see `problem`."
    )
    written: Written | None = Field(description="What became of it; null where it was refused.")
    problem: Problem | None = Field(
        description="Why it was refused. `unavailable`: it was not recorded, send it again; "
        "`too-large`: it is over 16 KiB, or the first of more than 50,000 lines, and nothing behind it was looked at."
    )


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    stated: Statement | None
    refusal: Refused | None = None


def write_decisions() -> Response:
    if request.mimetype != LINES:
        raise Refused("unsupported-media-type")
    # For as long as the body takes: so many streams at once and no more.
    with desk().readers.turn(holder().id):
        answers: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the response
        try:
            _take_all(answers)
        except BaseException:
            answers.close()
            raise
    found = Response(_said(answers), mimetype=LINES)
    found.call_on_close(answers.close)
    return found


def _said(answers: IO[bytes]) -> Iterator[bytes]:
    with answers:
        answers.seek(0)
        while piece := answers.read(_PIECE):
            yield piece


def _take_all(answers: IO[bytes]) -> None:
    """Raises Refused where the first of them could not be recorded, or the body is none."""
    waiting: list[_Line] = []
    available, taken, decisions = True, 0, 0
    try:
        for line in _lines():
            waiting.append(line)
            decisions += 1 if line.stated is None else parts(line.stated)
            if decisions >= MOST_AT_ONCE:
                available = _answer(answers, waiting, available=available, is_first=not taken)
                taken += len(waiting)
                decisions = 0
                waiting.clear()
    except (CutShort, OSError, ValueError):
        raise Refused("malformed") from None
    if waiting:
        _answer(answers, waiting, available=available, is_first=not taken)


def _lines() -> Iterator[_Line]:
    source, declared = request.environ["wsgi.input"], request.content_length
    for number, raw in enumerate(lines_of(source, declared), 1):
        if raw is not None and not raw.strip():
            continue
        if number > MOST_LINES:
            yield _Line(number, None, Refused("too-large"))
            return
        if raw is None:
            yield _Line(number, None, Refused("too-large"))
            continue
        try:
            yield _Line(number, statement(read(NewDecision, raw)))
        except Refused as refusal:
            yield _Line(number, None, refusal)


def _answer(answers: IO[bytes], lines: Sequence[_Line], *, available: bool, is_first: bool) -> bool:
    """Whether the database was there. Once it was not, nobody waits for it line after line."""
    good = [line.stated for line in lines if line.stated is not None]
    results: Iterator[LineAnswered] = iter(())
    if available and good:
        try:
            results = iter(_record(good))
        except (DataError, IntegrityError, ProgrammingError):
            raise  # ours: sent again, the same would happen
        except (SQLAlchemyError, OSError) as error:
            desk().refusals.note(type(error).__name__)
            if is_first:
                raise Refused("unavailable") from None
            available = False
    for line in lines:
        if line.refusal is not None:
            said = _refused(line.number, line.refusal)
        elif available:
            said = next(results).model_copy(update={"line": line.number})
        else:
            said = _refused(line.number, Refused("unavailable"))
        answers.write(said.model_dump_json().encode() + b"\n")
    return available


def _record(good: list[Statement]) -> list[LineAnswered]:
    with desk().database.writing() as session:
        uploaded = uploaded_all(session, good)
        session.commit()
    answered = []
    for stated, each in zip(good, uploaded, strict=True):
        count(stated, each)
        if each.verdict == "recorded" or each.verdict in KEPT:
            result: Literal["recorded", "kept"] = "recorded" if each.verdict == "recorded" else "kept"
            answered.append(LineAnswered(line=0, result=result, written=written(each), problem=None))
        else:
            answered.append(_refused(0, Refused(each.verdict)))
    return answered


def _refused(number: int, refusal: Refused) -> LineAnswered:
    problem = Problem.model_validate(body_of(refusal.name, refusal.errors))
    return LineAnswered(line=number, result="refused", written=None, problem=problem)
