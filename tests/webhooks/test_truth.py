"""What is said of Synerise hangs on Synerise alone, however a webhook beside it fares; and the webhook is seen as it is."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from resign.alarms.seen import alarms
from resign.exports.columns import lines
from resign.ledger.tables import Decision
from resign.outbox.contract import Differs, Refused, Unreachable
from resign.outbox.figures import ways
from resign.outbox.owed import owed
from resign.outbox.repeating import tellings
from resign.outbox.standing import is_under_way, standing
from resign.search.states import deliveries
from tests.outbox.conftest import make_worker
from tests.outbox.test_worker import run_for
from tests.reconcile.conftest import Profiles, make
from tests.support.decisions import ANNA, DIGEST_KEY, choices, decision, record
from tests.support.destination import ScriptedDestination

__all__ = ["make", "make_worker"]


@pytest.fixture
def clock(clock):
    clock._now = datetime.now(UTC)
    return clock


@pytest.fixture
def there():
    return Profiles()


@pytest.fixture
def crm():
    """Another system, in a script: what it answers is the test's to say."""
    made = ScriptedDestination(name="crm")
    made.confirms, made.at_once = False, 4
    return made


@pytest.fixture
def told(database, clock, make_worker, crm):
    """An opt-out, or what else is decided, told to both; `crm` in the way that the test has set."""

    def tell(choice: str = "opt-out", synerise: ScriptedDestination | None = None, **span: float):
        record(database, decision(clock, choice=choice))
        worker = make_worker(synerise or ScriptedDestination(), crm)
        run_for(worker, clock, **(span or {"seconds": 3}))
        return worker

    return tell


def seq(database) -> int:
    with database.reading() as session:
        return session.scalars(select(Decision.seq).order_by(Decision.seq.desc())).first()


DOWN = lambda _: Unreachable("it answered 500")  # noqa: E731 - a word for the tests below


def test_an_export_names_the_time_of_synerises_confirmation_while_the_other_is_down(database, crm, told):
    crm.tell = DOWN
    told()
    with database.reading() as session:
        [line] = lines(session, [seq(database)], clear=True)
    assert (line.state, bool(line.confirmed_at)) == ("telling", True)


def test_an_export_names_no_confirmation_where_only_the_other_was_told(database, told):
    told(synerise=ScriptedDestination(tell=DOWN))
    with database.reading() as session:
        [line] = lines(session, [seq(database)], clear=True)
        assert deliveries(session, [seq(database)])[seq(database)] == "telling"
    assert (line.state, line.confirmed_at) == ("telling", None)


def test_a_profile_is_believed_while_the_other_is_down(database, crm, told):
    crm.tell = DOWN
    told()
    with database.reading() as session:
        last = standing(session, "default", ANNA.digest(DIGEST_KEY), "newsletter").newest
        assert not is_under_way(session, last)


def test_the_comparison_looks_at_people_of_whom_the_other_has_not_heard(
    database, clock, crm, told, make, there
):
    crm.tell = DOWN
    told()
    there.shows[ANNA] = "opt-in"
    clock.advance(hours=30)
    reconciler = make()
    while reconciler.step():
        pass
    assert there.asked, "a webhook that is down keeps nobody from being compared with Synerise"


def test_the_comparison_takes_an_opt_out_that_was_missed_though_the_other_refused_the_opt_in(
    database, clock, crm, told, make, there
):
    crm.tell = lambda _: Refused("it answered 400")
    told("opt-in")
    there.shows[ANNA] = "opt-out"
    clock.advance(hours=30)
    reconciler = make()
    while reconciler.step():
        pass
    assert choices(database) == ["opt-in", "opt-out"]


@pytest.mark.parametrize(("hours", "level"), [(0.5, None), (2, "notice"), (30, "warning"), (60, "warning")])
def test_one_that_is_down_is_an_alarm_of_its_own_and_never_critical(database, clock, crm, told, hours, level):
    crm.tell = DOWN
    told(hours=hours, stride=60)
    with database.reading() as session:
        raised = {alarm.name: alarm.level for alarm in alarms(session, clock.now(), {"default": ["crm"]})}
        oldest = owed(session).oldest
    assert (raised.get("elsewhere"), "late" in raised) == (level, False)
    assert oldest is None, "the metric that mailbox providers' 48 hours hang on is about Synerise"


def test_staff_see_each_for_itself(database, clock, crm, told):
    crm.tell = DOWN
    told()
    with database.reading() as session:
        found = tellings(session, "default", ANNA.digest(DIGEST_KEY), clock.now())
        synerise, other = ways(session, [("default", "synerise"), ("default", "crm")], clock.now())
    assert {each.destination: each.state for each in found} == {"synerise": "confirmed", "crm": "owed"}
    assert (synerise.owed.number, other.owed.number) == (0, 1)


def test_a_drift_at_synerise_is_told_there_and_not_to_the_other_again(database, clock, crm, told):
    told(synerise=ScriptedDestination(look=lambda _: Differs("it says enabled")), minutes=3, stride=1)
    assert len(crm.told) == 1
