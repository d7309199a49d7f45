"""Mails are remembered as long as the settings say, for the time from mail to opt-out, and no longer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from resign.keeping import Keeping
from resign.notices.notice import Notice
from resign.notices.tables import NoticeRow
from resign.notices.taking import Taking
from resign.reports.facts import facts
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record


@pytest.fixture
def mailed(database, clock):
    """A mail of the campaign to Anna, an hour ago."""

    def remember(campaign="spring", **profile):
        at = clock.now() - timedelta(hours=1)
        notice = Notice("default", "message.sent", (profile.get("profile", ANNA),), at, campaign)
        Taking(database).remember(notice, DIGEST_KEY, clock.now())

    return remember


@pytest.fixture
def keeping(database, clock, settings):
    workspaces = {name: replace(each, mails_kept=30) for name, each in settings.workspaces.items()}
    return Keeping(database, workspaces, clock)


def test_what_one_workspace_keeps_longer_does_not_hide_what_another_forgets(database, clock, settings):
    """Nor does what is left of one that the settings name no more."""
    own = settings.workspaces["default"]
    kept = {
        "long": replace(own, name="long", mails_kept=365),
        "short": replace(own, name="short", mails_kept=30),
    }
    keeping = Keeping(database, kept, clock)
    now = clock.now()
    moments = {"at": now, "arrived_at": now, "due_at": now, "weighed_at": now}
    with database.writing() as session:
        rows = [
            {"key": f"{workspace}{number}", "workspace": workspace, "action": "message.sent", "kind": "email", "digest": "x", "verdict": "mail", **moments}
            for workspace, count in (("long", 600), ("gone", 600), ("short", 3))
            for number in range(count)
        ]  # fmt: skip
        session.execute(insert(NoticeRow), rows)
        session.commit()
    clock.advance(days=31)
    assert [keeping.step() for _ in range(5)] == [False, False, True, False, False]
    with database.reading() as session:
        left = session.execute(select(NoticeRow.workspace, func.count()).group_by(NoticeRow.workspace))
        assert dict(left.all()) == {"long": 600, "gone": 600}


def verdicts(database):
    with database.reading() as session:
        return list(session.scalars(select(NoticeRow.verdict).order_by(NoticeRow.id)))


def test_the_time_from_a_first_mail_to_the_opt_out_is_known(database, clock, mailed):
    mailed()
    record(database, decision(clock, campaign="spring"))
    record(database, decision(clock, campaign="summer"))
    with database.reading() as session:
        spring, summer = facts(session, [1, 2])
    assert spring.mail is not None
    assert summer.mail is None


def test_a_mail_is_forgotten_on_its_day_and_nothing_else_is(database, clock, mailed, keeping):
    mailed()
    Taking(database).keep(
        Notice("default", "newsletter.unsubscribe", (ANNA,), clock.now()), DIGEST_KEY, clock.now()
    )
    clock.advance(days=29)
    mailed("summer")
    assert not keeping.step()
    clock.advance(days=2)
    assert keeping.step()
    assert not keeping.step()
    assert verdicts(database) == [None, "mail"]
