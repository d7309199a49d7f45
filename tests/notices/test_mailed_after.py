"""Mails that Synerise sends after an opt-out was confirmed: each is flagged, but those that somebody asked for."""

from sqlalchemy import select

from resign.ledger.requested import REQUESTED
from resign.lost_links.tables import LinkRequest
from resign.notices.tables import NoticeRow
from tests.notices.seen import verdicts
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record
from tests.support.destination import ScriptedDestination


def test_a_mail_after_a_confirmed_opt_out_is_flagged_with_its_delay(
    database, clock, tell, weigher, make_worker
):
    worker = make_worker(ScriptedDestination())
    record(database, decision(clock))
    worker.drain()
    clock.advance(seconds=2)
    worker.drain()
    clock.advance(seconds=100)
    tell("message.sent", campaign="Summer")
    tell("message.sent", BORIS)
    weigher.step()
    with database.reading() as session:
        flagged = session.scalars(select(NoticeRow).where(NoticeRow.verdict == "mailed-after")).one()
    assert (flagged.campaign, flagged.delay_seconds) == ("Summer", 100)
    assert sorted(verdicts(database)) == ["fine", "mailed-after"]


def test_a_mail_that_somebody_asked_for_is_none_that_went_out_after_their_opt_out(
    database, clock, tell, weigher
):
    record(database, decision(clock, method="synerise"))
    clock.advance(hours=1)
    digest = ANNA.digest(DIGEST_KEY)
    with database.writing() as session:
        session.add(
            LinkRequest(
                workspace="default", digest=digest, at=clock.now(), due_at=clock.now(), verdict="sent",
                settled_at=clock.now(),
            )
        )  # fmt: skip
        session.commit()
    clock.advance(seconds=20)
    tell("message.sent", campaign="Your new link")
    clock.advance(hours=1)
    tell("message.sent", campaign="Summer")
    weigher.step()
    assert verdicts(database) == ["fine", "mailed-after"]


def test_the_mail_by_which_a_sign_up_is_confirmed_is_none_either(database, clock, tell, weigher):
    record(database, decision(clock, method="synerise"))
    clock.advance(hours=1)
    record(database, decision(clock, choice="opt-in", agreement=REQUESTED, method="api"))
    clock.advance(minutes=20)
    tell("message.sent", campaign="Please confirm")
    clock.advance(days=1)
    tell("message.sent", campaign="Summer")
    weigher.step()
    assert verdicts(database) == ["fine", "mailed-after"]
