"""A link that staff have sent: the same row as the form for lost links writes, one an hour for each person."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from resign.acting.links import CannotSend, send_link
from resign.acting.seen import Changed
from resign.ledger.tables import Consent
from resign.profile import Profile
from tests.acting.conftest import DIGEST, MIA, uncommitted
from tests.acting.test_opting_in import waits_for_a_lock
from tests.lost_links.conftest import sender, writer
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record

__all__ = ["sender", "writer"]


@pytest.fixture
def anna(desk, database, clock):
    record(database, decision(clock))
    return desk


def sends(desk, by=MIA, seen=None, person=None):
    desk.does(send_link, person or desk.person(), seen or desk.seen(), by=by)


def refused(why, *arguments, **more):
    with pytest.raises(CannotSend) as told:
        sends(*arguments, **more)
    assert told.value.why == why
    return told.value.at


def test_it_goes_the_way_of_the_lost_links(anna, sender, writer):
    sends(anna)
    [row] = anna.requests()
    assert (row.email, row.digest, row.agreement, row.verdict) == ("anna@example.com", DIGEST, None, None)
    assert anna.deeds() == [("Mia", "sent-link", {})]
    assert sender().step()
    assert [profile for profile, *_ in writer.sent] == [ANNA]


def test_one_an_hour_and_when_it_was_is_said(anna, sender, clock):
    sends(anna)
    asked = clock.now()
    clock.advance(minutes=1)
    assert refused("on-its-way", anna) == asked
    sender().step()
    clock.advance(minutes=59)
    assert refused("lately", anna) == asked + (clock.now() - asked) - (
        clock.now() - anna.requests()[0].settled_at
    )
    clock.advance(minutes=2)
    sends(anna)
    assert len(anna.requests()) == 2


def test_of_two_staff_who_press_at_once_the_second_waits_and_sees_the_first(anna, database):
    person, seen, act = anna.person(), anna.seen(), anna.act()
    with ThreadPoolExecutor(1) as pool:
        with uncommitted(database, lambda session: send_link(session, act, person, seen)):
            second = pool.submit(sends, anna, seen=seen, person=person)
            waits_for_a_lock(database, second)
        with pytest.raises(Changed) as told:
            second.result(20)
    assert [(change.what, change.who) for change in told.value.changes] == [("sent-link", "Ada")]
    assert len(anna.requests()) == 1


def test_a_press_of_the_person_is_nothing_that_it_waits_for(anna, database, clock):
    seen = anna.seen()
    record(database, decision(clock))
    sends(anna, seen=seen)
    assert len(anna.requests()) == 1


def test_who_has_no_address_cannot_be_sent_one_until_one_was_read_back(desk, database, clock):
    numbered = Profile("customId", "C-1042")
    digest = numbered.digest(DIGEST_KEY)
    record(database, decision(clock, numbered))
    desk.fans_out()
    refused("no-address", desk, person=desk.person(digest), seen=desk.seen(digest))
    with database.writing() as session:
        session.execute(update(Consent).values(email="anna@example.com", email_digest=DIGEST))
        session.commit()
    sends(desk, person=desk.person(digest), seen=desk.seen(digest))
    assert [(row.email, row.digest) for row in desk.requests()] == [("anna@example.com", DIGEST)]
    assert desk.deeds() == [("Mia", "sent-link", {})]
