"""A feed with a schedule: opt-outs never wait for it, all else does, in the workspace's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from resign.feeds.schedule import next_due
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS

NIGHTLY = "schedule = '30 2 * * *'\n"
WARSAW = ZoneInfo("Europe/Warsaw")
CLARA = Profile("email", "clara@example.com")


def test_an_opt_out_goes_at_once_and_an_opt_in_with_the_schedule(feed, decides, clock):
    crm = feed(NIGHTLY)
    crm.runs()
    decides(ANNA)
    decides(BORIS, "opt-in")
    crm.runs()
    assert crm.files == ["default-crm-opt-outs-00000001.csv"]
    assert crm.told == ["anna@example.com"]
    clock.advance(hours=17)
    crm.runs()
    assert [row[0] for row in crm.rows("default-crm-changes-00000001.csv")] == ["boris@example.com"]


def test_one_file_holds_all_opt_outs_that_came_meanwhile(feed, decides):
    crm = feed(NIGHTLY)
    for who in (ANNA, BORIS, CLARA):
        decides(who)
    crm.runs()
    assert len(crm.files) == 1
    assert len(crm.told) == 3


def test_who_opted_in_and_out_before_the_schedule_is_not_switched_on_by_it(feed, decides, clock):
    crm = feed(NIGHTLY)
    decides(ANNA, "opt-in")
    crm.runs()
    decides(ANNA)
    crm.runs()
    clock.advance(hours=24)
    crm.runs()
    assert [row[2] for name in crm.files for row in crm.rows(name)] == ["opt-out"]


def test_a_scheduled_file_that_was_not_taken_leaves_out_who_opted_out_meanwhile(feed, decides, clock):
    """Written anew when it is tried again: the first text would switch Anna on, after the opt-out was told."""
    crm = feed(NIGHTLY)
    crm.runs()
    decides(ANNA, "opt-in")
    decides(BORIS, "opt-in")
    clock.advance(hours=17)
    crm.sink.says = "its disk is full"
    crm.runs()
    decides(ANNA)
    crm.sink.says = ""
    crm.runs()
    clock.advance(minutes=10)
    crm.runs()
    assert crm.told == ["boris@example.com", "anna@example.com"]
    assert crm.rows("default-crm-opt-outs-00000001.csv")[0][2] == "opt-out"


def test_opt_outs_pass_a_scheduled_file_that_is_not_taken(feed, decides, clock):
    crm = feed(NIGHTLY)
    crm.runs()
    decides(BORIS, "opt-in")
    clock.advance(hours=17)
    crm.sink.says = "its disk is full"
    crm.runs()
    decides(ANNA)
    crm.runs()
    assert crm.sink.tried == ["default-crm-changes-00000001.csv", "default-crm-opt-outs-00000001.csv"]


def test_a_scheduled_feed_that_only_waits_owes_nothing_yet(feed, decides, clock):
    crm = feed(NIGHTLY)
    decides(BORIS, "opt-in")
    crm.runs()
    assert crm.lane("scheduled").owed_since is None
    clock.advance(hours=17)
    crm.sink.says = "its disk is full"
    crm.runs()
    assert crm.lane("scheduled").owed_since == datetime(2026, 5, 5, 2, 30, tzinfo=UTC)
    assert crm.lane("scheduled").says == "its disk is full"


def test_schedules_that_were_missed_are_made_up_for_once(feed, decides, clock):
    crm = feed(NIGHTLY)
    crm.runs()
    decides(BORIS, "opt-in")
    clock.advance(days=5)
    crm.runs()
    assert len(crm.files) == 1
    assert crm.lane("scheduled").due_at == datetime(2026, 5, 10, 2, 30, tzinfo=UTC)


def test_where_everybody_stands_is_written_whole_each_time(feed, decides, clock):
    crm = feed(NIGHTLY + "content = 'all'")
    crm.runs()
    decides(ANNA, "opt-in")
    decides(BORIS)
    decides(CLARA, origin="crm", method="api")
    clock.advance(days=1)
    crm.runs()
    decides(ANNA)
    clock.advance(days=1)
    crm.runs()
    first, second = "default-crm-all-00000001.csv", "default-crm-all-00000002.csv"
    assert {(row[0], row[2]) for row in crm.rows(first)} == {
        ("anna@example.com", "opt-in"), ("boris@example.com", "opt-out"), ("clara@example.com", "opt-out"),
    }  # fmt: skip
    assert {row[2] for row in crm.rows(second)} == {"opt-out"}


def test_a_whole_list_that_comes_late_leaves_out_nobody_who_was_told_before_it(feed, decides, clock):
    """It takes the place of all that was told: whoever left, or left once more, while it was not taken is in it."""
    crm = feed(NIGHTLY + "content = 'suppression'")
    crm.runs()
    decides(ANNA)
    crm.runs()
    clock.advance(days=1)
    crm.sink.says = "its disk is full"
    crm.runs()
    crm.sink.says = ""
    decides(ANNA)
    decides(BORIS)
    crm.runs()
    clock.advance(minutes=10)
    crm.runs()
    [whole] = [name for name in crm.files if "suppression" in name]
    assert sorted(row[0] for row in crm.rows(whole)) == ["anna@example.com", "boris@example.com"]


def test_after_another_schedule_nothing_is_left_out_and_no_name_comes_twice(feed, decides, clock):
    crm = feed()
    decides(ANNA)
    crm.runs()
    decides(BORIS, "opt-in")
    later = feed(NIGHTLY)
    clock.advance(days=1)
    later.runs()
    clock.advance(days=1)
    later.runs()
    assert later.told == ["anna@example.com", "boris@example.com"]
    assert len(set(later.files)) == 2


@pytest.mark.parametrize(
    ("expression", "after", "due"),
    [
        # On 29 March 2026 the clocks go from 2:00 to 3:00; on 25 October from 3:00 back to 2:00.
        ("30 2 * * *", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("30 2 * * *", "2026-03-29T12:00", "2026-03-30T00:30"),
        ("30 2 * * *", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("30 2 * * *", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("0 4 * * *", "2026-10-24T12:00", "2026-10-25T03:00"),
    ],
)
def test_the_clocks_of_the_time_zone_go_forward_and_back(expression, after, due):
    found = next_due(expression, WARSAW, datetime.fromisoformat(f"{after}:00+00:00"))
    assert found == datetime.fromisoformat(f"{due}:00+00:00")


def test_over_a_change_of_the_clocks_a_file_comes_once_a_day(feed, decides, clock):
    crm = feed(NIGHTLY + "content = 'all'", zone="Europe/Warsaw")
    clock.advance(days=173)  # to 24 October
    crm.runs()
    decides(ANNA)
    crm.runs()
    for _ in range(4 * 48):
        clock.advance(minutes=30)
        crm.runs()
    assert [name for name in crm.files if "-all-" in name] == [
        f"default-crm-all-{number:08d}.csv" for number in range(1, 5)
    ]
