"""A list of hashes says that somebody is out; that their break is over is no word of theirs against it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from resign.keeping import Keeping
from resign.ledger.hashed import plain_hash
from resign.ledger.suppression import Recipient, out
from resign.ledger.tables import Consent, HashedOptOut
from resign.profile import Profile
from tests.ledger.test_pauses import outcomes, rests, synerise, work
from tests.support.decisions import ANNA, DIGEST_KEY, choices, decision, record

# Fixtures of another file.
__all__ = ["rests", "synerise", "work"]

RECIPIENT = Recipient(ANNA.digest(DIGEST_KEY), plain_hash(ANNA.value))


@pytest.fixture
def listed(database, clock):
    def put(at: datetime | None = None, *, hashed: str | None = RECIPIENT.plain, **more: str) -> None:
        with database.writing() as session:
            on_it = {"workspace": "default", "agreement": "newsletter", "kind": "sha256", **more}
            session.add(HashedOptOut(hash=hashed, at=at or clock.now(), **on_it))
            session.commit()

    return put


@pytest.fixture
def ends(database, settings, clock):
    def end() -> list[str]:
        clock.advance(days=40)
        Keeping(database, settings.workspaces, clock).step()
        return choices(database)

    return end


def is_out(database) -> bool:
    with database.reading() as session:
        return RECIPIENT in out(session, "default", [RECIPIENT], "newsletter")


KINDS = [
    {},
    {"agreement": "all"},
    {"kind": "keyed", "hashed": RECIPIENT.digest},
]


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("when", ["before the break", "during it"])
def test_whoever_is_on_a_list_is_not_switched_on(database, clock, rests, listed, ends, when, how):
    if when == "before the break":
        listed(**how)
        clock.advance(days=1)
    rests()
    clock.advance(days=1)
    if when == "during it":
        listed(**how)
    assert ends() == ["opt-out"]
    assert outcomes(database) == ["overtaken"]
    assert is_out(database)


def test_an_opt_in_from_before_the_list_came_counts_for_nothing(database, clock, rests, listed, ends):
    record(database, decision(clock, choice="opt-in"))
    clock.advance(days=1)
    listed()
    rests()
    assert ends() == ["opt-in", "opt-out"]


def test_whoever_came_back_by_themselves_after_the_list_comes_back_after_the_break(
    database, clock, rests, listed, ends
):
    listed()
    clock.advance(days=1)
    record(database, decision(clock, choice="opt-in"))
    clock.advance(days=1)
    rests()
    assert ends() == ["opt-in", "opt-out", "opt-in"]
    assert outcomes(database) == ["resumed"]
    assert not is_out(database)


def test_the_list_is_asked_for_the_address_that_was_read_back(database, clock, work, rests, listed, ends):
    listed()
    number = Profile("customId", "c-1")
    rests(number)
    with database.writing() as session:
        session.execute(update(Consent).values(email=ANNA.value, email_digest=ANNA.digest(DIGEST_KEY)))
        session.commit()
    assert ends() == ["opt-out"]


def test_the_list_of_another_agreement_or_brand_says_nothing(database, clock, rests, listed, ends):
    listed(agreement="wine")
    listed(workspace="another")
    rests()
    assert ends() == ["opt-out", "opt-in"]


@pytest.mark.parametrize(("opted_in", "stays_out"), [(None, True), (1, True), (3, False)])
def test_a_list_that_is_older_than_the_end_of_a_break_holds_all_the_same(
    database, clock, rests, listed, ends, opted_in, stays_out
):
    """It was brought when the break was over, and is of the second day."""
    dated = clock.now() + timedelta(days=2)
    if opted_in is not None:
        clock.advance(days=opted_in)
        record(database, decision(clock, choice="opt-in"))
    clock.advance(days=4)
    rests()
    assert ends()[-1] == "opt-in"
    listed(dated)
    assert is_out(database) is stays_out


def test_of_two_lists_the_newer_one_counts(database, clock, listed):
    """Each way of naming somebody, and each agreement, may be on a list of its own."""
    listed(kind="keyed", hashed=RECIPIENT.digest)
    listed(agreement="all")
    clock.advance(days=1)
    record(database, decision(clock, choice="opt-in"))
    assert not is_out(database)
    clock.advance(days=1)
    listed()
    assert is_out(database)
