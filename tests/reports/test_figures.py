"""The figures as people read them: sums by period, the largest first, and nothing that flatters."""

from datetime import date, timedelta

import pytest

from resign.ledger import ALL
from resign.outbox.tables import MessageRow
from resign.profile import Profile
from resign.reports import figures
from resign.reports.figure import Chart, Series
from resign.reports.span import Span
from tests.reports.conftest import caught_up
from tests.reports.test_rollups import confirm, sent
from tests.support.decisions import ANNA, BORIS, decision, record

MAY = Span(date(2026, 5, 1), date(2026, 5, 31))
MAY_4 = date(2026, 5, 4)


@pytest.fixture
def ask(database, rollups):
    def asks(figure, *more, span=MAY, **named):
        caught_up(rollups)
        with database.reading() as session:
            return figure(session, "default", span, *more, **named)

    return asks


def test_of_nothing_every_figure_has_its_days_and_no_numbers(ask, clock):
    for figure in (figures.share_undone, figures.mail_to_opt_out):
        assert len(ask(figure).rows) == 31
    assert ask(figures.opt_outs_over_time).rows[0] == (date(2026, 5, 1), 0)
    assert ask(figures.opt_outs_over_time, "campaign").rows == []
    assert ask(figures.mailed_after).totals == {"mails": 0}
    assert ask(figures.bursts).rows == []
    assert ask(figures.time_to_confirmation, clock.now()).totals["within_48h"] is None


def test_opt_outs_over_time_and_by_campaign_the_largest_first(ask, database, clock):
    record(database, decision(clock, campaign="summer"), decision(clock, choice="opt-in"))
    clock.advance(days=7)
    record(database, *(decision(clock, campaign="spring") for _ in range(2)), decision(clock))
    weeks = Span(date(2026, 5, 4), date(2026, 5, 17), "week")
    assert ask(figures.opt_outs_over_time, span=weeks).rows == [(MAY_4, 1), (date(2026, 5, 11), 3)]
    by_campaign = ask(figures.opt_outs_over_time, "campaign", span=weeks)
    assert [(each.name, each.values) for each in by_campaign.chart.series] == [
        ("spring", [0, 2]),
        ("", [0, 1]),
        ("summer", [1, 0]),
    ]
    assert by_campaign.rows == [
        (MAY_4, "summer", 1),
        (date(2026, 5, 11), "spring", 2),
        (date(2026, 5, 11), "", 1),
    ]
    assert by_campaign.totals == {"opt_outs": 4}


def test_whoever_stops_everything_is_counted_once_for_each_agreement(ask, database, clock):
    record(
        database,
        *(decision(clock, agreement=each, method="preferences") for each in ("newsletter", "alcohol", ALL)),
    )
    assert ask(figures.opt_outs_over_time).totals == {"opt_outs": 2}
    assert ask(figures.opt_outs_over_time, None, ALL).totals == {"opt_outs": 1}
    assert ask(figures.opt_outs_over_time, None, "newsletter").totals == {"opt_outs": 1}


def test_another_workspace_is_not_counted(ask, database, clock):
    record(database, decision(clock, workspace="other"))
    assert ask(figures.opt_outs_over_time).totals == {"opt_outs": 0}


def test_the_share_that_was_undone(ask, database, clock):
    record(database, decision(clock), decision(clock, BORIS), decision(clock, BORIS, "opt-in"))
    found = ask(figures.share_undone)
    assert found.totals == {"opt_outs": 2, "undone": 1, "share": 0.5}
    assert found.rows[3] == (MAY_4, 2, 1, 0.5)
    assert [each.values[3] for each in found.chart.series] == [1, 1]


def test_what_waits_longer_than_48_hours_counts_as_missed(ask, database, clock):
    record(database, decision(clock), decision(clock, BORIS), decision(clock, BORIS))
    confirm(database, 1, clock.now() + timedelta(seconds=1))
    confirm(database, 2, clock.now() + timedelta(hours=49))
    waiting = {"destination": "synerise", "workspace": "default", "subject": "t", "agreement": "newsletter"}
    with database.writing() as session:
        session.add(MessageRow(decision_seq=3, state="owed", due_at=clock.now(), **waiting))
        session.commit()
    early = ask(figures.time_to_confirmation, clock.now() + timedelta(hours=47))
    assert early.totals["waiting_longer"] == 0
    found = ask(figures.time_to_confirmation, clock.now() + timedelta(hours=48, seconds=1))
    assert found.totals["waiting_longer"] == 1
    assert found.totals["within_48h"] == pytest.approx(1 / 3)
    assert found.totals["p50"] == pytest.approx(timedelta(seconds=1), rel=0.05)
    assert found.totals["worst"] == pytest.approx(timedelta(hours=49), rel=0.05)


def test_from_mail_to_opt_out_and_mails_afterwards(ask, database, clock):
    sent(database, ANNA, clock.now() - timedelta(hours=2), "spring")
    record(database, decision(clock, campaign="spring"))
    sent(database, ANNA, clock.now() + timedelta(hours=2), "spring", verdict="mailed-after")
    found = ask(figures.mail_to_opt_out)
    assert found.totals["known"] == 1
    assert found.totals["p50"] == pytest.approx(timedelta(hours=2), rel=0.05)
    assert ask(figures.mailed_after).rows == [(MAY_4, "spring", 1)]


def test_answers_by_code(ask, database, clock):
    from resign.reports.tables import RollupReason  # noqa: PLC0415 - the count of them has tests of its own

    with database.writing() as session:
        session.add(RollupReason(workspace="default", day=MAY_4, code="too-many", count=3))
        session.commit()
        found = figures.opt_outs_over_time(session, "default", MAY, "reason")
    assert found.rows == [(MAY_4, "too-many", 3)]


def test_forty_campaigns_are_five_and_all_others():
    chart = Chart("bars", [MAY_4], [Series(f"c{number}", [40 - number]) for number in range(40)])
    short = chart.shortened("others")
    assert [each.name for each in short.series] == ["c0", "c1", "c2", "c3", "c4", "others"]
    assert sum(each.total for each in short.series) == sum(each.total for each in chart.series)
    six = Chart("bars", [MAY_4], chart.series[:6])
    assert six.shortened("others") is six


def test_a_burst_is_listed_with_its_time_and_domain(ask, database, clock):
    record(database, *(decision(clock, Profile("email", f"p{n}@corp.example")) for n in range(10)))
    found = ask(figures.bursts)
    assert found.columns[:4] == ("burst", "first_at", "last_at", "domain")
    assert found.rows[0][1:4] == (clock.now(), clock.now(), "corp.example")
