"""A whole import is taken back: what stood before holds again, what people decided since stays, nothing is invented."""

from functools import partial

import pytest
from sqlalchemy import func, select

from resign.imports import batches, reversing
from resign.imports.batches import taken_back_of
from resign.imports.tables import ImportRow
from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Consent, HashedOptOut
from resign.profile import Profile
from resign.staff.tables import Deed
from tests.imports.conftest import BY_COLUMN, OPT_OUTS, finish
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, choices, decision, record
from tests.support.pressing import pressed_after

EVA = Profile("email", "eva@example.com")


@pytest.fixture
def reversed_of(order, importer, batch_of):
    """Takes it back, and gives what became of its decisions."""

    def take_back(number, **more):
        order(batches.reverse, number, **more)
        finish(importer)
        batch = batch_of(number)
        assert batch.state == "reversed"
        return dict(taken_back_of(batch))

    return take_back


def test_what_stood_before_holds_again_and_what_was_decided_since_stays(
    imported, reversed_of, decisions, database, clock
):
    record(database, decision(clock, ANNA, "opt-in"), decision(clock, BORIS, "opt-in"))
    clock.advance(hours=1)
    number = imported("email\nanna@example.com\nboris@example.com\neva@example.com\n")
    clock.advance(hours=1)
    record(database, decision(clock, BORIS, "opt-out", method="one-click"))
    before = decisions()
    assert reversed_of(number) == {"restored": 1, "decided-since": 1, "unknown-before": 1}
    [restored] = decisions("identifier", "choice", "method", "actor", "origin", "evidence")[len(before) :]
    assert restored == ("anna@example.com", "opt-in", "import", "mia", "crm", None)


def test_an_opt_in_is_always_taken_back(imported, reversed_of, decisions, database, clock):
    record(database, decision(clock, BORIS))
    clock.advance(days=2)
    rows = "anna@example.com,yes,,form 7\nboris@example.com,yes,2026-05-06T00:00:00Z,form 7\n"
    number = imported(f"email,choice,when,evidence\n{rows}", BY_COLUMN)
    assert [choice for *_, choice in decisions()] == ["opt-out", "opt-in", "opt-in"]
    assert reversed_of(number) == {"restored": 2}
    assert decisions()[3:] == [
        ("anna@example.com", "newsletter", "opt-out"), ("boris@example.com", "newsletter", "opt-out"),
    ]  # fmt: skip


def test_who_was_unknown_before_is_opted_in_only_on_somebodys_word(imported, reversed_of, decisions):
    number = imported("email\nanna@example.com\n")
    assert reversed_of(number, agreed="all of them bought in the shop") == {"agreed": 1}
    assert decisions("choice", "evidence")[-1] == ("opt-in", "all of them bought in the shop")


def test_the_last_row_of_a_person_counts_and_what_stood_before_the_import(imported, reversed_of, decisions):
    rows = "anna@example.com,yes,,form 7\nanna@example.com,no,,\n"
    number = imported(f"email,choice,when,evidence\n{rows}", BY_COLUMN)
    assert reversed_of(number) == {"later-row": 1, "unknown-before": 1}
    assert [choice for *_, choice in decisions()] == ["opt-in", "opt-out"]


def test_everything_is_taken_back_for_each_agreement_that_was_on(
    imported, reversed_of, decisions, database, clock
):
    record(database, decision(clock, ANNA, "opt-in", agreement="wine"))
    clock.advance(hours=1)
    number = imported("email\nanna@example.com\n", {**OPT_OUTS, "agreement": "all"})
    assert reversed_of(number) == {"unknown-before": 1, "restored": 1, "each-agreement": 1}
    assert decisions()[-1] == ("anna@example.com", "wine", "opt-in")


def test_stopping_everything_since_is_a_decision_since(imported, reversed_of, database, clock):
    record(database, decision(clock, ANNA, "opt-in"))
    number = imported("email\nanna@example.com\n")
    record(database, decision(clock, ANNA, agreement="all", method="preferences"))
    assert reversed_of(number) == {"decided-since": 1}


def test_nobody_is_restored_whose_address_is_on_a_list_of_hashes(imported, reversed_of, database, clock):
    record(database, decision(clock, ANNA, "opt-in"))
    number = imported("email\nanna@example.com\n")
    imported(f"email\n{plain_hash('anna@example.com')}\n", {**OPT_OUTS, "hash": "sha256"})
    assert reversed_of(number) == {"suppressed": 1}


def test_hashes_are_removed_unless_another_import_brought_them_as_well(
    imported, reversed_of, database, clock
):
    hashes = [Profile("email", f"p{n}@example.com").digest(DIGEST_KEY) for n in range(3)]
    mapping = {**OPT_OUTS, "hash": "keyed"}
    first = imported("email\n" + "\n".join(hashes), mapping)
    second = imported("email\n" + hashes[0], mapping)
    assert reversed_of(first) == {"removed": 2, "held-elsewhere": 1}
    with database.reading() as session:
        assert [(row.hash, row.batch) for row in session.scalars(select(HashedOptOut))] == [
            (hashes[0], second)
        ]


def test_it_goes_on_after_a_crash_where_it_was(
    imported, order, importer, batch_of, database, clock, monkeypatch
):
    people = [Profile("email", f"p{n}@example.com") for n in range(7)]
    record(database, *(decision(clock, who, "opt-in") for who in people))
    clock.advance(hours=1)
    number = imported("email\n" + "\n".join(who.value for who in people))
    monkeypatch.setattr("resign.imports.reversing._AT_ONCE", 2)
    order(batches.reverse, number)
    for _ in range(3):
        importer.step()
    importer.close()  # all that it knew is gone
    with database.reading() as session:
        done = session.scalar(select(func.count()).where(ImportRow.taken_back.is_not(None)))
    assert 0 < done < 7
    finish(importer)
    assert taken_back_of(batch_of(number)) == {"restored": 7}
    assert choices(database) == ["opt-in"] * 7 + ["opt-out"] * 7 + ["opt-in"] * 7


def test_only_what_was_taken_in_can_be_taken_back_and_it_is_noted_who_did(
    begin, order, importer, reversed_of, imported, database
):
    number = begin("email\nanna@example.com\n")
    with pytest.raises(batches.NotNow, match="checking"):
        order(batches.reverse, number)
    reversed_of(imported("email\nanna@example.com\n"))
    with database.reading() as session:
        deeds = session.execute(select(Deed.action, Deed.name, Deed.workspace).order_by(Deed.id)).all()
    assert deeds[-1] == ("reversed-import", "mia", "default")
    assert [deed.action for deed in deeds] == [
        "began-import", "began-import", "ran-import", "reversed-import",
    ]  # fmt: skip


def test_who_is_out_by_another_import_as_well_stays_out(imported, reversed_of, decisions, database, clock):
    """The second file was told that its opt-out is held already: taking the first back must not belie that."""
    record(database, decision(clock, ANNA, "opt-in"), decision(clock, BORIS, "opt-in"))
    clock.advance(hours=1)
    first = imported("email\nanna@example.com\nboris@example.com\n")
    second = imported("email\nAnna@Example.com\n")
    assert reversed_of(first) == {"said-elsewhere": 1, "restored": 1}
    assert decisions()[4:] == [("boris@example.com", "newsletter", "opt-in")]
    assert reversed_of(second) == {}


def test_nobody_is_restored_who_left_under_another_identifier_since_they_opted_in(
    imported, reversed_of, decisions, database, clock
):
    number = Profile("customId", "c-1")
    record(database, decision(clock, number, "opt-in"), decision(clock, ANNA, "opt-in"))
    with database.writing() as session:
        session.add(
            Consent(
                workspace="default", digest=number.digest(DIGEST_KEY), agreement="newsletter", choice="opt-in",
                decision_seq=1, since=clock.now(), email=ANNA.value, email_digest=ANNA.digest(DIGEST_KEY),
            )
        )  # fmt: skip
        session.commit()
    record(database, decision(clock, number, "opt-out"))
    clock.advance(hours=1)
    taken = imported("email\nanna@example.com\n")
    before = decisions()
    assert reversed_of(taken) == {"decided-since": 1}
    assert decisions() == before


def test_a_press_while_an_opt_in_is_restored_is_the_newer_of_the_two(
    imported, reversed_of, decisions, database, clock, monkeypatch
):
    """It comes just after we have looked where the person stands: overruled by what we write then, it would be lost."""
    record(database, decision(clock, ANNA, "opt-in"))
    clock.advance(hours=1)
    number = imported("email\nanna@example.com\n")
    press = partial(record, database, decision(clock, ANNA))
    with pressed_after(monkeypatch, reversing, "_overtaken", press):
        assert reversed_of(number) == {"restored": 1}
    assert decisions("choice", "method")[1:] == [
        ("opt-out", "import"), ("opt-in", "import"), ("opt-out", "page"),
    ]  # fmt: skip
