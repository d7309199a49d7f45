"""New and changed profiles get their link within seconds, and the write that does it causes no other."""

import pytest

from resign.links import Links
from resign.outbox.contract import Accepted, Busy, NoSuchProfile, Refused
from resign.profile import Profile
from tests.notices.seen import verdicts
from tests.support.decisions import ANNA, BORIS

CARD = Profile("customId", "C-1042")


def test_a_new_profile_gets_its_link(database, settings, tell, weigher, synerise):
    tell("profile.created")
    weigher.step()
    assert verdicts(database) == ["linked"]
    assert Links(settings.workspaces.values()).open(synerise.tokens[ANNA]).profile == ANNA


def test_a_right_link_is_not_written_again(database, settings, tell, weigher, synerise):
    synerise.tokens[ANNA] = Links(settings.workspaces.values()).mint("default", ANNA)
    tell("profile.updated")
    weigher.step()
    assert verdicts(database) == ["right"]
    assert not synerise.written


def test_a_link_by_another_identifier_of_the_same_profile_is_right(settings, tell, weigher, synerise):
    """A file that was pushed named the profile by its customId; the event names the address only."""
    synerise.also = [CARD]
    synerise.tokens[ANNA] = Links(settings.workspaces.values()).mint("default", CARD)
    tell("profile.updated")
    weigher.step()
    assert not synerise.written


def test_a_link_of_somebody_else_is_written_over(settings, tell, weigher, synerise):
    synerise.tokens[ANNA] = Links(settings.workspaces.values()).mint("default", BORIS)
    tell("profile.updated")
    weigher.step()
    assert synerise.written == [ANNA]


def test_a_write_that_synerise_ignores_makes_no_loop(database, clock, tell, weigher, synerise):
    for _ in range(20):
        synerise.tokens.clear()
        tell("profile.updated")
        clock.advance(seconds=1)
        weigher.step()
    assert synerise.written == [ANNA]


def test_created_and_updated_at_once_are_one_write(database, tell, weigher, synerise):
    tell("profile.created")
    tell("profile.updated")
    weigher.step()
    assert synerise.written == [ANNA]


def test_a_link_is_tried_again_when_synerise_is_busy(database, clock, tell, weigher, synerise):
    synerise.answers = Busy()
    tell("profile.created")
    weigher.step()
    assert verdicts(database) == [None]
    synerise.answers = Accepted()
    clock.advance(seconds=2)
    weigher.step()
    assert verdicts(database) == ["linked"]


@pytest.mark.parametrize(("outcome", "verdict"), [(NoSuchProfile(), "unknown"), (Refused(), "gave-up")])
def test_a_profile_that_cannot_be_written_to_is_given_up(
    database, clock, tell, weigher, synerise, outcome, verdict
):
    synerise.answers = outcome
    tell("profile.created")
    for _ in range(10):
        weigher.step()
        clock.advance(seconds=600)
    assert verdicts(database) == [verdict]
