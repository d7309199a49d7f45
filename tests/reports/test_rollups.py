"""What the rollups count, when they learn of it, and that it is counted once whatever happens in between."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, text

from resign.ledger import reasons
from resign.ledger.tables import Decision
from resign.notices.notice import Notice, row
from resign.notices.tables import NoticeRow
from resign.outbox.tables import Attempt, MessageRow
from resign.reports.progress import behind
from resign.reports.rollups import Rollups
from resign.reports.tables import RollupCount, RollupGap, RollupProgress
from tests.reports.conftest import WARSAW, caught_up, kept, recounted
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record


def total(database, **only):
    with database.reading() as session:
        rows = session.scalars(select(RollupCount).where(RollupCount.dimension == "all")).all()
    return sum(r.count for r in rows if all(getattr(r, name) == value for name, value in only.items()))


def undone(database):
    with database.reading() as session:
        return sum(each.undone for each in session.scalars(select(RollupCount)) if each.dimension == "all")


def confirm(database, seq, at):
    with database.writing() as session:
        message = session.scalar(select(MessageRow).where(MessageRow.decision_seq == seq))
        if message is None:
            message = MessageRow(
                decision_seq=seq, destination="synerise", workspace="default", subject="s", agreement="newsletter",
                state="confirmed", due_at=at,
            )  # fmt: skip
            session.add(message)
            session.flush()
        session.add(
            Attempt(message_id=message.id, at=at, phase="read-back", outcome="confirmed", milliseconds=1)
        )
        session.commit()


def sent(database, profile, at, campaign, verdict=None):
    notice = row(Notice("default", "message.sent", (profile,), at=at, campaign=campaign), DIGEST_KEY, at)
    with database.writing() as session:
        session.add(NoticeRow(**notice, verdict=verdict))
        session.commit()


def test_a_decision_is_counted_once_however_often_the_worker_looks(database, rollups, clock):
    record(database, decision(clock, campaign="spring", language="pl"))
    caught_up(rollups)
    caught_up(rollups)
    with database.reading() as session:
        assert behind(session) == 0
        found = session.scalars(select(RollupCount).order_by(RollupCount.dimension)).all()
    assert [(each.dimension, each.value) for each in found] == [
        ("all", ""),
        ("campaign", "spring"),
        ("language", "pl"),
        ("method", "page"),
    ]
    assert {(each.day, each.choice, each.agreement, each.count, each.undone) for each in found} == {
        (date(2026, 5, 4), "opt-out", "newsletter", 1, 0)
    }


def test_a_day_ends_at_the_workspaces_own_midnight(database, rollups, clock):
    clock.advance(hours=11, minutes=49)  # 22:01 UTC: in Warsaw it is the next day
    record(database, decision(clock))
    caught_up(rollups)
    assert total(database, day=date(2026, 5, 5)) == 1


def test_the_days_on_which_clocks_are_changed_have_23_and_25_hours(database, rollups, clock):
    begin = clock.now()
    for day in (date(2026, 10, 25), date(2027, 3, 28)):
        clock._now = begin.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0)
        clock.advance(days=-1)
        for _ in range(72):
            record(database, decision(clock))
            clock.advance(hours=1)
    caught_up(rollups)
    assert total(database, day=date(2026, 10, 25)) == 25
    assert total(database, day=date(2027, 3, 28)) == 23


def test_an_undo_counts_against_the_day_of_the_opt_out(database, rollups, clock):
    clock.advance(hours=11)
    record(database, decision(clock), decision(clock))  # pressed twice
    caught_up(rollups)
    clock.advance(hours=3)
    record(database, decision(clock, choice="opt-in"))
    caught_up(rollups)
    assert undone(database) == 2
    assert total(database, choice="opt-in", day=date(2026, 5, 5)) == 1


@pytest.mark.parametrize(
    ("after", "more"),
    [
        (timedelta(hours=24, seconds=1), {}),
        (timedelta(hours=1), {"actor": "end of a break"}),
        (timedelta(hours=1), {"method": "staff", "actor": "ewa"}),
        (timedelta(hours=1), {"method": "synerise"}),
        (timedelta(hours=1), {"profile": BORIS}),
        (timedelta(hours=1), {"agreement": "alcohol"}),
    ],
)
def test_only_the_persons_own_change_of_mind_within_a_day_is_an_undo(database, rollups, clock, after, more):
    record(database, decision(clock))
    clock.advance(seconds=after.total_seconds())
    record(database, decision(clock, choice="opt-in", **more))
    caught_up(rollups)
    assert undone(database) == 0


def test_a_confirmation_days_later_is_counted_under_the_day_of_the_decision(database, rollups, clock):
    record(database, decision(clock))
    caught_up(rollups)
    confirm(database, 1, clock.now() + timedelta(days=3))
    caught_up(rollups)
    confirm(database, 1, clock.now() + timedelta(days=9))  # told again after a drift: the first counts
    caught_up(rollups)
    found = kept(database)["rollup_times"]
    assert len(found) == 1
    assert found == recounted(database)["rollup_times"]


def test_a_mail_is_joined_to_the_opt_out_by_its_campaign_also_when_it_is_heard_of_later(
    database, rollups, clock
):
    record(database, decision(clock, campaign="spring"))
    caught_up(rollups)
    assert not kept(database)["rollup_times"]
    sent(database, ANNA, clock.now() - timedelta(hours=5), "spring")
    caught_up(rollups)
    sent(database, ANNA, clock.now() - timedelta(hours=2), "spring")
    sent(database, ANNA, clock.now() - timedelta(hours=1), "summer")
    sent(database, BORIS, clock.now() - timedelta(hours=1), "spring")
    caught_up(rollups)
    found = kept(database)["rollup_times"]
    assert sum(found.values()) == 1
    assert found == recounted(database)["rollup_times"]


def test_mails_after_an_opt_out_are_counted_when_they_have_been_weighed(database, rollups, clock):
    sent(database, ANNA, clock.now(), "spring")
    caught_up(rollups)
    assert not kept(database)["rollup_mailed"]
    with database.writing() as session:
        session.execute(text("UPDATE notices SET verdict = 'mailed-after'"))
        session.commit()
    caught_up(rollups)
    assert kept(database)["rollup_mailed"] == {("default", date(2026, 5, 4), "spring"): 1}


def test_an_answer_that_is_changed_or_parted_from_its_decision_is_counted_once(database, rollups, clock):
    pressed = decision(clock)
    record(database, pressed)

    def answers(code):
        with database.writing() as session:
            about = session.scalar(select(Decision))
            reasons.keep(session, about, code=code, words=None, language="en", now=clock.now())
            session.commit()
        caught_up(rollups)

    answers("too-many")
    clock.advance(hours=20)  # past midnight
    answers("not-relevant")
    assert kept(database)["rollup_reasons"] == {("default", date(2026, 5, 5), "not-relevant"): 1}
    clock.advance(days=31)
    with database.writing() as session:
        assert reasons.unlink(session, clock.now()) == 1
        session.commit()
    caught_up(rollups)
    assert kept(database)["rollup_reasons"] == {("default", date(2026, 5, 5), "not-relevant"): 1}


def test_a_quiet_hour_costs_no_write(database, rollups, clock):
    record(database, decision(clock))
    caught_up(rollups)
    clock.advance(hours=1)
    caught_up(rollups)
    with database.reading() as session:
        before = session.get_one(RollupProgress, 1).version
    caught_up(rollups)
    with database.reading() as session:
        assert session.get_one(RollupProgress, 1).version == before


def test_two_workers_that_looked_at_the_same_count_it_once(database, rollups, clock):
    other = Rollups(database, {"default": WARSAW}, {"default": DIGEST_KEY}, clock)
    record(database, decision(clock))
    first, second = rollups.look(), other.look()
    assert rollups.write(first)
    assert not other.write(second)
    caught_up(other)
    assert total(database) == 1


def test_a_crash_before_the_commit_counts_nothing_and_afterwards_once(database, rollups, clock, monkeypatch):
    record(database, decision(clock))
    found = rollups.look()
    with monkeypatch.context() as patch:
        patch.setattr(
            "sqlalchemy.orm.Session.commit", lambda _: (_ for _ in ()).throw(RuntimeError("killed"))
        )
        with pytest.raises(RuntimeError, match="killed"):
            rollups.write(found)
    assert total(database) == 0
    caught_up(rollups)
    assert total(database) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_lower_number_that_is_committed_later_is_counted(database, rollups, clock):
    slow = decision(clock, BORIS)
    with database.writing() as session:
        session.execute(insert(Decision), [slow.row])  # it has number 1, and hangs
        record(database, decision(clock, choice="opt-in", profile=BORIS))
        caught_up(rollups)
        assert total(database) == 1
        clock.advance(hours=5)  # however long it takes
        caught_up(rollups)
        with database.reading() as reading:
            assert [(gap.low, gap.high) for gap in reading.scalars(select(RollupGap))] == [(1, 1)]
        session.commit()
    caught_up(rollups)
    assert total(database) == 2
    assert kept(database) == recounted(database)
    assert undone(database) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_number_that_nobody_can_commit_any_more_is_forgotten(database, rollups, clock):
    with database.writing() as session:
        session.execute(insert(Decision), [decision(clock).row])
        session.rollback()
    record(database, decision(clock))
    caught_up(rollups)
    with database.reading() as session:
        assert session.scalar(select(RollupGap.low)) == 1
    clock.advance(minutes=11)
    caught_up(rollups)
    with database.reading() as session:
        assert session.scalar(select(RollupGap.low)) is None


def test_a_rebuild_counts_everything_anew_also_by_another_midnight(database, rollups, clock, caplog):
    clock.advance(hours=12)
    record(database, decision(clock))
    caught_up(rollups)
    moved = Rollups(database, {"default": WARSAW.__class__("UTC")}, {"default": DIGEST_KEY}, clock)
    record(database, decision(clock))
    caught_up(moved)
    assert total(database, day=date(2026, 5, 5)) == 2  # one midnight for all, until the rebuild
    assert "resign report rebuild" in caplog.text
    moved.rebuild()
    caught_up(moved)
    assert total(database, day=date(2026, 5, 4)) == 2
    assert total(database) == 2
