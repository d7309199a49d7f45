"""Ten people of one domain within a minute are flagged, however they arrive; nine, or ten of two domains, are not."""

import pytest
from sqlalchemy import insert, select, update

from resign.ledger.tables import Decision
from resign.profile import Profile
from resign.reports.tables import Burst, BurstMember, WatchedOptOut
from tests.reports.conftest import caught_up
from tests.support.decisions import choices, decision, record


def person(number, domain="corp.example"):
    return Profile("email", f"person{number}@{domain}")


def bursts(database):
    with database.reading() as session:
        return list(session.scalars(select(Burst).order_by(Burst.id)))


def press(database, clock, many, *, seconds=5.0, begin=0, domain="corp.example", **more):
    for number in range(begin, begin + many):
        record(database, decision(clock, person(number, domain), **more))
        clock.advance(seconds=seconds)


def test_ten_people_of_one_domain_within_a_minute_are_flagged_and_nothing_is_undone(database, rollups, clock):
    first = clock.now()
    press(database, clock, 10, campaign="spring", method="one-click")
    caught_up(rollups)
    (found,) = bursts(database)
    assert (found.domain, found.opt_outs, found.campaign) == ("corp.example", 10, "spring")
    assert (found.first_at, (found.last_at - first).total_seconds()) == (first, 45)
    assert found.domain_digest != "corp.example"
    assert choices(database) == ["opt-out"] * 10


@pytest.mark.parametrize(
    "pressed",
    [
        {"many": 9},
        {"many": 10, "seconds": 7},
        {"many": 10, "method": "preferences"},
        {"many": 10, "method": "import"},
        {"many": 10, "choice": "opt-in"},
        {"many": 10, "workspace": "unknown"},
    ],
)
def test_fewer_slower_or_otherwise_made_ones_are_not(database, rollups, clock, pressed):
    press(database, clock, **pressed)
    caught_up(rollups)
    assert bursts(database) == []


def test_one_person_who_presses_ten_times_is_none(database, rollups, clock):
    record(database, *(decision(clock, person(1)) for _ in range(12)))
    caught_up(rollups)
    assert bursts(database) == []


def test_ten_of_two_domains_are_none_and_the_case_of_letters_does_not_count(database, rollups, clock):
    press(database, clock, 5, seconds=1)
    press(database, clock, 5, seconds=1, domain="other.example")
    caught_up(rollups)
    assert bursts(database) == []
    press(database, clock, 5, seconds=1, begin=10, domain="CORP.example")
    caught_up(rollups)
    assert [found.opt_outs for found in bursts(database)] == [10]


def test_a_burst_that_goes_on_stays_one_however_often_the_worker_looks(database, rollups, clock):
    for number in range(60):
        record(database, decision(clock, person(number), campaign="spring" if number < 50 else "summer"))
        clock.advance(seconds=5)
        if number % 7 == 0:
            caught_up(rollups)
    caught_up(rollups)
    (found,) = bursts(database)
    assert (found.opt_outs, found.campaign) == (60, None)
    clock.advance(hours=2)
    press(database, clock, 10)
    caught_up(rollups)
    assert len(bursts(database)) == 2
    with database.reading() as session:
        assert len(session.scalars(select(BurstMember)).all()) == 70
        assert len(session.scalars(select(WatchedOptOut)).all()) == 10  # the older ones are forgotten


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_that_is_committed_later_is_seen_beside_the_others(database, rollups, clock):
    with database.writing() as session:
        session.execute(insert(Decision), [decision(clock, person(99)).row])
        press(database, clock, 9)
        caught_up(rollups)
        assert bursts(database) == []
        session.commit()
    caught_up(rollups)
    assert [found.opt_outs for found in bursts(database)] == [10]


def test_a_rebuild_finds_the_same_and_not_twice(database, rollups, clock):
    press(database, clock, 12)
    caught_up(rollups)
    rollups.rebuild()
    caught_up(rollups)
    assert [found.opt_outs for found in bursts(database)] == [12]


def test_the_domain_is_kept_in_clear_only_while_an_address_is(database, rollups, clock):
    press(database, clock, 10)
    caught_up(rollups)
    for seqs, domain in ((range(1, 10), "corp.example"), (range(1, 11), None)):
        with database.writing() as session:
            session.execute(update(Decision).where(Decision.seq.in_(seqs)).values(identifier=None))
            session.commit()
        caught_up(rollups)
        assert [found.domain for found in bursts(database)] == [domain]
