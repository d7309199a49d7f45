"""Ten people of one domain within a minute are flagged, however they arrive; nine, or ten of two domains, are not."""

import pytest
from sqlalchemy import event, func, insert, select, update

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


@pytest.fixture
def flood(database, clock):
    """Many people of one domain within a minute; what is written for each part of them is heard."""

    def came(many, people=None, begin=0, seconds=40.0):
        rows = []
        for number in range(begin, begin + many):
            who = person(number % (people or begin + many))
            rows.append({**decision(clock, who).row, "owed": False})
            clock.advance(seconds=seconds / many)
        with database.writing() as session:
            session.execute(insert(Decision), rows)
            session.commit()

    return came


@pytest.fixture
def written(database):
    """How many rows or parameters each statement of a writer had."""
    sizes = []

    def hear(_connection, _cursor, statement, parameters, _context, executemany):
        sizes.append((len(parameters), statement.partition("(")[0]))

    event.listen(database.engine, "before_cursor_execute", hear)
    yield sizes
    event.remove(database.engine, "before_cursor_execute", hear)


def test_a_large_burst_is_one_and_whole_and_written_in_pieces(database, rollups, flood, written):
    flood(2_000)
    written.clear()
    caught_up(rollups)
    (found,) = bursts(database)
    assert found.opt_outs == 2_000
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BurstMember)) == 2_000
    assert max(written)[0] <= 1_000, "what one statement of a writer does is bounded, however large the burst"


def test_a_look_reads_no_more_of_a_large_burst_than_what_is_near(database, rollups, flood):
    """Otherwise the last part of fifty thousand costs a hundred times what the first did."""
    flood(2_000)
    caught_up(rollups)
    flood(20, begin=2_000, seconds=2)
    read = []

    def hear(session, *_):
        read.append(session)

    event.listen(WatchedOptOut, "load", hear)
    caught_up(rollups)
    event.remove(WatchedOptOut, "load", hear)
    assert len(read) <= 500
    (found,) = bursts(database)
    assert found.opt_outs == 2_020


def test_what_is_not_watched_any_more_is_forgotten_in_pieces(database, rollups, clock, flood, written):
    flood(4_500)
    caught_up(rollups)
    clock.advance(minutes=30)
    written.clear()
    left = []
    for number in range(4):
        record(database, decision(clock, person(number, "other.example")))
        caught_up(rollups)
        with database.reading() as session:
            left.append(session.scalar(select(func.count()).select_from(WatchedOptOut)))
    assert left == [2_501, 502, 3, 4]


@pytest.mark.parametrize("people", [5, 12])
def test_a_few_who_press_again_and_again_hide_nobody_beside_them(database, rollups, flood, people):
    """Of them the nearest are too few people to tell by: there all of the minute is looked at."""
    flood(900, people=people, seconds=20)
    flood(10 - min(people, 9), begin=2_000, seconds=2)
    caught_up(rollups)
    found = bursts(database)
    assert [each.opt_outs for each in found] == [900 + 10 - min(people, 9)]
