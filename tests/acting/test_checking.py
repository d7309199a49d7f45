"""What a profile shows beside what was decided here: in which word the two are put."""

from dataclasses import replace

import pytest

from resign.acting.checking import compare, note_check
from resign.outbox.contract import Busy, Differs, Misconfigured, NoSuchProfile, Refused, Unreachable
from tests.support.decisions import decision, record
from tests.synerise.test_own_agreements import OWN

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def look(desk, shown):
    return desk.reads(compare, desk.act(), desk.person(), shown)


@pytest.fixture
def told(desk, database, clock):
    """An opt-out that nothing is owed for any more."""
    record(database, decision(clock))
    desk.fans_out(to=())
    return desk


@pytest.mark.parametrize(
    ("shown", "word"),
    [("opt-out", "agrees"), ("opt-in", "differs"), (None, "differs")],
)
def test_both_sides_are_put_beside_each_other(told, shown, word):
    check = look(told, {"newsletter": shown})
    assert (check.word, check.at) == (word, told.clock.now())
    [row] = check.rows
    assert (row.agreement, row.held.choice, row.shown, row.differs) == (
        "newsletter", "opt-out", shown, word == "differs",
    )  # fmt: skip


def test_what_is_still_being_told_may_not_be_there_yet(desk, database, clock):
    record(database, decision(clock))
    assert look(desk, {"newsletter": "opt-in"}).word == "on-its-way"
    desk.fans_out()
    assert look(desk, {"newsletter": "opt-in"}).word == "on-its-way"
    assert look(desk, {"newsletter": "opt-out"}).word == "agrees"


def test_where_nothing_was_decided_nothing_differs(told):
    told.workspace = replace(told.workspace, agreements=OWN)
    check = look(told, {"newsletter": "opt-out", OWN[0].name: "opt-in"})
    assert check.word == "agrees"
    assert [(row.held is None, row.shown) for row in check.rows[1:2]] == [(True, "opt-in")]


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (NoSuchProfile(), "no-such-profile"), (Busy(), "busy"), (Refused(), "refused"),
        (Misconfigured("the key"), "misconfigured"), (Unreachable("ReadTimeout"), "unreachable"),
        (Differs(), "unreachable"),
    ],
)  # fmt: skip
def test_why_it_cannot_be_known_is_a_word(told, outcome, word):
    check = look(told, outcome)
    assert (check.word, list(check.rows)) == (word, [])


def test_only_the_word_is_written_down(told):
    check = look(told, {"newsletter": "opt-in"})
    told.does(note_check, told.person(), check)
    assert told.deeds() == [("Ada", "checked", {"outcome": "differs"})]
