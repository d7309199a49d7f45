"""What an event at Synerise means, as tables of cases: evidence and time decide, arrival does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from resign.ledger import END_OF_A_BREAK, Newest
from resign.notices.rules import weigh_off, weigh_on, weigh_sent

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def decided(choice: str, minutes: float, method: str = "page") -> Newest:
    return Newest(1, uuid4(), choice, method, at(minutes), None, owed=False)


def on_a_break(minutes: float) -> Newest:
    return Newest(1, uuid4(), "opt-out", "page", at(minutes), None, owed=False, until=at(60 * 24 * 31))


def its_end(minutes: float) -> Newest:
    return Newest(1, uuid4(), "opt-in", "page", at(minutes), None, owed=False, actor=END_OF_A_BREAK)


OUT, IN = "opt-out", "opt-in"
DAY = 24 * 60
TURN_OFF, UNSUBSCRIBE = "marketingagreement.turnoff", "newsletter.unsubscribe"

OFF = [
    # the event, when, what we hold (newest first), what follows
    (TURN_OFF, 0, [], "decided"),
    (UNSUBSCRIBE, 0, [], "decided"),
    (TURN_OFF, 1, [decided(OUT, 0)], "known"),
    (UNSUBSCRIBE, 1, [decided(OUT, 0)], "known"),
    (TURN_OFF, -5, [decided(OUT, 0)], "known"),
    (TURN_OFF, -6, [decided(IN, 0)], "late"),
    (UNSUBSCRIBE, -6, [decided(IN, 0)], "late"),
    # So close that the clocks cannot say which was first.
    (TURN_OFF, -5, [decided(IN, 0)], "doubtful"),
    (UNSUBSCRIBE, -1, [decided(IN, 0)], "doubtful"),
    (TURN_OFF, 60, [decided(IN, 0)], "decided"),
    (UNSUBSCRIBE, 0, [decided(IN, 0)], "decided"),
    # Pressed and taken back just before: it may be the echo of the press, and Synerise has to be asked.
    (TURN_OFF, 2, [decided(IN, 1), decided(OUT, 0)], "doubtful"),
    (TURN_OFF, 24 * 60, [decided(IN, 1), decided(OUT, 0)], "doubtful"),
    # But that the person used Synerise's own link cannot be an echo of ours,
    (UNSUBSCRIBE, 2, [decided(IN, 1), decided(OUT, 0)], "decided"),
    # nor can what comes so late,
    (TURN_OFF, 24 * 60 + 1, [decided(IN, 1), decided(OUT, 0)], "decided"),
    # A break ends, and the person's own opt-out does not, whichever came first and whatever the clocks say.
    (UNSUBSCRIBE, 1, [on_a_break(0)], "decided"),
    (UNSUBSCRIBE, -1, [on_a_break(0)], "decided"),
    (TURN_OFF, 1, [on_a_break(0)], "known"),
    # A switch-off may be the echo of the break for a day after it was told, and so close that the clocks differ;
    (TURN_OFF, -5, [on_a_break(0)], "known"),
    (TURN_OFF, DAY, [on_a_break(0)], "known"),
    # later it is none, and the break is one for good,
    (TURN_OFF, DAY + 1, [on_a_break(0)], "decided"),
    (TURN_OFF, 10 * DAY, [on_a_break(0), decided(IN, -60)], "decided"),
    # as where they were off before it,
    (TURN_OFF, -6, [on_a_break(0)], "decided"),
    (TURN_OFF, -6, [on_a_break(0), decided(IN, -60)], "decided"),
    # but not by what their own yes had overtaken, or by the echo of an earlier break.
    (TURN_OFF, -90, [on_a_break(0), decided(IN, -60)], "known"),
    (TURN_OFF, -6, [on_a_break(0), on_a_break(-60)], "known"),
    (TURN_OFF, 1, [decided(OUT, 0), on_a_break(-60)], "known"),
    # What an import brought may be taken back with it: then the person's own opt-out has to be there.
    (UNSUBSCRIBE, 1, [decided(OUT, 0, "import")], "decided"),
    (TURN_OFF, 1, [decided(OUT, 0, "import")], "known"),
    # Nobody knows that an undated opt-in came after it.
    (TURN_OFF, -90, [replace(decided(IN, 0, "import"), in_doubt=True)], "doubtful"),
    # That a break is over is nobody's decision, and overrules nobody's.
    (UNSUBSCRIBE, -10, [its_end(0), on_a_break(-60)], "decided"),
    (UNSUBSCRIBE, -90, [its_end(0), on_a_break(-60), decided(IN, -80)], "late"),
    (TURN_OFF, -10, [its_end(0), on_a_break(-10 * DAY)], "decided"),
    (TURN_OFF, -10, [its_end(0), on_a_break(-10 * DAY), decided(IN, -9 * DAY)], "decided"),
    (TURN_OFF, -11 * DAY, [its_end(0), on_a_break(-10 * DAY), decided(IN, -10.5 * DAY)], "late"),
    (TURN_OFF, -9.5 * DAY, [its_end(0), on_a_break(-10 * DAY)], "late"),
    # nor what follows an opt-out that we never told.
    (TURN_OFF, 2, [decided(IN, 1), decided(OUT, 0, "synerise")], "decided"),
]


@pytest.mark.parametrize(("action", "when", "decisions", "verdict"), OFF)
def test_a_switch_off(action, when, decisions, verdict):
    assert weigh_off(action, at(when), decisions) == verdict


def test_the_echo_of_a_break_that_was_told_late_or_again_is_no_switch_off_at_synerise():
    held = [on_a_break(0)]
    told = at(5 * DAY)
    assert weigh_off(TURN_OFF, at(5 * DAY + 1), held, told=told) == "known"
    assert weigh_off(TURN_OFF, at(6 * DAY), held, told=told) == "known"
    assert weigh_off(TURN_OFF, at(6 * DAY + 1), held, told=told) == "decided"


DOI = "double-opt-in"
ON = [
    # evidence, when, what we hold, when Synerise last told of a switch-off, what follows
    # Nobody is overruled: it is what Synerise collected.
    (None, 0, [], None, "decided"),
    (DOI, 0, [], None, "decided"),
    (None, 0, [], at(1), "late"),
    (None, 1, [decided(IN, 0)], None, "known"),
    (None, 10, [decided(OUT, 0)], None, "claimed"),
    (DOI, 6, [decided(OUT, 0)], None, "decided"),
    (DOI, 0, [decided(OUT, 0)], None, "late"),
    (DOI, -1, [decided(OUT, 0)], None, "late"),
    # So close that the clocks cannot say which was first: then the opt-out holds.
    (DOI, 5, [decided(OUT, 0)], None, "claimed"),
    ("because", 6, [decided(OUT, 0)], None, "claimed"),
    (DOI, 7, [decided(OUT, 1), decided(IN, 0)], None, "decided"),
    (DOI, 6, [decided(OUT, 0, "synerise")], None, "decided"),
    # Out here since noon, and switched off at Synerise once more since: the later of the two counts.
    (DOI, 30, [decided(OUT, 0)], at(40), "late"),
    (DOI, 30, [decided(OUT, 0)], at(28), "claimed"),
    (DOI, 30, [decided(OUT, 0)], at(-10), "decided"),
]


@pytest.mark.parametrize(("evidence", "when", "decisions", "last_off", "verdict"), ON)
def test_a_switch_on(evidence, when, decisions, last_off, verdict):
    assert weigh_on(evidence, at(when), decisions, last_off) == verdict


SENT = [
    # when, newest, confirmed, verdict and delay
    (5, None, None, ("fine", None)),
    (5, decided(IN, 0), at(1), ("fine", None)),
    (5, decided(OUT, 0), None, ("fine", None)),
    (1, decided(OUT, 0), at(1), ("fine", None)),
    (5, decided(OUT, 0), at(1), ("mailed-after", 240)),
    (5, decided(OUT, 0, "synerise"), None, ("mailed-after", 300)),
]


@pytest.mark.parametrize(("when", "newest", "confirmed_at", "verdict"), SENT)
def test_a_mail(when, newest, confirmed_at, verdict):
    assert weigh_sent(at(when), newest, confirmed_at) == verdict
