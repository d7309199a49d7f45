"""What was only asked for stands beside what was decided, until anything is decided on it."""

from resign.ledger.requested import REQUESTED
from resign.timeline.identities import identities
from resign.timeline.now import stands_now
from tests.support.decisions import ANNA, DIGEST_KEY


def test_a_request_stands_until_it_is_answered_and_lifts_nothing(decided, database, clock):
    def now():
        with database.reading() as session:
            known = identities(session, "default", ANNA.digest(DIGEST_KEY))
            return [
                (each.agreement, each.choice, each.lifted)
                for each in stands_now(session, "default", known, clock.now())
            ]

    decided()
    decided(agreement="all")
    decided(choice="opt-in", agreement=REQUESTED, method="api")
    assert now() == [
        ("all", "opt-out", False),
        ("newsletter", "opt-out", False),
        ("newsletter", "request", False),
    ]
    decided(choice="opt-in", method="synerise")
    assert now() == [("all", "opt-out", True), ("newsletter", "opt-in", False)]
