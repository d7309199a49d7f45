"""What people press is told at once, however much another system has just uploaded; and an upload is told all the same."""

import threading
import time

import pytest
from sqlalchemy import func, insert, select

from resign.clock import SystemClock
from resign.ledger.tables import Decision
from resign.outbox.claim import claim
from resign.outbox.contract import Accepted
from resign.outbox.fanout import fan_out
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.profile import Profile
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record, states
from tests.support.destination import ScriptedDestination

UPLOADED = 50_000


def pile_up(database, clock, count, **more):
    """As an import leaves them: decided, and not yet fanned out."""
    method = {"method": "import", "origin": "crm", "choice": "opt-in", "evidence": "the fair", **more}
    rows = [decision(clock, Profile("email", f"u{n}@example.com"), **method).row for n in range(count)]
    with database.writing() as session:
        session.connection().execute(insert(Decision), rows)
        session.commit()


def fan(database, clock):
    with database.writing() as session:
        taken = fan_out(session, ["default"], lambda *_: ["synerise"], lambda _: DIGEST_KEY, clock.now())
        session.commit()
    return taken


def claimed(database, clock, most, **how):
    with database.writing() as session:
        found = claim(session, clock.now(), most, ["default"], **how)
        session.commit()
    return [each.message.method for each in found]


def test_a_press_is_told_while_fifty_thousand_uploads_are_owed(database, settings, caplog):
    clock = SystemClock()
    pile_up(database, clock, UPLOADED)
    told_at: list[float] = []

    def tell(message):
        if message.method == "page":
            told_at.append(time.monotonic())
        time.sleep(0.05)
        return Accepted()

    target = ScriptedDestination(tell)
    worker = Worker(database, settings.workspaces, {"default": [target]}, clock, deliveries=16)
    running = threading.Thread(target=worker.run)
    running.start()
    try:
        time.sleep(2)
        pressed = time.monotonic()
        record(database, decision(clock))
        while not told_at and time.monotonic() - pressed < 30:
            time.sleep(0.01)
        uploads = sum(message.method == "import" for message in target.told)
    finally:
        worker.stop()
        running.join()
    assert told_at, "the press waits behind the upload"
    waited = told_at[0] - pressed
    # A second or two; more only where this machine has others to serve.
    assert waited < 5, f"{waited:.1f} s"
    assert 0 < uploads < UPLOADED / 2


def test_a_press_is_fanned_out_before_what_was_uploaded_earlier(database, clock):
    pile_up(database, clock, 600)
    record(database, decision(clock))
    assert fan(database, clock) == 500
    with database.reading() as session:
        owed = session.scalar(select(func.count()).where(Decision.owed, Decision.method == "page"))
    assert owed == 0


def test_one_persons_decisions_are_fanned_out_in_their_order(database, clock):
    """Where somebody stood before a press is what was uploaded before it."""
    pile_up(database, clock, 600)
    late = Profile("email", "u599@example.com")
    record(database, decision(clock, late))
    fan(database, clock)
    with database.reading() as session:
        [prior] = session.scalars(select(Decision.prior).where(Decision.method == "page"))
        query = select(MessageRow.state).join(Decision, Decision.seq == MessageRow.decision_seq)
        found = session.scalars(
            query.where(Decision.digest == late.digest(DIGEST_KEY)).order_by(Decision.seq)
        )
        assert (prior, list(found)) == ("opt-in", ["superseded", "owed"])


@pytest.mark.parametrize(("by_age", "first"), [(False, "page"), (True, "import")])
def test_a_press_is_claimed_first_except_by_age(database, clock, by_age, first):
    pile_up(database, clock, 50)
    fan(database, clock)
    clock.advance(seconds=1)
    record(database, decision(clock))
    fan(database, clock)
    clock.advance(seconds=1)
    assert claimed(database, clock, 1, by_age=by_age) == [first]


def test_what_yields_fills_the_rest_of_a_claim(database, clock):
    pile_up(database, clock, 5)
    record(database, decision(clock))
    fan(database, clock)
    assert sorted(claimed(database, clock, 4, by_age=False)) == ["import"] * 3 + ["page"]


def test_an_upload_is_told_however_many_presses_there_are(database, clock, make_worker):
    """Every claim is full of presses, and still the upload gets its turn."""
    pile_up(database, clock, 1)
    fan(database, clock)
    target = ScriptedDestination()
    worker = make_worker(target, deliveries=1)
    for number in range(200):
        record(database, decision(clock, Profile("email", f"p{number}@example.com")))
        clock.advance(seconds=1)
    worker.drain()
    methods = [message.method for message in target.told]
    assert methods.index("import") < 100
    assert len(methods) == 201


def test_an_opt_out_by_its_person_ends_an_upload_that_still_waits(database, clock, make_worker):
    pile_up(database, clock, 1)
    person = Profile("email", "u0@example.com")
    record(database, decision(clock, person))
    target = ScriptedDestination()
    make_worker(target).drain()
    assert [message.choice for message in target.told] == ["opt-out"]
    assert states(database)[0] == "superseded"
    assert ANNA not in {message.profile for message in target.told}
