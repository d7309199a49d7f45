"""Rollups over the test's database, and the same figures counted straight from the ledger, row by row."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from resign.ledger.tables import Decision, Reason
from resign.notices.tables import NoticeRow
from resign.outbox.tables import Attempt, MessageRow
from resign.reports.durations import bucket_of
from resign.reports.rollups import Rollups
from resign.reports.tables import RollupCount, RollupMailed, RollupReason, RollupTime
from tests.support.decisions import DIGEST_KEY

WARSAW = ZoneInfo("Europe/Warsaw")
DAY = timedelta(hours=24)


@pytest.fixture
def rollups(database, clock):
    return Rollups(database, {"default": WARSAW}, {"default": DIGEST_KEY}, clock)


def caught_up(rollups):
    for _ in range(1000):
        if not rollups.step():
            return
    raise AssertionError("the rollups never come to rest")


def kept(database):
    """What the rollups hold, without rows that came to nothing."""
    found = {}
    with database.reading() as session:
        for table in (RollupCount, RollupTime, RollupReason, RollupMailed):
            keys = [column.name for column in table.__table__.primary_key]
            found[table.__tablename__] = {
                tuple(getattr(row, key) for key in keys): (
                    (row.count, row.undone) if table is RollupCount else row.count
                )
                for row in session.scalars(select(table))
                if row.count
            }
    return found


def recounted(database, zone=WARSAW):
    """Slow, plain, and with none of the product's own steps: each fact from its definition."""
    with database.reading() as session:
        decisions = session.scalars(select(Decision).order_by(Decision.seq)).all()
        attempts = session.execute(
            select(MessageRow.decision_seq, Attempt.at)
            .join(Attempt, Attempt.message_id == MessageRow.id)
            .where(Attempt.outcome == "confirmed")
        ).all()
        notices = session.scalars(select(NoticeRow)).all()
        answers = session.scalars(select(Reason)).all()
    counts, undone, times = Counter(), Counter(), Counter()
    for decision in decisions:
        day = decision.at.astimezone(zone).date()
        dimensions = {
            "all": "",
            "method": decision.method,
            "campaign": decision.campaign,
            "language": decision.language,
        }
        back = decision.choice == "opt-out" and taken_back(decision, decisions)
        for dimension, value in dimensions.items():
            key = (decision.workspace, dimension, decision.choice, day, decision.agreement, value or "")
            counts[key] += 1
            undone[key] += back
        if decision.choice != "opt-out":
            continue
        confirmed = [at for seq, at in attempts if seq == decision.seq]
        if confirmed and decision.method != "synerise":
            bucket = bucket_of(min(confirmed) - decision.at)
            times[decision.workspace, "confirmed", day, bucket] += 1
        mails = [
            notice.at
            for notice in notices
            if notice.action == "message.sent"
            and (notice.workspace, notice.digest, notice.campaign)
            == (decision.workspace, decision.digest, decision.campaign)
            and notice.at <= decision.at
        ]
        if mails and decision.campaign:
            times[decision.workspace, "mail", day, bucket_of(decision.at - max(mails))] += 1
    return {
        "rollup_counts": {key: (count, undone[key]) for key, count in counts.items()},
        "rollup_times": dict(times),
        "rollup_reasons": dict(Counter((a.workspace, a.at.date(), a.code or "") for a in answers)),
        "rollup_mailed": dict(
            Counter(
                (n.workspace, n.at.astimezone(zone).date(), n.campaign or "")
                for n in notices
                if n.verdict == "mailed-after"
            )
        ),
    }


def taken_back(out, decisions):
    for later in decisions:
        same = (later.workspace, later.digest, later.agreement) == (out.workspace, out.digest, out.agreement)
        if same and later.seq > out.seq and later.choice == "opt-in":
            by_the_person = later.method in {"page", "one-click", "preferences"} and later.actor == "person"
            return by_the_person and later.at - out.at <= DAY
    return False
