"""An opt-in that is only asked for: no consent, and never in the way of an opt-out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from resign.ledger import ALL
from resign.ledger.arriving import Statement
from resign.ledger.hashed import plain_hash
from resign.ledger.requested import REQUESTED, asked_for, choice_shown
from resign.ledger.standings import requested, standings
from resign.ledger.suppression import Recipient, out
from resign.ledger.tables import Decision, HashedOptOut
from resign.ledger.uploading import upload
from resign.profile import Profile

KEY = b"digest-secret-of-the-tests"
ANNA = Profile("email", "anna@example.com")
DIGEST = ANNA.digest(KEY)
DAY = timedelta(days=1)


@pytest.fixture
def uploads(database, clock):
    def upload_them(*statements):
        with database.writing() as session:
            found = upload(
                session, "default", KEY, statements, method="api", actor="crm", origin="crm", now=clock.now()
            )
            session.commit()
        clock.advance(minutes=1)
        return [each.verdict for each in found]

    return upload_them


def says(choice, agreement="newsletter", at=None, evidence=None):
    return Statement(profile=ANNA, agreement=agreement, choice=choice, at=at, evidence=evidence)


def asks(at=None):
    return says("opt-in", REQUESTED, at)


def test_nobody_is_in_by_asking_and_whoever_is_out_stays_out(database, uploads, clock):
    assert uploads(says("opt-out", at=clock.now() - DAY), asks(clock.now())) == ["recorded", "recorded"]
    with database.reading() as session:
        assert standings(session, "default", DIGEST, ["newsletter"])["newsletter"].choice == "opt-out"
        assert requested(session, "default", DIGEST) is not None
        who = Recipient(DIGEST, plain_hash(ANNA.value))
        assert out(session, "default", [who], "newsletter")[who].why == "opted-out"


@pytest.mark.parametrize("answer", [says("opt-out"), says("opt-out", ALL), says("opt-in", evidence="form 7")])
def test_whatever_is_decided_next_answers_it(database, uploads, answer):
    uploads(asks())
    assert uploads(answer) == ["recorded"]
    with database.reading() as session:
        assert requested(session, "default", DIGEST) is None


def test_asking_twice_is_one_request_unless_the_second_surely_came_later(uploads, clock):
    first = clock.now()
    assert uploads(asks(first), asks(first), asks()) == ["recorded", "known", "known"]
    clock.advance(days=1)
    assert uploads(asks(first), asks()) == ["known", "known"]
    assert uploads(asks(clock.now())) == ["recorded"]


def test_what_was_asked_before_an_opt_out_or_nobody_knows_when_starts_nothing(uploads, clock):
    uploads(says("opt-out", at=clock.now()))
    assert uploads(asks(clock.now() - DAY), asks(), asks(clock.now())) == ["opted-out"] * 3
    clock.advance(days=1)
    assert uploads(asks(clock.now() + DAY), asks(clock.now())) == ["future", "recorded"]


def test_whoever_is_in_is_not_asked_to_confirm_again(uploads, clock):
    uploads(says("opt-in", at=clock.now(), evidence="form 7"))
    clock.advance(days=1)
    assert uploads(asks(clock.now())) == ["known"]


@pytest.mark.parametrize("about", ["newsletter", ALL])
def test_nobody_on_a_list_of_hashes_is_mailed_because_another_system_asks(database, uploads, clock, about):
    with database.writing() as session:
        session.add(
            HashedOptOut(
                workspace="default",
                agreement=about,
                hash=plain_hash(ANNA.value),
                kind="sha256",
                at=clock.now(),
                batch=None,
            )
        )
        session.commit()
    clock.advance(days=1)
    assert uploads(asks(clock.now())) == ["suppressed"]


def test_everything_that_is_stopped_is_stopped_however_much_was_asked_for(database, uploads, clock):
    uploads(asks())
    assert uploads(says("opt-out"), says("opt-out", ALL)) == ["recorded", "recorded"]
    with database.reading() as session:
        kept = session.scalars(select(Decision.agreement).order_by(Decision.seq)).all()
    assert kept == [REQUESTED, "newsletter", ALL]


def test_what_is_shown_of_it_is_never_an_opt_in():
    assert [choice_shown(REQUESTED, each) for each in ("opt-in", "opt-out")] == ["request", "withdrawn"]
    assert [choice_shown("newsletter", each) for each in ("opt-in", "opt-out")] == ["opt-in", "opt-out"]
    assert [asked_for(each) for each in (REQUESTED, "wine")] == ["newsletter", "wine"]
