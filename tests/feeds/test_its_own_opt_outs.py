"""A system's own opt-out is in no file for it, unless the last that a file told it of the person may be an opt-in.

Otherwise a file that was on its way, or that it reads only at night, would switch on again whoever has left there.
"""

import pytest

from resign.feeds.sinks.contract import NotTaken
from tests.support.decisions import ANNA, BORIS

OF_CRM = {"origin": "crm", "method": "api"}
NIGHTLY = "schedule = '30 2 * * *'\n"


def choices(crm) -> list[str]:
    return [row[2] for name in crm.files for row in crm.rows(name)]


def while_it_is_put(crm, happens) -> None:
    put = crm.sink.put

    def slowly(file, alive):
        crm.sink.put = put
        put(file, alive)
        happens()

    crm.sink.put = slowly


def test_an_opt_in_whose_file_is_on_its_way_is_followed_by_the_opt_out(feed, decides):
    crm = feed()
    decides(ANNA, "opt-in")
    while_it_is_put(crm, lambda: decides(ANNA, **OF_CRM))
    crm.runs()
    assert choices(crm) == ["opt-in", "opt-out"]


def test_so_is_one_in_a_file_that_has_arrived_long_ago_and_once(feed, decides, clock):
    crm = feed()
    decides(ANNA, "opt-in")
    decides(BORIS, "opt-in", **OF_CRM)
    crm.runs()
    clock.advance(days=1)
    for _ in range(2):
        decides(ANNA, **OF_CRM)
        decides(BORIS, **OF_CRM)
        crm.runs()
    assert choices(crm) == ["opt-in", "opt-out"]


def test_an_opt_out_of_ours_that_is_in_no_file_yet_does_not_count_as_told(feed, decides):
    crm = feed()
    decides(ANNA, "opt-in")
    crm.runs()
    decides(ANNA)
    decides(ANNA, **OF_CRM)
    crm.runs()
    assert choices(crm) == ["opt-in", "opt-out"]


def test_where_an_opt_out_was_told_last_nothing_is(feed, decides):
    crm = feed()
    for choice in ("opt-in", "opt-out"):
        decides(ANNA, choice)
        crm.runs()
    decides(ANNA, **OF_CRM)
    crm.runs()
    assert choices(crm) == ["opt-in", "opt-out"]


def test_with_a_schedule_it_is_the_scheduled_file_that_may_have_told_the_opt_in(feed, decides, clock):
    crm = feed(NIGHTLY)
    crm.runs()
    decides(ANNA, "opt-in")
    decides(BORIS)
    crm.runs()
    decides(ANNA, **OF_CRM)
    crm.runs()
    assert choices(crm) == ["opt-out"], "of Boris: Anna's opt-in never left"
    decides(ANNA, "opt-in")
    clock.advance(days=1)
    while_it_is_put(crm, lambda: decides(ANNA, **OF_CRM))
    crm.runs()
    assert crm.told.count("anna@example.com") == 2
    assert crm.rows(crm.files[-1])[0][2] == "opt-out"


def test_one_that_was_refused_may_have_arrived_all_the_same(feed, decides, clock):
    crm = feed(NIGHTLY)
    crm.runs()
    decides(ANNA, "opt-in")
    clock.advance(days=1)

    def and_is_refused():
        raise NotTaken("it did not answer when it had everything")

    while_it_is_put(crm, and_is_refused)
    crm.runs()
    decides(ANNA, **OF_CRM)
    crm.runs()
    assert "default-crm-opt-outs-00000001.csv" in crm.files


@pytest.mark.parametrize("content", ["all", "suppression"])
def test_beside_whole_lists_each_is_told_because_one_may_be_read_after_it(feed, decides, clock, content):
    """A list takes the place of what the system holds, also of what it has decided since the list was written."""
    crm = feed(f"{NIGHTLY}content = '{content}'")
    crm.runs()
    decides(ANNA, "opt-in", **OF_CRM)
    clock.advance(days=1)
    while_it_is_put(crm, lambda: decides(ANNA, **OF_CRM))
    crm.runs()
    [told] = [name for name in crm.files if "opt-outs" in name]
    assert [row[0] for row in crm.rows(told)] == ["anna@example.com"]
