"""Two identifiers that were read back with one address may be one person's, though neither is the address."""

import pytest
from sqlalchemy import select, update

from resign.ledger import ALL
from resign.ledger.newest import out_under_another_name
from resign.ledger.tables import Consent, Decision
from resign.outbox.claim import claim
from resign.outbox.fanout import fan_out
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record

NUMBER, CLIENT = Profile("customId", "C-1"), Profile("clientId", "7")


@pytest.fixture
def decided(database, clock):
    """Recorded and fanned out; then reading back tells the addresses."""

    def decide(*decisions, addresses):
        record(database, *decisions)
        with database.writing() as session:
            fan_out(session, ["default"], lambda *_: ["synerise"], lambda _: DIGEST_KEY, clock.now())
            for profile, address in addresses.items():
                session.execute(
                    update(Consent)
                    .where(Consent.digest == profile.digest(DIGEST_KEY))
                    .values(email=address.value, email_digest=address.digest(DIGEST_KEY))
                )
            session.commit()

    return decide


def handed_out(database, clock) -> list[tuple[str, str]]:
    with database.writing() as session:
        claimed = claim(session, clock.now(), 10, ["default"])
        session.commit()
    return [(each.message.profile.value, each.message.choice) for each in claimed]


@pytest.mark.parametrize("agreement", ["newsletter", ALL])
def test_an_opt_in_is_withheld_after_an_opt_out_of_another_identifier_with_the_same_address(
    database, clock, decided, agreement
):
    decided(
        decision(clock, NUMBER, "opt-in"),
        decision(clock, CLIENT, agreement=agreement),
        addresses={NUMBER: ANNA, CLIENT: ANNA},
    )
    assert handed_out(database, clock) == [("7", "opt-out")]


def test_one_with_another_address_is_somebody_else(database, clock, decided):
    decided(
        decision(clock, NUMBER, "opt-in"),
        decision(clock, CLIENT),
        addresses={NUMBER: ANNA, CLIENT: BORIS},
    )
    assert handed_out(database, clock) == [("C-1", "opt-in"), ("7", "opt-out")]


def test_an_older_opt_out_holds_nothing_back(database, clock, decided):
    decided(
        decision(clock, CLIENT),
        decision(clock, NUMBER, "opt-in"),
        addresses={NUMBER: ANNA, CLIENT: ANNA},
    )
    assert handed_out(database, clock) == [("7", "opt-out"), ("C-1", "opt-in")]


def test_nobody_is_another_to_themselves(database, clock, decided):
    """Taking an import back asks this of what it brought of one person: each agreement, and everything."""
    decided(decision(clock, NUMBER), decision(clock, NUMBER), addresses={NUMBER: ANNA})
    with database.reading() as session:
        assert session.scalars(select(Decision.seq).where(out_under_another_name())).all() == []
