"""What "everything" stops of an agreement that the settings have no more, by whichever way somebody stops everything."""

import pytest
from sqlalchemy import select, update

from resign.acting.act import Act
from resign.acting.opting_out import opt_out
from resign.app import create_worker
from resign.ledger import ALL
from resign.ledger.arriving import Statement
from resign.ledger.tables import Decision
from resign.ledger.uploading import upload
from resign.outbox.dead import dead_letters, retry
from resign.outbox.tables import MessageRow
from tests.acting.conftest import ADA, ASKED
from tests.outbox.test_own_agreements import Own
from tests.public.conftest import somebody
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record
from tests.support.person import FORM, ONE_CLICK

# A fixture of another folder.
__all__ = ["somebody"]


@pytest.fixture
def work(database, clock, make_worker):
    """Tells all that is owed; returns what was told of the agreements that are not the newsletter."""

    def go() -> list[tuple[str, str]]:
        own = Own(name="synerise-attributes")
        worker = make_worker(Own(), own)
        worker.drain()
        worker.finish()
        return [(message.agreement, message.choice) for message in own.told]

    return go


@pytest.fixture
def anna(somebody, database, clock, work):
    """She is in on wine, and then the agreement is taken out of the settings."""
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    work()
    return somebody(RESIGN_AGREEMENTS="")


def by_the_page(anna):
    assert anna.stops_everything().status_code == 200


def by_a_mail_program(anna):
    assert anna.client.post(anna.preferences, data=ONE_CLICK, content_type=FORM).status_code == 200


def by_staff(anna):
    act = Act(by=ADA, workspace=anna.settings.workspaces["default"], at=anna.clock.now())
    with anna.database.writing() as session:
        opt_out(session, act, ANNA, ALL, ASKED)
        session.commit()


def by_an_upload(anna):
    about = [Statement(profile=ANNA, agreement=each, choice="opt-out") for each in ("newsletter", ALL)]
    with anna.database.writing() as session:
        upload(
            session, "default", DIGEST_KEY, about,
            method="api", actor="crm", origin="crm", now=anna.clock.now(),
        )  # fmt: skip
        session.commit()


WAYS = [by_the_page, by_a_mail_program, by_staff, by_an_upload]


def wine(database) -> list[Decision]:
    with database.reading() as session:
        rows = select(Decision).where(Decision.agreement == "wine").order_by(Decision.seq)
        return list(session.scalars(rows))


@pytest.mark.parametrize("stops", WAYS)
def test_it_is_told_also_of_what_the_settings_have_no_more(anna, database, work, stops):
    stops(anna)
    assert work() == [("wine", "opt-out")]
    everything = next(each for each in anna.decisions() if each.agreement == ALL)
    found = wine(database)[-1]
    said = ("identifier", "digest", "choice", "method", "actor", "at", "origin", "shown", "body", "link_key")
    assert [getattr(found, name) for name in said] == [getattr(everything, name) for name in said]
    assert (found.prior, found.owed) == ("opt-in", False)


def test_told_by_a_worker_without_the_agreement_it_is_a_dead_letter_that_says_what_to_do(
    anna, database, clock, work
):
    anna.stops_everything()
    worker = create_worker(anna.settings, clock, database)
    with database.writing() as session:
        session.execute(update(MessageRow).values(state="confirmed"))
        session.commit()
    worker.drain()
    worker.finish()
    with database.reading() as session:
        [letter] = dead_letters(session)
    assert (letter.agreement, letter.choice, letter.overtaken) == ("wine", "opt-out", False)
    assert "put it back into the settings and retry" in letter.reason
    with database.writing() as session:
        assert retry(session, clock.now()) == 1
        session.commit()
    assert work() == [("wine", "opt-out")]


def test_what_was_switched_on_since_stays_on(anna, database, clock, work):
    """Both wait for the worker: the newer one is the person's last word."""
    anna.stops_everything()
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    assert work() == [("wine", "opt-in")]
    assert [each.choice for each in wine(database)] == ["opt-in", "opt-in"]


def test_what_is_off_already_and_what_others_have_is_left_alone(anna, database, clock, work):
    record(
        database,
        decision(clock, agreement="wine"),
        decision(clock, BORIS, choice="opt-in", agreement="wine"),
    )
    work()
    anna.stops_everything()
    assert work() == []
    assert len(wine(database)) == 3


def test_stopped_twice_before_anybody_was_told_it_is_decided_once(anna, database, work):
    anna.stops_everything()
    anna.stops_everything()
    assert work() == [("wine", "opt-out")]
    assert len(wine(database)) == 2


def test_what_is_in_the_settings_is_decided_once(somebody, database, clock, work):
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    work()
    somebody().stops_everything()
    assert work().count(("wine", "opt-out")) == 1
    assert len(wine(database)) == 2
