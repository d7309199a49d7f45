"""An undo by staff: only where the person is out, only on a basis, and never over an opt-out that they had not seen."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text, update

from resign.acting.opting_in import CannotOptIn, are_mistakes, ask_to_confirm, opt_in, out_of
from resign.acting.opting_out import opt_out
from resign.acting.seen import Changed, Seen
from resign.ledger.directly import append
from resign.ledger.tables import Decision
from resign.links import Confirming
from resign.lost_links.requests import asked_after
from tests.acting.conftest import ASKED, DIGEST, MIA, MISTAKE, uncommitted
from tests.support.decisions import ANNA, choices, decision, record
from tests.synerise.test_own_agreements import OWN


def opts_in(desk, basis=ASKED, *agreements, seen=None, by=MIA):
    named = agreements or ("newsletter",)
    return desk.does(opt_in, desk.person(), named, basis, seen or desk.seen(), by=by)


def refused(why, work, *arguments, **more):
    with pytest.raises(CannotOptIn) as told:
        work(*arguments, **more)
    assert told.value.why == why


def test_it_is_a_decision_with_its_basis(desk, database, clock):
    record(database, decision(clock))
    [made] = opts_in(desk)
    newest = desk.decisions()[-1]
    assert (newest.id, newest.choice, newest.method, newest.actor) == (made.id, "opt-in", "staff", "Mia")
    assert desk.deeds() == [
        ("Mia", "opted-in", {
            "decision": str(made.id), "agreement": "newsletter", "basis": "She rang and asked us to.",
            "channel": "phone", "asked_on": "2026-05-04",
        })
    ]  # fmt: skip


def test_who_is_in_already_is_not_opted_in_again(desk, database, clock):
    record(database, decision(clock), decision(clock, choice="opt-in"))
    refused("is-in", opts_in, desk)
    assert choices(database) == ["opt-out", "opt-in"]
    assert desk.deeds() == []


def test_nobody_is_opted_into_what_was_never_decided_on(desk, database, clock):
    record(database, decision(clock))
    refused("is-in", opts_in, desk, ASKED, "newsletter", "horses")
    refused("is-in", desk.does, opt_in, desk.person(), (), ASKED, desk.seen())
    assert choices(database) == ["opt-out"]


def test_whom_retention_has_made_nameless_nobody_can_switch_on(desk, database, clock):
    record(database, decision(clock))
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.commit()
    refused("nameless", opts_in, desk)


def test_an_opt_out_that_was_not_seen_is_shown_first(desk, database, clock):
    record(database, decision(clock))
    seen = desk.seen()
    clock.advance(minutes=2)
    record(database, decision(clock))
    with pytest.raises(Changed) as told:
        opts_in(desk, seen=seen)
    assert [(change.what, change.who, change.at) for change in told.value.changes] == [
        ("opt-out", "person", clock.now())
    ]
    assert choices(database) == ["opt-out", "opt-out"]
    opts_in(desk)
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]


def test_whoever_saw_nothing_has_to_look_first(desk, database, clock):
    record(database, decision(clock))
    for text_ in ("", "x", "-1-0", "9" * 40, "1", "1-2-3"):
        with pytest.raises(Changed):
            opts_in(desk, seen=Seen.of(text_))
    assert choices(database) == ["opt-out"]


def test_a_press_that_is_not_committed_yet_comes_before_the_undo_and_stops_it(desk, database, clock):
    """The table's lock waits for it: without, the undo would be committed first and yet be the newer one."""
    record(database, decision(clock))
    person, seen = desk.person(), desk.seen()

    def undo():
        with pytest.raises(Changed):
            desk.does(opt_in, person, ("newsletter",), ASKED, seen)

    with ThreadPoolExecutor(1) as pool:
        with uncommitted(database, lambda session: append(session, [decision(clock)])):
            undone = pool.submit(undo)
            waits_for_a_lock(database, undone)
        undone.result(20)
    assert choices(database) == ["opt-out", "opt-out"]


def test_a_press_while_the_undo_is_under_way_is_the_newer_one(desk, database, clock):
    record(database, decision(clock))
    person, seen, act = desk.person(), desk.seen(), desk.act()
    with ThreadPoolExecutor(1) as pool:
        with uncommitted(
            database, lambda session: opt_in(session, act, person, ("newsletter",), ASKED, seen)
        ):
            pressed = pool.submit(record, database, decision(clock))
            waits_for_a_lock(database, pressed)
        pressed.result(20)
    assert choices(database) == ["opt-out", "opt-in", "opt-out"]


def test_of_two_staff_who_press_at_once_one_opts_in_and_the_other_sees_it(desk, database, clock):
    record(database, decision(clock))
    person, seen = desk.person(), desk.seen()

    def press(by):
        try:
            desk.does(opt_in, person, ("newsletter",), ASKED, seen, by=by)
        except Changed as changed:
            return [(change.what, change.who) for change in changed.changes]
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(press, (MIA, desk.act().by)))
    assert told.count("done") == 1
    other = "Mia" if told[0] == "done" else "Ada"
    assert [("opt-in", other)] in told
    assert choices(database) == ["opt-out", "opt-in"]


def test_a_mistake_of_staff_is_mended_within_a_day(desk, database, clock):
    record(database, decision(clock, choice="opt-in"))
    desk.does(opt_out, ANNA, "newsletter", ASKED)
    clock.advance(hours=24)
    opts_in(desk, MISTAKE)
    assert choices(database) == ["opt-in", "opt-out", "opt-in"]
    assert desk.deeds()[-1][2]["basis"] == "I took the wrong line of the list."
    assert "channel" not in desk.deeds()[-1][2]


def test_after_a_day_it_is_not(desk, database, clock):
    desk.does(opt_out, ANNA, "newsletter", ASKED)
    clock.advance(hours=23)
    desk.does(opt_out, ANNA, "newsletter", ASKED)
    clock.advance(hours=2)
    refused("not-ours", opts_in, desk, MISTAKE)
    opts_in(desk, ASKED)
    assert choices(database) == ["opt-out", "opt-out", "opt-in"]


@pytest.mark.parametrize("first", [True, False])
def test_what_a_person_decided_themselves_is_nobodys_mistake(desk, database, clock, first):
    if first:
        record(database, decision(clock))
    desk.does(opt_out, ANNA, "newsletter", ASKED)
    if not first:
        record(database, decision(clock, agreement="all"))
    assert not desk.reads(are_mistakes, desk.person(), ["newsletter"], clock.now())
    refused("not-ours", opts_in, desk, MISTAKE)


def test_everything_by_mistake_is_mended_agreement_by_agreement(desk, database, clock):
    desk.workspace = replace(desk.workspace, agreements=OWN)
    own = [each.name for each in OWN]
    desk.does(opt_out, ANNA, "all", ASKED)
    assert desk.reads(out_of, desk.person(), desk.workspace) == ("newsletter", *own)
    opts_in(desk, MISTAKE, "newsletter", own[0])
    assert desk.reads(out_of, desk.person(), desk.workspace) == tuple(own[1:])
    assert [deed[2]["agreement"] for deed in desk.deeds()[1:]] == ["newsletter", own[0]]


def test_the_mail_by_which_a_person_confirms_is_asked_for_and_nothing_is_decided(desk, database, clock):
    record(database, decision(clock))
    seen = desk.seen()
    desk.does(ask_to_confirm, desk.person(), ("newsletter",), ASKED, seen)
    assert choices(database) == ["opt-out"]
    [request] = desk.requests()
    asked = Confirming("newsletter", request.id)
    assert desk.reads(asked_after, "default", DIGEST, asked, clock.now()) is not None
    assert [(name, action) for name, action, _ in desk.deeds()] == [("Ada", "asked-to-confirm")]
    with pytest.raises(Changed) as told:
        desk.does(ask_to_confirm, desk.person(), ("newsletter",), ASKED, seen, by=MIA)
    assert [(change.what, change.who) for change in told.value.changes] == [("asked-to-confirm", "Ada")]
    assert len(desk.requests()) == 1


def waits_for_a_lock(database, working) -> None:
    """Until the other session is seen to wait; on SQLite it waits for the writer's turn."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    deadline = time.monotonic() + 10
    while not database.is_sqlite:
        with database.reading() as session:
            if session.scalar(waiting):
                return
        assert not working.done(), "it did not wait"
        assert time.monotonic() < deadline
        time.sleep(0.01)
