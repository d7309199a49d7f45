"""The end of a break: on the same day of a later month, once, and only for whoever said nothing else meanwhile."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update

from resign.keeping import Keeping
from resign.ledger.pauses import end_of
from resign.ledger.tables import Decision, Pause
from resign.outbox.worker import Worker
from tests.support.decisions import ANNA, BORIS, choices, decision, record
from tests.support.destination import ScriptedDestination

ENDS = [
    # from, months, until
    ("2026-05-04T10:11", 1, "2026-06-04"),
    ("2026-01-31T23:59", 1, "2026-02-28"),
    ("2028-01-31T00:00", 1, "2028-02-29"),
    ("2027-02-28T12:00", 12, "2028-02-28"),
    ("2028-02-29T12:00", 12, "2029-02-28"),
    ("2026-12-31T12:00", 1, "2027-01-31"),
    ("2026-11-30T12:00", 3, "2027-02-28"),
    ("2026-08-31T12:00", 1, "2026-09-30"),
    ("2026-10-31T12:00", 2, "2026-12-31"),
    ("2099-12-15T12:00", 2, "2100-02-15"),
    ("2099-12-31T12:00", 2, "2100-02-28"),
]


@pytest.mark.parametrize(("begun", "months", "until"), ENDS)
def test_it_ends_on_the_same_day_of_a_later_month_or_on_the_months_last(begun, months, until):
    now = datetime.fromisoformat(begun).replace(tzinfo=UTC)
    assert end_of(months, now, ZoneInfo("UTC")) == datetime.fromisoformat(until).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("begun", "zone", "until"),
    [
        # The day is the person's: in Warsaw it is the fifth already, in New York the thirty-first still.
        ("2026-05-04T23:30", "Europe/Warsaw", "2026-06-05T00:00"),
        ("2026-02-01T02:00", "America/New_York", "2026-02-28T05:00"),
        # Not before that day has begun there. What is named is the day in UTC, so not before it has begun in UTC either.
        ("2026-12-01T12:00", "America/New_York", "2027-01-01T05:00"),
        ("2026-12-01T12:00", "Asia/Tokyo", "2027-01-01T00:00"),
        ("2026-06-10T12:00", "Pacific/Pago_Pago", "2026-07-10T11:00"),
        ("2026-06-10T11:00", "Pacific/Kiritimati", "2026-07-11T00:00"),
        # Clocks that are put forward at midnight: the day begins an hour later.
        ("2026-04-05T12:00", "America/Asuncion", "2026-05-05T03:00"),
        ("2026-08-06T12:00", "America/Santiago", "2026-09-06T04:00"),
    ],
)
def test_emails_do_not_begin_again_before_that_day_has_begun_where_the_sender_is(begun, zone, until):
    until = datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert end_of(1, datetime.fromisoformat(begun).replace(tzinfo=UTC), ZoneInfo(zone)) == until


@pytest.fixture
def synerise() -> ScriptedDestination:
    return ScriptedDestination()


@pytest.fixture
def work(database, settings, clock, synerise):
    def deliver() -> None:
        worker = Worker(database, settings.workspaces, {"default": [synerise]}, clock)
        worker.drain()
        worker.finish()

    return deliver


@pytest.fixture
def keeping(database, settings, clock) -> Keeping:
    return Keeping(database, settings.workspaces, clock)


@pytest.fixture
def rests(database, clock, work):
    """A break of a month, begun and told."""

    def begin(profile=ANNA, days: int = 31, **more) -> None:
        until = clock.now() + timedelta(days=days)
        record(database, decision(clock, profile, until=until, **more))
        work()

    return begin


def outcomes(database) -> list[str | None]:
    with database.reading() as session:
        return list(session.scalars(select(Pause.outcome).order_by(Pause.decision_seq)))


def test_it_is_told_at_once_and_the_end_too(rests, work, keeping, synerise, clock, database):
    rests()
    assert [message.choice for message in synerise.told] == ["opt-out"]
    clock.advance(days=30)
    assert keeping.step() is False
    clock.advance(days=1)
    assert keeping.step() is True
    work()
    assert [message.choice for message in synerise.told] == ["opt-out", "opt-in"]
    with database.reading() as session:
        ended = session.scalars(select(Decision).order_by(Decision.seq)).all()[-1]
    assert (ended.choice, ended.actor, ended.at, ended.until) == (
        "opt-in",
        "end of a break",
        clock.now(),
        None,
    )
    assert outcomes(database) == ["resumed"]


def test_it_ends_once(rests, keeping, clock, database):
    rests()
    clock.advance(days=40)
    assert [keeping.step() for _ in range(3)] == [True, False, False]
    assert choices(database) == ["opt-out", "opt-in"]


@pytest.mark.parametrize(
    "meanwhile",
    [{}, {"method": "one-click"}, {"method": "synerise"}, {"method": "preferences"}, {"method": "staff"}],
)
def test_an_opt_out_without_an_end_meanwhile_stays(rests, keeping, clock, database, meanwhile):
    rests()
    clock.advance(days=3)
    record(database, decision(clock, **meanwhile))
    clock.advance(days=60)
    keeping.step()
    assert choices(database) == ["opt-out", "opt-out"]
    assert outcomes(database) == ["overtaken"]


def test_an_opt_out_from_before_the_break_stays(rests, keeping, clock, database):
    """Pressed at once with the break, and written first."""
    record(database, decision(clock))
    rests()
    clock.advance(days=60)
    keeping.step()
    assert choices(database) == ["opt-out", "opt-out"]
    assert outcomes(database) == ["overtaken"]


def test_an_opt_out_between_two_breaks_stays(rests, keeping, clock, database):
    rests()
    record(database, decision(clock))
    rests(days=40)
    clock.advance(days=90)
    keeping.step()
    assert set(choices(database)) == {"opt-out"}
    assert outcomes(database) == ["overtaken", "overtaken"]


def test_whoever_is_in_again_already_is_left_alone(rests, keeping, clock, database):
    rests()
    record(database, decision(clock, choice="opt-in"))
    clock.advance(days=60)
    keeping.step()
    assert choices(database) == ["opt-out", "opt-in"]
    assert outcomes(database) == ["overtaken"]


def test_of_two_breaks_the_newer_one_counts_whichever_ends_first(rests, keeping, clock, database):
    rests(days=90)
    clock.advance(days=1)
    rests(days=31)
    clock.advance(days=32)
    keeping.step()
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]
    clock.advance(days=90)
    keeping.step()
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]
    assert outcomes(database) == ["overtaken", "resumed"]


def test_a_longer_break_is_not_ended_by_the_shorter_one_before_it(rests, keeping, clock, database):
    rests(days=31)
    clock.advance(days=1)
    rests(days=90)
    clock.advance(days=40)
    keeping.step()
    assert set(choices(database)) == {"opt-out"}
    clock.advance(days=60)
    keeping.step()
    assert choices(database)[-1] == "opt-in"
    assert outcomes(database) == ["overtaken", "resumed"]


def test_a_break_on_another_agreement_ends_by_itself(rests, keeping, clock, database):
    rests(agreement="wine")
    record(database, decision(clock))
    clock.advance(days=60)
    keeping.step()
    with database.reading() as session:
        ended = session.scalars(select(Decision).order_by(Decision.seq)).all()[-1]
    assert (ended.agreement, ended.choice) == ("wine", "opt-in")


def test_several_workers_end_a_break_once(rests, settings, clock, database):
    for number in range(30):
        rests(type(ANNA)("email", f"person{number}@example.com"))
    clock.advance(days=60)
    together = threading.Barrier(4)

    def one() -> None:
        keeping = Keeping(database, settings.workspaces, clock)
        together.wait()
        while keeping.step():
            pass

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert choices(database).count("opt-in") == 30
    assert outcomes(database) == ["resumed"] * 30


def test_a_workspace_that_went_away_keeps_its_breaks_and_holds_nobody_up(
    rests, keeping, clock, database, monkeypatch
):
    monkeypatch.setattr("resign.ledger.pauses._MOST_AT_ONCE", 1)
    rests(BORIS, days=10)
    rests(ANNA)
    with database.writing() as session:
        session.execute(
            update(Pause).where(Pause.ends_at < clock.now() + timedelta(days=20)).values(workspace="gone")
        )
        session.commit()
    clock.advance(days=60)
    assert keeping.step() is True
    assert keeping.step() is False
    assert outcomes(database) == [None, "resumed"]


def test_whoever_retention_made_nameless_is_not_called_resumed(rests, keeping, clock, database):
    rests()
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.commit()
    clock.advance(days=60)
    keeping.step()
    assert choices(database) == ["opt-out"]
    assert outcomes(database) == ["nameless"]


def test_a_clock_that_jumps_back_ends_nothing_early_and_one_that_jumps_on_ends_all(
    rests, keeping, clock, database
):
    rests()
    clock.advance(days=-400)
    assert keeping.step() is False
    clock.advance(days=400)
    assert keeping.step() is False
    clock.advance(days=4000)
    assert keeping.step() is True
    assert outcomes(database) == ["resumed"]


def test_where_the_database_fails_the_break_ends_later(rests, keeping, clock, database):
    rests()
    clock.advance(days=60)
    broken = "CREATE TRIGGER no BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'no'); END"
    if not database.is_sqlite:
        broken = "ALTER TABLE decisions ADD CONSTRAINT no CHECK (choice <> 'opt-in') NOT VALID"
    mended = "DROP TRIGGER no" if database.is_sqlite else "ALTER TABLE decisions DROP CONSTRAINT no"
    with database.writing() as session:
        session.execute(text(broken))
        session.commit()
    with pytest.raises(Exception, match="no"):
        keeping.step()
    assert outcomes(database) == [None]
    with database.writing() as session:
        session.execute(text(mended))
        session.commit()
    keeping.step()
    assert outcomes(database) == ["resumed"]
