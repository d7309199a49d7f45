"""The figures, each answered from the rollups: never from the ledger, however large it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, cast, func, select
from sqlalchemy.orm import Session

from resign.ledger import ALL
from resign.ledger.tables import Decision
from resign.outbox.tables import MessageRow, is_dead, is_live, is_to_synerise
from resign.reports.durations import PROMISE, percentiles, within_promise
from resign.reports.figure import Cell, Chart, Figure, Series
from resign.reports.span import Span
from resign.reports.tables import Burst, RollupCount, RollupMailed, RollupMark, RollupReason, RollupTime
from resign.reports.zones import edges

By = Literal["method", "campaign", "reason", "language", "agreement"]
_MOST_BURSTS = 1_000
_ISO = len("2026-05-04")
_MEASURES = ("p50", "p95", "worst")
_SHARES = (0.5, 0.95, 1.0)


def opt_outs_over_time(
    session: Session, workspace: str, span: Span, by: By | None = None, agreement: str | None = None
) -> Figure:
    """Opt-outs per period, and per `by` where it is given; the largest first. Reasons: answers, by their day in UTC."""
    if by == "reason":
        table: Any = RollupReason
        value, where = RollupReason.code, _within(RollupReason, workspace, span)
    else:
        table = RollupCount
        value = RollupCount.agreement if by == "agreement" else RollupCount.value
        dimension = "all" if by in {None, "agreement"} else by
        where = _opt_outs(workspace, span, dimension, agreement)
    # A name's days come as one text: a row of each would take three times as long.
    pair = cast(table.day, String) + ":" + cast(table.count, String)
    query = select(value, func.aggregate_strings(pair, ",")).where(where).group_by(value)
    periods = span.periods()
    places = {str(day): place for place, days in enumerate(span.days()) for day in days}
    series = [
        Series(name, _summed(pairs, places, len(periods))) for name, pairs in session.execute(query).all()
    ]
    series.sort(key=lambda each: (-each.total, each.name))
    if by is None:
        series = [Series("opt_outs", series[0].values if series else [0] * len(periods))]
        columns: tuple[str, ...] = ("period", "opt_outs")
        cells: list[tuple[Cell, ...]] = list(zip(periods, series[0].values, strict=True))
    else:
        columns = ("period", by, "opt_outs")
        names = [each.name for each in series]
        cells = [
            (period, name, count)
            for period, *counts in zip(periods, *(each.values for each in series), strict=True)
            for name, count in zip(names, counts, strict=True)
            if count
        ]
    total = int(sum(each.total for each in series))
    return Figure("opt-outs", columns, cells, Chart("bars", periods, series), {"opt_outs": total})


def share_undone(session: Session, workspace: str, span: Span, agreement: str | None = None) -> Figure:
    """How many opt-outs people took back themselves within 24 hours, by the day of the opt-out."""
    query = select(RollupCount.day, func.sum(RollupCount.count), func.sum(RollupCount.undone))
    where = _opt_outs(workspace, span, "all", agreement)
    outs, undone = Counter[date](), Counter[date]()
    for day, count, taken_back in session.execute(query.where(where).group_by(RollupCount.day)):
        outs[span.period_of(day)] += int(count)
        undone[span.period_of(day)] += int(taken_back)
    periods = span.periods()
    rows = [
        (period, outs[period], undone[period], _share(undone[period], outs[period])) for period in periods
    ]
    kept = Series("kept", [outs[period] - undone[period] for period in periods])
    chart = Chart("bars", periods, (kept, Series("undone", [undone[period] for period in periods])))
    total, taken = outs.total(), undone.total()
    totals: dict[str, Cell] = {"opt_outs": total, "undone": taken, "share": _share(taken, total)}
    return Figure("undone", ("period", "opt_outs", "undone", "share"), rows, chart, totals)


def time_to_confirmation(session: Session, workspace: str, span: Span, now: datetime) -> Figure:
    """From the decision until Synerise's profile said so: percentiles at most 5 per cent too long, never too short.

    The share within 48 hours is exact, and counts those that are older and still waiting as missed.
    """
    days = _histograms(session, workspace, span, "confirmed")
    late = _still_waiting(session, workspace, span, now)
    columns = ("period", "confirmed", *_MEASURES, "within_48h")
    rows = [(period, *_told(days.get(period, Counter()))) for period in span.periods()]
    whole = _together(days)
    confirmed, p50, p95, worst, _ = _told(whole)
    totals: dict[str, Cell] = {
        "confirmed": confirmed, "p50": p50, "p95": p95, "worst": worst,
        "waiting_longer": late, "within_48h": _share(within_promise(whole), whole.total() + late),
    }  # fmt: skip
    return Figure("confirmation", columns, rows, _chart(rows, span.periods()), totals)


def mail_to_opt_out(session: Session, workspace: str, span: Span) -> Figure:
    """From the campaign's last mail to the person until their opt-out, where Synerise told of the mail."""
    days = _histograms(session, workspace, span, "mail")
    rows = [(period, *_told(days.get(period, Counter()))[:-1]) for period in span.periods()]
    known, p50, p95, worst, _ = _told(_together(days))
    totals = {"known": known, "p50": p50, "p95": p95, "worst": worst}
    return Figure(
        "mail-to-opt-out", ("period", "known", *_MEASURES), rows, _chart(rows, span.periods()), totals
    )


def mailed_after(session: Session, workspace: str, span: Span) -> Figure:
    """Mails that went out after Synerise had confirmed the opt-out, by campaign and the day of the mail."""
    query = select(RollupMailed.day, RollupMailed.campaign, RollupMailed.count)
    found: dict[str, Counter[date]] = {}
    for day, campaign, count in session.execute(query.where(_within(RollupMailed, workspace, span))):
        found.setdefault(campaign, Counter())[span.period_of(day)] += count
    periods = span.periods()
    series = [Series(name, [counts[period] for period in periods]) for name, counts in found.items()]
    series.sort(key=lambda each: (-each.total, each.name))
    rows = [
        (period, name, found[name][period])
        for period in periods
        for name in sorted(found)
        if found[name][period]
    ]
    totals: dict[str, Cell] = {"mails": sum(counts.total() for counts in found.values())}
    return Figure(
        "mailed-after", ("period", "campaign", "mails"), rows, Chart("bars", periods, series), totals
    )


def bursts(session: Session, workspace: str, span: Span) -> Figure:
    """Scanner bursts, the newest first."""
    begin, end = edges(session, workspace, span)
    query = (
        select(
            Burst.id,
            Burst.first_at,
            Burst.last_at,
            Burst.domain,
            Burst.domain_digest,
            Burst.opt_outs,
            Burst.campaign,
        )
        .where(Burst.workspace == workspace, Burst.first_at >= begin, Burst.first_at < end)
        .order_by(Burst.first_at.desc(), Burst.id.desc())
        .limit(_MOST_BURSTS)
    )
    columns = ("burst", "first_at", "last_at", "domain", "domain_digest", "opt_outs", "campaign")
    rows = [tuple(row) for row in session.execute(query)]
    return Figure("bursts", columns, rows, totals={"bursts": len(rows)})


def _within(table: Any, workspace: str, span: Span) -> ColumnElement[bool]:  # noqa: ANN401 - any of the rollups
    return and_(table.workspace == workspace, table.day.between(span.first, span.last))


def _opt_outs(
    workspace: str, span: Span, dimension: str | None, agreement: str | None
) -> ColumnElement[bool]:
    """Without "everything", unless it is asked for: beside it stands an opt-out from each agreement."""
    return and_(
        _within(RollupCount, workspace, span),
        RollupCount.dimension == dimension,
        RollupCount.choice == "opt-out",
        RollupCount.agreement == agreement if agreement is not None else RollupCount.agreement != ALL,
    )


def _histograms(session: Session, workspace: str, span: Span, measure: str) -> dict[date, Counter[int]]:
    """By period. A day's buckets come as one text: a year has a hundred thousand, and a row of each takes ten times as long."""
    pair = cast(RollupTime.bucket, String) + ":" + cast(RollupTime.count, String)
    query = select(RollupTime.day, func.aggregate_strings(pair, ",")).group_by(RollupTime.day)
    found: dict[date, Counter[int]] = {}
    for day, pairs in session.execute(
        query.where(_within(RollupTime, workspace, span), RollupTime.measure == measure, RollupTime.count > 0)
    ):
        counts = found.setdefault(span.period_of(day), Counter())
        numbers = [*map(int, pairs.replace(":", ",").split(","))]
        counts.update(dict(zip(numbers[::2], numbers[1::2], strict=True)))
    return found


def _told(counts: Counter[int]) -> tuple[Cell, ...]:
    total = counts.total()
    return total, *percentiles(counts, _SHARES), _share(within_promise(counts), total)


def _together(days: Mapping[date, Counter[int]]) -> Counter[int]:
    whole: Counter[int] = Counter()
    for counts in days.values():
        whole.update(counts)
    return whole


def _chart(rows: Sequence[tuple[Cell, ...]], periods: Sequence[date]) -> Chart:
    """Of rows whose third to fifth cells are the percentiles."""
    series = [
        Series(name, [cell.total_seconds() if isinstance(cell, timedelta) else None for cell in column])
        for name, column in zip(_MEASURES, list(zip(*rows, strict=True))[2:5], strict=True)
    ]
    return Chart("lines", periods, series)


def _still_waiting(session: Session, workspace: str, span: Span, now: datetime) -> int:
    """Opt-outs older than 48 hours that were never confirmed. Only what is owed or dead is looked at, by its own indexes."""
    begin, end = edges(session, workspace, span)
    query = (
        select(func.count(Decision.seq.distinct()))
        .select_from(MessageRow)
        .join(Decision, Decision.seq == MessageRow.decision_seq)
        .outerjoin(RollupMark, RollupMark.decision_seq == Decision.seq)
        .where(
            MessageRow.workspace == workspace,
            is_to_synerise(),
            Decision.choice == "opt-out",
            Decision.at >= begin,
            Decision.at < min(end, now - PROMISE),
            RollupMark.confirmed.is_(None),
        )
    )
    return sum(session.scalar(query.where(condition)) or 0 for condition in (is_live(), is_dead()))


def _summed(pairs: str, places: Mapping[str, int], many: int) -> list[int]:
    """`2026-05-04:3,2026-05-05:1` as one sum for each period."""
    sums = [0] * many
    for pair in pairs.split(","):
        sums[places[pair[:_ISO]]] += int(pair[_ISO + 1 :])
    return sums


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
