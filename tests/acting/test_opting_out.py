"""An opt-out by phone or letter: a decision like any other, and beside it who recorded it and why."""

from dataclasses import replace

from resign.acting.act import Act
from resign.acting.opting_out import opt_out
from resign.acting.seen import changes_since
from resign.ledger.standings import standings
from tests.acting.conftest import ASKED, DIGEST, MIA
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record
from tests.synerise.test_own_agreements import OWN


def test_it_is_a_decision_of_that_staff_member_and_is_owed(desk):
    made = desk.does(opt_out, ANNA, "newsletter", ASKED)
    [row] = desk.decisions()
    assert (row.id, row.identifier, row.agreement, row.choice) == (
        made.id, "anna@example.com", "newsletter", "opt-out",
    )  # fmt: skip
    assert (row.method, row.actor, row.at, row.owed) == ("staff", "Ada", desk.clock.now(), True)
    assert desk.deeds() == [
        ("Ada", "opted-out", {
            "decision": str(made.id), "agreement": "newsletter", "basis": "She rang and asked us to.",
            "channel": "phone", "asked_on": "2026-05-04",
        })
    ]  # fmt: skip
    desk.fans_out()
    assert [message.state for message in desk.messages()] == ["owed"]


def test_somebody_new_is_known_from_then_on(desk):
    desk.does(opt_out, BORIS, "newsletter", ASKED)
    person = desk.person(BORIS.digest(DIGEST_KEY))
    assert (person.profile, person.email) == (BORIS, BORIS)


def test_everything_holds_also_for_what_is_thought_of_later(desk, database):
    desk.workspace = replace(desk.workspace, agreements=OWN)
    desk.does(opt_out, ANNA, "all", ASKED)
    assert [(row.agreement, row.choice) for row in desk.decisions()] == [
        *((name, "opt-out") for name in ("newsletter", *(each.name for each in OWN))),
        ("all", "opt-out"),
    ]
    with database.reading() as session:
        assert standings(session, "default", DIGEST, ["horses"])["horses"].choice == "opt-out"
    assert len(desk.deeds()) == 1


def test_it_is_recorded_also_where_somebody_else_has_just_done_so_and_that_can_be_told(desk, database, clock):
    record(database, decision(clock, choice="opt-in"))
    seen = desk.seen()
    desk.does(opt_out, ANNA, "newsletter", ASKED, by=MIA)
    desk.does(opt_out, ANNA, "newsletter", ASKED)
    assert [(row.choice, row.actor) for row in desk.decisions()] == [
        ("opt-in", "person"), ("opt-out", "Mia"), ("opt-out", "Ada"),
    ]  # fmt: skip
    told = desk.reads(changes_since, desk.person(), seen)
    assert [(change.what, change.who) for change in told] == [("opt-out", "Mia"), ("opt-out", "Ada")]


def test_what_is_not_committed_leaves_neither_a_decision_nor_a_deed(desk, database):
    with database.writing() as session:
        opt_out(
            session, Act(by=MIA, workspace=desk.workspace, at=desk.clock.now()), ANNA, "newsletter", ASKED
        )
    assert (desk.decisions(), desk.deeds()) == ([], [])
