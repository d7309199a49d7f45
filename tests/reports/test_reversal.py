"""A burst is reversed by two people, and only for those who are out because of it alone."""

import threading

import pytest
from sqlalchemy import select

from resign.ledger.tables import Decision
from resign.reports.judging import outcomes_of
from resign.reports.reversal import CannotReverse, Person, approve, propose, recall, refuse
from resign.reports.reversal_tables import BurstProposal, BurstReversal
from resign.reports.reversing import Reversing
from tests.reports.conftest import caught_up
from tests.reports.test_bursts import bursts, person, press
from tests.support.decisions import DIGEST_KEY, decision, record

EWA, JAN = Person("ewa", 1), Person("jan", 2)
SET = {"default"}
SHOWN = "All ten links of one mail within 50 seconds, from the gateway's addresses."


@pytest.fixture
def burst(database, rollups, clock):
    press(database, clock, 10, campaign="spring", language="pl")
    caught_up(rollups)
    return bursts(database)[0].id


@pytest.fixture
def at_the_edge(database):
    def act(work, *arguments, **named):
        with database.writing() as session:
            found = work(session, *arguments, **named)
            session.commit()
            return found

    return act


@pytest.fixture
def is_reversed(database, at_the_edge, clock):
    """Approved by Jan and carried out by the worker; how many ended how."""

    def act(proposal):
        at_the_edge(approve, proposal.id, by=JAN, workspaces=SET, now=clock.now())
        return carried_out(database, clock, proposal)

    return act


def carried_out(database, clock, proposal):
    reversing = Reversing(database, {"default": DIGEST_KEY}, clock, breath=0)
    while reversing.step():
        pass
    with database.reading() as session:
        assert session.get(BurstProposal, proposal.id).state == "approved"
        return outcomes_of(session, proposal.burst_id)


def opt_ins(database):
    with database.reading() as session:
        query = select(Decision).where(Decision.choice == "opt-in").order_by(Decision.seq)
        return list(session.scalars(query))


def test_a_second_person_approves_and_each_opt_in_says_by_whom_and_why(
    database, burst, at_the_edge, is_reversed, clock
):
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=clock.now())
    assert opt_ins(database) == []
    assert is_reversed(proposal) == {"opted-in": 10}
    found = opt_ins(database)
    assert {(each.method, each.actor, each.campaign, each.language) for each in found} == {
        ("staff", "jan", "spring", "pl")
    }
    assert len({each.digest for each in found}) == 10
    with database.reading() as session:
        basis = session.scalars(
            select(BurstProposal.evidence)
            .join(BurstReversal, BurstReversal.proposal_id == BurstProposal.id)
            .where(BurstReversal.decision.in_([each.id for each in found]))
        ).all()
    assert basis == [SHOWN] * 10


SAME = [Person("ewa", 1), Person("ewa"), Person("EWA", 7), Person(" \uff45wa ", 8), Person("E. Nowak", 1)]


@pytest.mark.parametrize("same", SAME, ids=repr)
def test_nobody_answers_what_they_proposed_under_whatever_name(database, burst, at_the_edge, clock, same):
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=clock.now())
    with pytest.raises(CannotReverse, match="Somebody else"):
        at_the_edge(approve, proposal.id, by=same, workspaces=SET, now=clock.now())
    with pytest.raises(CannotReverse, match="take it back"):
        at_the_edge(refuse, proposal.id, by=same, why="I was wrong.", now=clock.now())
    assert opt_ins(database) == []


def test_who_proposed_it_takes_it_back_and_nobody_else(database, burst, at_the_edge, clock):
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=clock.now())
    with pytest.raises(CannotReverse, match="Only who proposed it"):
        at_the_edge(recall, proposal.id, by=JAN, now=clock.now())
    at_the_edge(recall, proposal.id, by=Person("E. Nowak", 1), now=clock.now())
    with pytest.raises(CannotReverse, match=r"recalled by E\. Nowak"):
        at_the_edge(approve, proposal.id, by=JAN, workspaces=SET, now=clock.now())
    at_the_edge(propose, burst, by=JAN, evidence=SHOWN, now=clock.now())


def test_whoever_is_out_apart_from_the_burst_too_stays_out(
    database, rollups, clock, at_the_edge, is_reversed
):
    record(database, decision(clock, person(0), method="staff"))  # by telephone, the day before
    clock.advance(days=1)
    press(database, clock, 10)
    record(database, decision(clock, person(1)), decision(clock, person(2), choice="opt-in"))
    caught_up(rollups)
    number = bursts(database)[0].id
    proposal = at_the_edge(propose, number, by=EWA, evidence=SHOWN, now=clock.now())
    clock.advance(hours=1)
    record(database, decision(clock, person(3)))  # a person, an hour later
    counts = is_reversed(proposal)
    # Person 1 pressed twice within the burst: one opt-in, one press that it answers for as well.
    assert counts == {"opted-in": 7, "repeated": 1, "overtaken": 3}


def test_whom_retention_has_made_nameless_cannot_be_switched_on(
    database, burst, at_the_edge, is_reversed, clock
):
    with database.writing() as session:
        session.scalars(select(Decision)).first().identifier = None
        session.commit()
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=clock.now())
    counts = is_reversed(proposal)
    assert counts == {"opted-in": 9, "nameless": 1}


def test_those_who_join_after_the_proposal_were_looked_at_by_nobody(
    database, rollups, burst, at_the_edge, is_reversed, clock
):
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=clock.now())
    press(database, clock, 3, begin=50)
    caught_up(rollups)
    assert bursts(database)[0].opt_outs == 13
    assert is_reversed(proposal) == {"opted-in": 10}


def test_a_proposal_is_answered_once_and_there_is_one_at_a_time(database, burst, at_the_edge, clock):
    now = clock.now()
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=now)
    with pytest.raises(CannotReverse, match="waits for an answer"):
        at_the_edge(propose, burst, by=JAN, evidence=SHOWN, now=now)
    at_the_edge(refuse, proposal.id, by=JAN, why="People of that company wrote to us.", now=now)
    for again in (
        lambda: at_the_edge(approve, proposal.id, by=JAN, workspaces=SET, now=now),
        lambda: at_the_edge(refuse, proposal.id, by=JAN, why="Again.", now=now),
    ):
        with pytest.raises(CannotReverse, match="refused by jan"):
            again()
    assert opt_ins(database) == []
    at_the_edge(propose, burst, by=JAN, evidence=SHOWN, now=now)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"evidence": "  "}, "no person pressed"),
        ({"evidence": "x" * 4001}, "At most"),
        ({"by": Person(" ")}, "known who"),
        ({"by": Person("x" * 65)}, "known who"),
        ({"burst_id": 10**12}, "no such burst"),
    ],
)
def test_a_proposal_without_a_basis_or_a_name_is_refused(burst, at_the_edge, clock, more, says):
    with pytest.raises(CannotReverse, match=says):
        at_the_edge(propose, **{"burst_id": burst, "by": EWA, "evidence": SHOWN, "now": clock.now(), **more})


def test_of_two_who_approve_at_once_one_does(database, burst, at_the_edge, clock):
    proposal = at_the_edge(propose, burst, by=EWA, evidence=SHOWN, now=clock.now())
    said, ready = [], threading.Barrier(2)

    def approves(name):
        ready.wait()
        try:
            at_the_edge(approve, proposal.id, by=Person(name), workspaces=SET, now=clock.now())
            said.append("approved")
        except CannotReverse as reason:
            said.append(str(reason))

    threads = [threading.Thread(target=approves, args=(name,)) for name in ("jan", "ola")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "approved" in said
    assert any("approved by" in each for each in said)
    assert carried_out(database, clock, proposal) == {"opted-in": 10}
    assert len(opt_ins(database)) == 10
