"""The demo's console opens with a month behind it: made by the product itself, and clearly nobody's."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from resign.db import Database
from resign.demo.examples import visits
from resign.demo.past import as_profiles, make_examples
from resign.demo.system import prepare
from resign.ledger.tables import Decision, Reason
from resign.outbox.tables import MessageRow

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
NOBODYS = ("example.com", "example.org", ".example")


def test_the_examples_are_of_the_last_month_and_in_order():
    made = visits(NOW)
    assert 200 <= len(made) <= 400
    times = [visit.at for visit in made]
    assert times == sorted(times)
    assert NOW - timedelta(days=30) < times[0] < times[-1] < NOW


def test_they_are_nobodys_and_say_so():
    for visit in visits(NOW):
        assert visit.email.endswith(NOBODYS)
        assert visit.campaign.startswith("example-")
        assert visit.custom_id.startswith("EX-")


def test_they_happened_and_synerise_knows(tmp_path):
    system = prepare(tmp_path, {}, ports=(0, 0))
    made = make_examples(system)
    database = Database(system.settings.database_url, connections=1)
    with database.reading() as session:
        outs = session.scalar(select(func.count()).where(Decision.choice == "opt-out"))
        ins = session.scalar(select(func.count()).where(Decision.choice == "opt-in"))
        breaks = session.scalar(select(func.count()).where(Decision.until.is_not(None)))
        reasons = session.scalar(select(func.count()).select_from(Reason))
        states = dict(
            session.execute(select(MessageRow.state, func.count()).group_by(MessageRow.state)).all()
        )
    database.close()
    assert outs == len(made)
    assert ins == sum(visit.undone is not None for visit in made)
    assert breaks == sum(visit.way == "break" for visit in made) > 0
    assert reasons > 10
    assert set(states) == {"confirmed", "dead"}
    assert states["dead"] in range(1, 6)
    profiles = as_profiles(system, made)
    assert sum(not profile["agreements"]["email"] for profile in profiles) == outs - ins
