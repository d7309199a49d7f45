"""Where a profile stands on each agreement: since when, by which decision, and whether Synerise is known to hold it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Response
from pydantic import Field
from sqlalchemy import func, select

from resign.api.desk import desk, holder
from resign.api.model import Answered, Asked
from resign.api.problems import Fault, Refused
from resign.api.taken import JSON, body, query
from resign.api.who import DIGEST, Who
from resign.ledger import Choice
from resign.ledger.requested import ASKED_FOR
from resign.ledger.standings import requested, standings
from resign.outbox.tables import MessageRow
from resign.profile import BadProfile


class ConsentsAsked(Asked):
    """Whose consents."""

    digest: Annotated[str, Field(pattern=DIGEST)] = Field(
        description="The keyed digest of the profile's identifier, as answers of the API carry it."
    )


class ConsentsLookedUp(Asked):
    """Whose consents, by an identifier."""

    profile: Who = Field(description="The profile.")


class ConsentShown(Answered):
    """Where a profile stands on one agreement."""

    agreement: str = Field(description="Its name.")
    choice: Choice | None = Field(
        description="`opt-out`, `opt-in`, or null where nothing was ever decided here."
    )
    since: datetime | None = Field(description="When that was decided.")
    until: datetime | None = Field(description="When an opt-out ends by itself; null for one that does not.")
    decision: UUID | None = Field(description="The decision that it follows from.")
    confirmed_at: datetime | None = Field(
        description="When reading the profile back said that it holds this; null as long as it has not."
    )
    requested_at: datetime | None = Field(
        description="When an opt-in was asked for that nobody has confirmed or answered since: no consent, and null otherwise."
    )


class Consents(Answered):
    """A profile's consents."""

    digest: str = Field(description="The keyed digest of the identifier.")
    consents: list[ConsentShown] = Field(description="One for each agreement of the workspace.")


def show_consents() -> Response:
    return _shown(query(ConsentsAsked).digest)


def look_up_consents() -> Response:
    """In a body, because an address does not belong into an address line."""
    asked = body(ConsentsLookedUp)
    try:
        profile = asked.profile.profile()
    except BadProfile as fault:
        raise Refused("invalid", [Fault(pointer="/profile", detail=str(fault))]) from None
    return _shown(profile.digest(desk().digest_key()))


def _shown(digest: str) -> Response:
    agreements = desk().agreements()
    with desk().database.reading() as session:
        found = standings(session, holder().workspace, digest, agreements)
        asked = requested(session, holder().workspace, digest)
        rows = session.execute(
            select(MessageRow.decision_seq, func.max(MessageRow.confirmed_at))
            .where(MessageRow.decision_seq.in_([each.seq for each in found.values()]))
            .group_by(MessageRow.decision_seq)
        )
        confirmed = {seq: at for seq, at in rows}  # noqa: C416 - the checker knows no pairs otherwise
    consents = []
    for name in agreements:
        held = found.get(name)
        values = (
            {"choice": held.choice, "since": held.at, "until": held.until, "decision": held.id, "confirmed_at": confirmed.get(held.seq)}
            if held
            else dict.fromkeys(("choice", "since", "until", "decision", "confirmed_at"))
        )  # fmt: skip
        asked_at = asked.at if asked is not None and name == ASKED_FOR else None
        consents.append(ConsentShown.model_validate({"agreement": name, **values, "requested_at": asked_at}))
    return Response(Consents(digest=digest, consents=consents).model_dump_json(), mimetype=JSON)
