"""From owed decisions to messages and consents, in one transaction that can be repeated."""

from sqlalchemy import select

from resign.db import Database
from resign.ledger.tables import Consent, Decision
from resign.outbox.claim import claim
from resign.outbox.fanout import fan_out
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record, states


def fan(database: Database, clock: StandingClock, *destinations: str, commit: bool = True) -> int:
    with database.writing() as session:
        taken = fan_out(session, ["default"], lambda _workspace, method, _agreement: [d for d in destinations if d != method],
                        lambda _workspace: DIGEST_KEY, clock.now())  # fmt: skip
        if commit:
            session.commit()
    return taken


def consents(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {c.digest: c.choice for c in session.scalars(select(Consent))}


def test_each_destination_is_owed_one_message_and_the_consent_follows(
    database: Database, clock: StandingClock
):
    record(database, decision(clock), decision(clock, BORIS))
    assert fan(database, clock, "synerise", "webhook") == 2
    assert states(database) == ["owed"] * 4
    assert consents(database) == {ANNA.digest(DIGEST_KEY): "opt-out", BORIS.digest(DIGEST_KEY): "opt-out"}
    assert fan(database, clock, "synerise", "webhook") == 0


def test_a_crash_in_the_middle_leaves_everything_owed(database: Database, clock: StandingClock):
    record(database, decision(clock))
    fan(database, clock, "synerise", commit=False)
    assert states(database) == []
    assert fan(database, clock, "synerise") == 1
    assert states(database) == ["owed"]


def test_press_undo_press_owes_the_last_press_only(database: Database, clock: StandingClock):
    for choice in ("opt-out", "opt-in", "opt-out"):
        record(database, decision(clock, choice=choice))
    fan(database, clock, "synerise")
    assert states(database) == ["superseded", "superseded", "owed"]
    assert set(consents(database).values()) == {"opt-out"}


def test_an_older_message_still_owed_is_superseded(database: Database, clock: StandingClock):
    record(database, decision(clock))
    fan(database, clock, "synerise")
    record(database, decision(clock, choice="opt-in"))
    fan(database, clock, "synerise")
    assert states(database) == ["superseded", "owed"]


def test_a_decision_committed_late_does_not_overtake_a_newer_one(database: Database, clock: StandingClock):
    record(database, decision(clock, choice="opt-in"), decision(clock, choice="opt-out"))
    mark(database, 1, owed=False)
    fan(database, clock, "synerise")
    mark(database, 1, owed=True)
    fan(database, clock, "synerise")
    assert states(database) == ["superseded", "owed"]
    assert set(consents(database).values()) == {"opt-out"}


def mark(database: Database, seq: int, *, owed: bool) -> None:
    with database.writing() as session:
        session.get(Decision, seq).owed = owed
        session.commit()


def test_another_agreement_and_another_spelling_are_not_superseded(database: Database, clock: StandingClock):
    """Whether Synerise folds an address' case is not documented, so each spelling is told."""
    spelled = Profile("email", "Anna@example.com")
    record(database, decision(clock), decision(clock, agreement="partners"), decision(clock, spelled))
    fan(database, clock, "synerise")
    assert states(database) == ["owed", "owed", "owed"]
    assert spelled.digest(DIGEST_KEY) == ANNA.digest(DIGEST_KEY)


def test_the_prior_state_is_written_down(database: Database, clock: StandingClock):
    record(database, decision(clock), decision(clock, choice="opt-in"))
    fan(database, clock)
    record(database, decision(clock))
    fan(database, clock)
    with database.reading() as session:
        assert list(session.scalars(select(Decision.prior).order_by(Decision.seq))) == [
            None,
            "opt-out",
            "opt-in",
        ]


def test_what_came_from_synerise_is_never_told_to_synerise(database: Database, clock: StandingClock):
    record(database, decision(clock, method="synerise"))
    fan(database, clock, "synerise", "webhook")
    with database.reading() as session:
        assert list(session.scalars(select(MessageRow.destination))) == ["webhook"]
    assert set(consents(database).values()) == {"opt-out"}


def test_what_synerise_decided_ends_what_was_still_on_its_way_there(database: Database, clock: StandingClock):
    """Told later, the undo would switch on again whoever switched off at Synerise after it.

    It may have arrived there all the same, so the profile is looked at.
    """
    record(database, decision(clock, choice="opt-in"))
    fan(database, clock, "synerise", "webhook")
    record(database, decision(clock, method="synerise"))
    fan(database, clock, "synerise", "webhook")
    with database.reading() as session:
        found = session.execute(
            select(MessageRow.destination, MessageRow.state).order_by(MessageRow.id)
        ).all()
    assert sorted(map(tuple, found)) == [
        ("synerise", "accepted"), ("synerise", "superseded"), ("webhook", "owed"), ("webhook", "superseded"),
    ]  # fmt: skip


def test_it_is_looked_at_also_where_an_opt_out_of_ours_came_in_between_and_was_not_told(
    database: Database, clock: StandingClock
):
    """That one ends with what Synerise decided; the opt-in before it was in flight, and may land last."""
    record(database, decision(clock, choice="opt-in"))
    fan(database, clock, "synerise")
    with database.writing() as session:
        claim(session, clock.now(), 1, ["default"])
        session.commit()
    record(database, decision(clock))
    fan(database, clock, "synerise")
    record(database, decision(clock, method="synerise"))
    fan(database, clock, "synerise")
    assert states(database) == ["superseded", "superseded", "accepted"]


def test_an_opt_out_ends_an_opt_in_under_another_spelling(database: Database, clock: StandingClock):
    """If Synerise takes both spellings for one profile, the older opt-in must not be the last word."""
    spelled = Profile("email", "Anna@example.com")
    record(database, decision(clock, choice="opt-in"))
    fan(database, clock, "synerise")
    record(database, decision(clock, spelled))
    fan(database, clock, "synerise")
    assert states(database) == ["superseded", "owed"]


def test_an_opt_in_does_not_end_an_opt_out_under_another_spelling(database: Database, clock: StandingClock):
    spelled = Profile("email", "Anna@example.com")
    record(database, decision(clock))
    fan(database, clock, "synerise")
    record(database, decision(clock, spelled, choice="opt-in"))
    fan(database, clock, "synerise")
    assert states(database) == ["owed", "owed"]


def test_decisions_of_a_workspace_that_the_settings_forgot_are_kept(database: Database, clock: StandingClock):
    record(database, decision(clock, workspace="forgotten"), decision(clock))
    assert fan(database, clock, "synerise") == 1
    assert len(states(database)) == 1
    with database.reading() as session:
        assert list(session.scalars(select(Decision.workspace).where(Decision.owed))) == ["forgotten"]
