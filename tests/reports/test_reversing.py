"""A reversal goes in pieces: presses come between them and win, and a kill loses nothing and repeats nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import count

import pytest
from sqlalchemy import event, func, insert, select

from resign.app import create_chores
from resign.db import Database
from resign.ledger.directly import append
from resign.ledger.tables import Decision
from resign.reports.judging import outcomes_of, progress_of, unjudged
from resign.reports.reversal import CannotReverse, Person, approve, propose
from resign.reports.reversal_tables import BurstProposal, BurstReversal
from resign.reports.reversing import AT_ONCE, Reversing
from resign.reports.span import Span
from resign.reports.tables import Burst, BurstMember
from tests.reports.test_bursts import person
from tests.support.decisions import DIGEST_KEY, choices, decision, record

KEYS = {"default": DIGEST_KEY}
MANY = 3 * AT_ONCE + 10


@pytest.fixture
def reversing(database, clock):
    return Reversing(database, KEYS, clock, breath=0)


@pytest.fixture
def approved(database, clock):
    """A burst of so many presses, reversed by Jan on Ewa's word; nothing of it has been carried out yet."""

    def make(people=None, *, workspace="default", begin=0):
        who = people or [person(number) for number in range(begin, begin + MANY)]
        presses = [decision(clock, each, workspace=workspace) for each in who]
        with database.writing() as session:
            append(session, presses)
            burst = Burst(
                workspace=workspace, domain_digest="0" * 32, domain="corp.example",
                first_at=clock.now(), last_at=clock.now(), opt_outs=len(who),
            )  # fmt: skip
            session.add(burst)
            session.flush()
            seqs = session.scalars(select(Decision.seq).where(Decision.id.in_([each.id for each in presses])))
            session.execute(insert(BurstMember), [{"decision_seq": s, "burst_id": burst.id} for s in seqs])
            now = clock.now()
            made = propose(session, burst.id, by=Person("ewa", 1), evidence="The gateway says so.", now=now)
            approve(session, made.id, by=Person("jan", 2), workspaces={workspace}, now=now)
            session.commit()
        return made

    return make


def goes_on(reversing):
    while reversing.step():
        pass


def opted_in(database):
    with database.reading() as session:
        query = select(Decision.identifier).where(Decision.choice == "opt-in").order_by(Decision.seq)
        return list(session.scalars(query))


def state(database, proposal):
    with database.reading() as session:
        return session.get(BurstProposal, proposal.id).state


def is_whole(database, proposal, outcomes):
    """Each opt-in was recorded once, and is the one that its row names."""
    assert state(database, proposal) == "approved"
    with database.reading() as session:
        assert outcomes_of(session, proposal.burst_id) == outcomes
        named = session.scalars(select(BurstReversal.decision).where(BurstReversal.decision.is_not(None)))
        made = session.scalars(select(Decision.id).where(Decision.choice == "opt-in"))
        assert sorted(named) == sorted(made)
    assert len(set(opted_in(database))) == outcomes["opted-in"]


def test_the_answer_is_recorded_and_nobody_is_opted_in_while_somebody_waits(database, approved):
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    proposal = approved()
    assert state(database, proposal) == "running"
    assert opted_in(database) == []
    assert not [each for each in said if "INSERT INTO burst_reversals" in each]


def test_piece_by_piece_the_newest_first_until_all_of_it_is_done(database, reversing, approved):
    proposal = approved()
    names = [person(number).value for number in range(MANY)]
    done = []
    while reversing.step():
        done.append(len(opted_in(database)))
        with database.reading() as session:
            assert progress_of(session, proposal) == (done[-1], MANY)
    assert done == [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, MANY]
    assert opted_in(database) == names[::-1]
    is_whole(database, proposal, {"opted-in": MANY})
    assert not reversing.step()


def test_a_burst_that_ends_with_a_piece_is_done_too(database, reversing, approved):
    proposal = approved([person(number) for number in range(AT_ONCE)])
    goes_on(reversing)
    is_whole(database, proposal, {"opted-in": AT_ONCE})


def test_a_piece_is_a_few_statements_however_many_there_are(database, reversing, approved):
    """Nobody can press meanwhile."""
    approved()
    reversing.step()
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    reversing.step()
    assert len(said) < 15, said


def test_whoever_presses_between_two_pieces_stays_out(database, reversing, approved, clock):
    proposal = approved()
    reversing.step()
    early, late = person(0), person(MANY - 1)  # the first one's turn is yet to come, the other's has been
    record(database, decision(clock, early), decision(clock, late))
    goes_on(reversing)
    is_whole(database, proposal, {"opted-in": MANY - 1, "overtaken": 1})
    with database.reading() as session:
        newest = select(func.max(Decision.seq)).group_by(Decision.digest)
        out = select(Decision.identifier).where(Decision.seq.in_(newest), Decision.choice == "opt-out")
        assert set(session.scalars(out)) == {early.value, late.value}


def test_whoever_presses_within_a_piece_is_newer_than_the_opt_in(database, database_url, approved, clock):
    """The press comes after the look, and before the opt-in is written."""
    approved([person(1)])
    other = Database(database_url)
    pressing = threading.Thread(target=record, args=(other, decision(clock, person(1))))

    def press(*told):
        if "INSERT INTO burst_reversals" in told[2]:
            pressing.start()
            pressing.join(0.3)

    event.listen(database.engine, "before_cursor_execute", press)
    goes_on(Reversing(database, KEYS, clock, breath=0))
    pressing.join()
    other.close()
    assert choices(database) == ["opt-out", "opt-in", "opt-out"]


def test_an_earlier_press_is_known_for_one_pieces_later(database, reversing, approved, clock):
    """Each of them pressed twice, and the two presses are of different pieces. One has come back by herself."""
    people = [person(number) for number in range(AT_ONCE + 5)]
    proposal = approved([*people, *people])
    record(database, decision(clock, people[0], "opt-in"))
    goes_on(reversing)
    with database.reading() as session:
        found = outcomes_of(session, proposal.burst_id)
    assert found == {"opted-in": len(people) - 1, "repeated": len(people) - 1, "overtaken": 2}
    assert len(opted_in(database)) == len(people)


class Killed(BaseException):
    """Nothing catches it, and nothing is tidied up."""


def killed_at(database, clock, statement):
    """A worker that dies before the statement of that number."""
    counted = count()

    def kill(*_):
        if next(counted) == statement:
            raise Killed

    event.listen(database.engine, "before_cursor_execute", kill)
    try:
        goes_on(Reversing(database, KEYS, clock, breath=0))
    except Killed:
        return True
    finally:
        event.remove(database.engine, "before_cursor_execute", kill)
    return False


def test_one_that_dies_before_whichever_statement_loses_nothing_and_repeats_nothing(
    database, approved, clock, monkeypatch
):
    monkeypatch.setattr("resign.reports.reversing.AT_ONCE", 3)
    proposal = approved([person(number) for number in range(16)])
    died = [statement for statement in range(2, 12) if killed_at(database, clock, statement)]
    assert len(died) > 3
    goes_on(Reversing(database, KEYS, clock, breath=0))
    is_whole(database, proposal, {"opted-in": 16})


WORKER = """
import sys
from resign.clock import SystemClock
from resign.db import Database
from resign.reports.reversing import Reversing
reversing = Reversing(Database(sys.argv[1]), {"default": sys.argv[2].encode()}, SystemClock(), breath=0.05)
while reversing.step():
    print("piece", flush=True)
"""


def test_killed_again_and_again_it_opts_in_each_once(database, database_url, approved):
    proposal = approved([person(number) for number in range(12 * AT_ONCE)])
    command = [sys.executable, "-c", WORKER, database_url, DIGEST_KEY.decode()]
    for pieces in (1, 2, 3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}) as process:
            for _ in range(pieces):
                assert process.stdout.readline() == b"piece\n"
            time.sleep(0.05)  # into the next one, as likely as not
            process.send_signal(signal.SIGKILL)
    assert 0 < len(opted_in(database)) < 12 * AT_ONCE
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    is_whole(database, proposal, {"opted-in": 12 * AT_ONCE})


def test_two_workers_at_once_opt_in_each_once(database, approved, clock):
    proposal = approved()
    errors = []

    def work():
        try:
            goes_on(Reversing(database, KEYS, clock, breath=0))
        except Exception as error:  # noqa: BLE001 - it is looked at below
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    is_whole(database, proposal, {"opted-in": MANY})


def test_a_large_one_keeps_no_small_one_waiting(database, reversing, approved):
    approved()
    small = approved([person(90_000)])
    reversing.step()
    reversing.step()
    assert state(database, small) == "approved"


def test_one_that_fails_keeps_none_of_the_others_waiting(database, reversing, approved, monkeypatch):
    broken = approved([person(1)])
    other = approved([person(2)])
    real = Reversing._reverse_some

    def fails(self, session, proposal):
        if proposal.id == broken.id:
            raise RuntimeError
        return real(self, session, proposal)

    monkeypatch.setattr(Reversing, "_reverse_some", fails)
    for _ in range(2):
        try:
            reversing.step()
        except RuntimeError:
            continue
    assert (state(database, broken), state(database, other)) == ("running", "approved")


def test_one_of_a_workspace_that_the_settings_do_not_name_waits_until_they_do(database, clock, approved):
    proposal = approved(workspace="elsewhere", people=[person(1)])
    assert not Reversing(database, KEYS, clock, breath=0).step()
    assert state(database, proposal) == "running"
    goes_on(Reversing(database, {"elsewhere": DIGEST_KEY}, clock, breath=0))
    is_whole(database, proposal, {"opted-in": 1})


def test_a_worker_that_comes_late_does_nothing_about_what_joined_after_the_last_piece(
    database, reversing, approved, clock, monkeypatch
):
    record(database, decision(clock, person(0)))
    proposal = approved([person(1)])
    goes_on(reversing)
    with database.writing() as session:
        session.add(BurstMember(decision_seq=1, burst_id=proposal.burst_id))
        session.commit()
    monkeypatch.setattr(reversing, "_next", lambda: proposal.id)
    reversing.step()
    is_whole(database, proposal, {"opted-in": 1})


def test_one_that_is_under_way_has_been_judged(database, clock, approved):
    day = clock.now().date()
    approved([person(1)])
    with database.reading() as session:
        assert unjudged(session, "default", Span(day, day, "day")) == 0


def test_what_is_under_way_is_answered_already(database, clock, approved):
    proposal = approved([person(1)])
    with database.writing() as session, pytest.raises(CannotReverse, match=r"approved by jan already"):
        approve(session, proposal.id, by=Person("ola"), workspaces={"default"}, now=clock.now())


def test_the_worker_carries_it_out(settings, database, clock, approved):
    proposal = approved([person(1)])
    [chore] = [each for each in create_chores(settings, clock, database) if each.name == "reverse"]
    while chore.step():
        pass
    is_whole(database, proposal, {"opted-in": 1})
