"""What another system says of a person, weighed against what we hold: the opt-out wins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from resign.ledger import END_OF_A_BREAK, Newest
from resign.ledger.arriving import Statement, weigh
from resign.profile import Profile

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANNA = Profile("email", "anna@example.com")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def held(choice, ago, *, actor="person", until=None):
    return Newest(7, uuid4(), choice, "page", NOW - ago, "en", owed=False, until=until, actor=actor)


def says(choice, ago=None, evidence=None):
    at = None if ago is None else NOW - ago
    return Statement(profile=ANNA, agreement="newsletter", choice=choice, at=at, evidence=evidence)


OUT, IN = "opt-out", "opt-in"
CASES = {
    "nothing is held, an opt-out": (says(OUT), None, "recorded"),
    "nothing is held, an opt-in": (says(IN), None, "recorded"),
    "out already": (says(OUT, DAY), held(OUT, 2 * DAY), "known"),
    "in already": (says(IN, DAY), held(IN, 2 * DAY), "known"),
    "out for a while only": (says(OUT), held(OUT, DAY, until=NOW + DAY), "recorded"),
    "a break is over, and nobody decided that": (says(OUT, 9 * DAY), held(IN, DAY, actor=END_OF_A_BREAK), "recorded"),
    "an opt-out newer than the opt-in": (says(OUT, DAY), held(IN, 2 * DAY), "recorded"),
    "an opt-out older than the opt-in": (says(OUT, 2 * DAY), held(IN, DAY), "newer-opt-in"),
    "an opt-out at nobody knows what time": (says(OUT), held(IN, DAY), "recorded"),
    "an opt-out that two clocks cannot order": (says(OUT, DAY + 4 * MINUTE), held(IN, DAY), "recorded"),
    "an evidenced opt-in newer than the opt-out": (says(IN, DAY, "form 7"), held(OUT, 2 * DAY), "recorded"),
    "a bare opt-in newer than the opt-out": (says(IN, DAY), held(OUT, 2 * DAY), "no-evidence"),
    "an evidenced opt-in older than the opt-out": (says(IN, 2 * DAY, "form 7"), held(OUT, DAY), "opted-out"),
    "an evidenced opt-in at nobody knows what time": (says(IN, None, "form 7"), held(OUT, DAY), "opted-out"),
    "an opt-in that two clocks cannot order": (says(IN, DAY - 4 * MINUTE, "form 7"), held(OUT, DAY), "opted-out"),
    "an opt-in of next week": (says(IN, -7 * DAY, "form 7"), held(OUT, DAY), "future"),
    "an opt-out of next week": (says(OUT, -7 * DAY), None, "future"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "newest", "verdict"), CASES.values(), ids=CASES.keys())
def test_the_opt_out_wins_unless_a_newer_opt_in_has_evidence(said, newest, verdict):
    assert weigh(said, newest, NOW) == verdict


def test_whoever_is_on_a_list_of_hashes_is_not_opted_in_by_another_list():
    assert weigh(says(IN, DAY, "form 7"), None, NOW, listed=NOW) == "suppressed"
    assert weigh(says(OUT), None, NOW, listed=NOW) == "recorded"


def test_nor_is_who_left_here_as_well_unless_the_opt_in_is_newer_than_the_list():
    assert weigh(says(IN, 2 * DAY, "form 7"), held(OUT, 9 * DAY), NOW, listed=NOW - DAY) == "suppressed"
    assert weigh(says(IN, DAY, "form 7"), held(OUT, 9 * DAY), NOW, listed=NOW - 2 * DAY) == "recorded"


def test_an_opt_in_that_would_not_have_overruled_an_opt_out_does_not_outlast_it_either():
    """Which of two lists is brought first must not decide who is mailed."""
    newest = replace(held(IN, DAY), in_doubt=True)
    assert weigh(says(OUT, 9 * DAY), newest, NOW) == "recorded"
