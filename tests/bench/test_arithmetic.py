"""What the benchmark makes of its measurements."""

import json

import pytest

from resign.bench import wrk
from resign.bench.fault import BenchFault
from resign.bench.figure import Figure, at_least, at_most, median_ratio, percentile
from resign.bench.plan import Plan
from resign.bench.report import as_json
from resign.bench.weight import requests_of


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    # 0.5, 0.1 (a spoilt round) and 0.4; the ratio of the medians would be 0.36
    assert median_ratio([50, 10, 36], [100, 100, 90]) == pytest.approx(0.4)


def test_every_round_has_two_sides():
    with pytest.raises(ValueError, match="shorter"):
        median_ratio([1, 2], [1])


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([7], 0.5, 7),
        ([1, 2, 3, 4], 0.5, 2),
        ([4, 3, 2, 1], 0.75, 3),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 102)), 0.99, 100),
        ([1, 2, 3], 1.0, 3),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(values, share, found):
    assert percentile(values, share) == found


def test_a_target_is_met_at_its_bound():
    assert at_least(0.33).met_by(0.33)
    assert not at_least(0.33).met_by(0.3299)
    assert at_most(180).met_by(180)
    assert not at_most(180).met_by(180.1)


def test_a_figure_without_a_target_is_neither_met_nor_missed():
    assert Figure("confirmed p50", "sqlite", 500, "ms").met is None


def test_the_json_holds_the_measurements_beside_the_value():
    figure = Figure("one-click", "sqlite", 0.42, "", at_least(0.33), {"per_second": 1800.0})
    (found,) = json.loads(json.dumps(as_json([figure])))["figures"]
    assert found == {
        "name": "one-click",
        "engine": "sqlite",
        "value": 0.42,
        "unit": "ratio",
        "target": "≥ 0.33",
        "met": True,
        "lost": 0,
        "per_second": 1800.0,
    }


def test_refused_answers_are_not_acknowledged():
    assert wrk.read(said(answers=1000, refused=10)).per_second == pytest.approx(495)


def test_a_round_that_ran_out_of_links_is_no_figure():
    with pytest.raises(BenchFault, match="ran out of links"):
        wrk.read(said(answers=1000, short=1))


def test_only_what_was_asked_for_is_measured(tmp_path):
    plan = Plan(tmp_path, ("sqlite",), None, print, only=("told",))
    assert plan.wants("told")
    assert not plan.wants("drain")
    assert Plan(tmp_path, ("sqlite",), None, print).wants("drain")


def test_whatever_a_browser_would_fetch_is_a_request():
    assert requests_of(b"<h1>Out</h1><a href='/u/x'>again</a>") == 1
    assert requests_of(b'<link rel="stylesheet" href="/public.css"><img src="/logo.svg">') == 3
    assert (
        requests_of(
            b'<link rel="icon" href="data:,"><style>h1{background:url(data:image/png;base64,AA)}</style>'
        )
        == 1
    )


def said(**counted):
    line = {
        "answers": 0, "refused": 0, "broken": 0, "seconds": 2.0, "p50_ms": 1.0, "p99_ms": 9.0, "short": 0, **counted,
    }  # fmt: skip
    return f"Running 2s test\n  2 threads and 32 connections\n{json.dumps(line)}\n"
