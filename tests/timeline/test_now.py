"""How a person stands now follows from their newest decisions, and says since when and who knows it."""

from datetime import timedelta

import pytest

from resign.outbox.contract import Accepted, Busy, Confirmed
from resign.profile import Profile
from resign.timeline.identities import identities
from resign.timeline.now import stands_now
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY

BY_ID = Profile("customId", "C-1042")


@pytest.fixture
def now(database, clock):
    def look(profile=ANNA):
        with database.reading() as session:
            known = identities(session, "default", profile.digest(DIGEST_KEY))
            return stands_now(session, "default", known, clock.now())

    return look


def test_each_agreement_stands_by_its_newest_decision_since_the_first_that_said_so(decided, tell, now, clock):
    decided()
    decided(choice="opt-in")
    clock.advance(days=1)
    decided()
    since = clock.now()
    clock.advance(days=1)
    decided()
    decided(agreement="wine", choice="opt-in")
    decided(BORIS)
    decided(ANNA, "opt-in", workspace="other")
    tell()
    newsletter, wine = now()
    assert (newsletter.agreement, newsletter.choice, newsletter.since) == ("newsletter", "opt-out", since)
    assert newsletter.at == since + timedelta(days=1, minutes=1)
    assert [each.state for each in newsletter.deliveries] == ["confirmed"]
    assert (wine.agreement, wine.choice, wine.since == wine.at) == ("wine", "opt-in", True)
    assert (newsletter.hours_left, newsletter.waits) == (None, False)


def test_what_is_not_known_everywhere_has_a_clock(decided, tell, now, clock):
    decided()
    assert (now()[0].waits, now()[0].hours_left) == (True, 48)
    tell(lambda _: Busy(timedelta(hours=60)))
    clock.advance(hours=50)
    assert now()[0].hours_left < -1.9


def test_stopping_everything_overrules_what_came_before_it_alone(decided, now):
    decided(choice="opt-in")
    decided(agreement="all")
    decided(agreement="wine", choice="opt-in")
    assert {each.agreement: each.overruled for each in now()} == {
        "all": False,
        "newsletter": True,
        "wine": False,
    }


def test_each_identity_stands_for_itself(decided, tell, now):
    decided(BY_ID)
    tell(lambda _: Accepted(), lambda _: Confirmed(email="anna@example.com"))
    decided(ANNA, "opt-in")
    assert [(each.identity.kind, each.choice) for each in now(ANNA)] == [
        ("email", "opt-in"),
        ("customId", "opt-out"),
    ]
