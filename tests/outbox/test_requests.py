"""A request on its way to Synerise: it ends with whatever is decided on what it asks for, and delays no opt-out."""

import pytest
from sqlalchemy import func, select, update

from resign.ledger.requested import REQUESTED
from resign.ledger.tables import Consent, Decision
from resign.outbox.contract import Accepted, Busy
from resign.outbox.repeating import tellings
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from tests.support.decisions import ANNA, BORIS, decision, record
from tests.support.destination import ScriptedDestination


class Lane(ScriptedDestination):
    """The newsletter's, or the sign-up's."""

    def __init__(self, name="synerise", tell=None):
        super().__init__(tell, name=name)
        self.system = "synerise"
        self.confirms = name == "synerise"

    def hears_of(self, agreement):
        return (agreement == REQUESTED) == (self.name == "synerise-sign-up")


@pytest.fixture
def works(database, settings, clock):
    def steps(*destinations):
        worker = Worker(database, settings.workspaces, {"default": list(destinations)}, clock)
        worker.drain()
        worker.finish()

    return steps


def asks(clock, profile=ANNA, **more):
    return decision(clock, profile, agreement=REQUESTED, choice="opt-in", method="api", **more)


def states(database):
    with database.reading() as session:
        rows = session.execute(select(MessageRow.agreement, MessageRow.state).order_by(MessageRow.id))
        return [tuple(row) for row in rows]


def test_it_is_told_in_its_own_lane_and_is_nobodys_consent(database, clock, works):
    record(database, asks(clock))
    newsletter, sign_up = Lane(), Lane("synerise-sign-up")
    works(newsletter, sign_up)
    assert (newsletter.told, [each.agreement for each in sign_up.told]) == ([], [REQUESTED])
    assert states(database) == [(REQUESTED, "delivered")]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Consent)) == 0


@pytest.mark.parametrize("agreement", ["newsletter", "all"])
@pytest.mark.parametrize("method", ["page", "synerise"])
def test_a_later_opt_out_withdraws_it_by_whatever_way(database, clock, works, agreement, method):
    busy = Lane("synerise-sign-up", lambda _: Busy())
    record(database, asks(clock))
    works(Lane(), busy)
    record(database, decision(clock, agreement=agreement, method=method))
    newsletter, sign_up = Lane(), Lane("synerise-sign-up")
    clock.advance(hours=1)
    works(newsletter, sign_up)
    assert sign_up.told == []
    assert (REQUESTED, "superseded") in states(database)
    told = [each.choice for each in newsletter.told]
    assert told == (["opt-out"] if (agreement, method) == ("newsletter", "page") else [])


def test_it_is_withdrawn_also_where_the_opt_out_came_under_another_identifier(
    database, clock, works, settings
):
    """An address that was read back for a customId says that they are one person."""
    record(database, decision(clock, BORIS, choice="opt-in", method="api"))
    works(Lane(), Lane("synerise-sign-up"))
    key = settings.workspaces["default"].digest_key.encode()
    with database.writing() as session:
        session.execute(update(Consent).values(email_digest=ANNA.digest(key)))
        session.commit()
    record(database, asks(clock, BORIS))
    works(Lane(), Lane("synerise-sign-up", lambda _: Busy()))
    record(database, decision(clock, ANNA))
    clock.advance(hours=1)
    sign_up = Lane("synerise-sign-up")
    works(Lane(), sign_up)
    assert sign_up.told == []


def test_one_that_is_committed_after_the_opt_out_with_a_lower_number_is_not_told(database, clock, works):
    record(database, asks(clock), decision(clock))
    with database.writing() as session:
        session.execute(update(Decision).where(Decision.agreement == REQUESTED).values(owed=False))
        session.commit()
    works(Lane(), Lane("synerise-sign-up"))
    with database.writing() as session:
        session.execute(update(Decision).where(Decision.agreement == REQUESTED).values(owed=True))
        session.commit()
    sign_up = Lane("synerise-sign-up")
    works(Lane(), sign_up)
    assert sign_up.told == []


def test_an_opt_out_that_is_owed_is_told_whatever_is_asked_for_after_it(database, clock, works):
    record(database, decision(clock), asks(clock))
    newsletter, sign_up = Lane(), Lane("synerise-sign-up")
    works(newsletter, sign_up)
    assert [each.choice for each in newsletter.told] == ["opt-out"]
    assert len(sign_up.told) == 1
    with database.reading() as session:
        [consent] = session.execute(select(Consent.agreement, Consent.choice)).all()
    assert tuple(consent) == ("newsletter", "opt-out")


def test_no_outage_of_its_lane_holds_an_opt_out_up(database, clock, works):
    record(database, asks(clock), decision(clock, BORIS))
    newsletter = Lane()
    works(newsletter, Lane("synerise-sign-up", lambda _: Busy()))
    assert [each.profile for each in newsletter.told] == [BORIS]


def test_staff_who_have_a_person_told_again_start_no_second_mail(database, clock, works, settings):
    record(database, asks(clock))
    works(Lane(), Lane("synerise-sign-up", lambda _: Accepted()))
    key = settings.workspaces["default"].digest_key.encode()
    with database.reading() as session:
        assert tellings(session, "default", ANNA.digest(key), clock.now()) == []
