"""Percentiles from buckets: never too short, at most 5 per cent too long, and the promise of 48 hours exact."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.reports.durations import EDGES, PROMISE, bucket_of, percentiles, upper_edge, within_promise
from resign.reports.span import BadSpan, Span

MILLISECOND = timedelta(milliseconds=1)


@given(
    st.lists(st.timedeltas(MILLISECOND, timedelta(days=3000)), min_size=1), st.sampled_from([0.5, 0.95, 1.0])
)
def test_a_percentile_is_never_too_short_and_at_most_5_percent_too_long(durations, share):
    (told,) = percentiles(Counter(map(bucket_of, durations)), [share])
    exact = sorted(durations)[max(0, -(-len(durations) * int(share * 100) // 100) - 1)]
    assert exact <= told <= exact * 1.051 + MILLISECOND


def test_of_nothing_there_is_no_percentile():
    assert percentiles({}, [0.5, 1]) == [None, None]
    assert percentiles({7: 0}, [0.5]) == [None]


@pytest.mark.parametrize(("duration", "counted"), [(PROMISE, 1), (PROMISE + MILLISECOND, 0), (-PROMISE, 1)])
def test_48_hours_are_an_edge_of_their_own(duration, counted):
    assert within_promise({bucket_of(duration): 1}) == counted


def test_what_takes_longer_than_all_edges_is_in_the_last_bucket():
    assert upper_edge(bucket_of(timedelta(days=9999))) == MILLISECOND * EDGES[-1]


def test_a_span_has_all_its_periods_also_the_quiet_ones():
    assert len(Span(date(2024, 2, 1), date(2024, 2, 29)).periods()) == 29
    assert Span(date(2026, 5, 4), date(2026, 5, 17), "week").periods() == [
        date(2026, 5, 4),
        date(2026, 5, 11),
    ]
    assert Span(date(2026, 5, 9), date(2026, 7, 1), "month").periods() == [
        date(2026, m, 1) for m in (5, 6, 7)
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-05-05", "2026-05-04"),
        ("2001-01-01", "2026-05-04"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-30", "9999-12-31"),
    ],
)
def test_days_that_make_no_span_are_refused(first, last):
    with pytest.raises(BadSpan):
        Span(date.fromisoformat(first), date.fromisoformat(last))
