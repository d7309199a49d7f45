"""`POST /api/v1/decisions`: weighed against the ledger, durable before the answer, the same answer to the same request."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from resign.api.decisions.models import Held, NewDecision, Written
from resign.api.desk import desk, holder
from resign.api.problems import TYPE, Fault, Refused, body_of
from resign.api.taken import JSON, raw_body, read
from resign.api_keys.answers import Kept, OtherRequest, claim, keep
from resign.ids import reference
from resign.ledger import ALL
from resign.ledger.arriving import KEPT, Statement
from resign.ledger.requested import ASKED_FOR, REQUESTED, choice_shown
from resign.ledger.uploading import Uploaded, upload
from resign.profile import BadProfile
from resign.telemetry.metrics import DECISIONS

_MOST_IN_A_KEY = 255


def write_decision() -> Response:
    raw, again = raw_body(), _idempotency_key()
    asked = read(NewDecision, raw)
    stated, here = statement(asked), desk()
    with here.database.writing() as session:
        kept = _kept(session, again, raw)
        if kept is None:
            [uploaded] = uploaded_all(session, [stated])
            kept = _answer(uploaded)
            if again is not None:
                keep(session, holder().id, again, kept)
            session.commit()
            count(stated, uploaded)
    return _said(kept)


def statement(asked: NewDecision) -> Statement:
    """Raises Refused where it is about nobody, or about nothing."""
    here = desk()
    known = (*here.agreements(), ALL) if asked.choice == "opt-out" else here.agreements()
    if asked.agreement not in known:
        raise Refused("unknown-agreement")
    is_request = asked.choice == "request"
    if is_request and asked.agreement != ASKED_FOR:
        raise Refused(
            "invalid", [Fault(pointer="/agreement", detail="Only the newsletter is confirmed at Synerise")]
        )
    if "at" in asked.model_fields_set and asked.at.year < 2000:  # noqa: PLR2004 - an empty date of some system
        raise Refused(
            "invalid", [Fault(pointer="/at", detail="Nobody decided anything before the year 2000")]
        )
    try:
        profile = asked.profile.profile()
    except BadProfile as fault:
        raise Refused("invalid", [Fault(pointer="/profile", detail=str(fault))]) from None
    return Statement(
        profile=profile, agreement=REQUESTED if is_request else asked.agreement,
        choice="opt-out" if asked.choice == "opt-out" else "opt-in", at=asked.at, evidence=asked.evidence, campaign=asked.campaign,
        language=asked.language,
    )  # fmt: skip


def uploaded_all(session: Session, statements: list[Statement]) -> list[Uploaded]:
    """The caller commits, at once.

    "Everything" is said of each agreement that there is, and then of all: by itself it is told to nobody.
    """
    here, key = desk(), holder()
    several = [_parts(stated) for stated in statements]
    uploaded = iter(upload(
        session, key.workspace, here.digest_key(), [part for parts in several for part in parts],
        method="api", actor=key.name, origin=key.origin, now=here.clock.now(),
    ))  # fmt: skip
    return [_whole([next(uploaded) for _ in parts]) for parts in several]


def parts(stated: Statement) -> int:
    """How many decisions it may become."""
    return len(_parts(stated))


def _parts(stated: Statement) -> tuple[Statement, ...]:
    if stated.agreement != ALL:
        return (stated,)
    return (*(replace(stated, agreement=each) for each in desk().agreements()), stated)


def _whole(several: Sequence[Uploaded]) -> Uploaded:
    """The last, which is about what was asked; where only some of the others were recorded, one of them."""
    recorded: Iterator[Uploaded] = (each for each in reversed(several) if each.verdict == "recorded")
    return next(recorded, several[-1])


def count(stated: Statement, uploaded: Uploaded) -> None:
    if uploaded.verdict == "recorded":
        DECISIONS.labels(holder().workspace, choice_shown(stated.agreement, stated.choice), "api").inc()


def written(uploaded: Uploaded) -> Written:
    held = uploaded.held
    return Written(
        verdict=uploaded.verdict,
        id=uploaded.decision,
        reference=reference(uploaded.decision) if uploaded.decision else None,
        held=Held(choice=held.choice, at=held.at, decision=held.id) if held else None,
    )


def _idempotency_key() -> str | None:
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not 0 < len(given) <= _MOST_IN_A_KEY or not given.isascii() or not given.isprintable():
        raise Refused("bad-idempotency-key")
    return given


def _kept(session: Session, again: str | None, raw: bytes) -> Kept | None:
    if again is None:
        return None
    try:
        return claim(session, holder().id, again, request.path.encode() + b"\n" + raw, desk().clock.now())
    except OtherRequest:
        raise Refused("idempotency-key-reused") from None


def _answer(uploaded: Uploaded) -> Kept:
    if uploaded.verdict == "recorded" or uploaded.verdict in KEPT:
        status = 201 if uploaded.verdict == "recorded" else 200
        return Kept(status, written(uploaded).model_dump_json())
    problem: dict[str, Any] = body_of(uploaded.verdict)
    return Kept(problem["status"], json.dumps(problem))


def _said(kept: Kept) -> Response:
    refused = kept.status >= 400  # noqa: PLR2004 - as HTTP has it
    answer = Response(kept.body, kept.status, mimetype=TYPE if refused else JSON)
    if kept.status == 201:  # noqa: PLR2004 - created
        answer.headers["Location"] = f"{request.path}/{json.loads(kept.body)['id']}"
    return answer
