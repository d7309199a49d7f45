"""Decisions as a test needs them: all the evidence filled in, and one thing said."""

from typing import Any

from sqlalchemy import select

from resign.db import Database
from resign.ledger import Intake, NewDecision, decide
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from tests.support.clock import StandingClock

DIGEST_KEY = b"digest-secret-of-the-tests"
ANNA = Profile("email", "anna@example.com")
BORIS = Profile("email", "boris@example.com")


def decision(
    clock: StandingClock, profile: Profile = ANNA, choice: str = "opt-out", **more: Any
) -> NewDecision:
    evidence = {"workspace": "default", "agreement": "newsletter", "method": "page", **more}
    return decide(digest_key=DIGEST_KEY, profile=profile, choice=choice, at=clock.now(), **evidence)


def record(database: Database, *decisions: NewDecision) -> None:
    intake = Intake(database)
    for each in decisions:
        intake.append(each)


def states(database: Database) -> list[str]:
    """The state of each message, in the order of the decisions."""
    with database.reading() as session:
        return list(session.scalars(select(MessageRow.state).order_by(MessageRow.decision_seq)))


def choices(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Decision.choice).order_by(Decision.seq)))
