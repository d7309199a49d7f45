"""Lists of hashes: who is on one is opted out where they are known, and not opted in where they are not."""

from datetime import timedelta

import pytest

from resign.imports import batches
from resign.imports.batches import counts_of
from resign.imports.mapping import BadMapping, RowMapping
from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Consent
from resign.profile import Profile
from tests.imports.conftest import OPT_OUTS, finish
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY, decision, record

PLAIN = {**OPT_OUTS, "hash": "sha256"}
KEYED = {**OPT_OUTS, "hash": "keyed"}
HASHED = {
    "sha256": lambda who: plain_hash(who.value),
    "keyed": lambda who: who.digest(DIGEST_KEY),
}


@pytest.mark.parametrize("kind", HASHED)
def test_who_is_in_and_on_the_list_is_opted_out(imported, decisions, batch_of, database, clock, kind):
    upper = Profile("email", "Anna@Example.com")
    record(database, decision(clock, upper, "opt-in"), decision(clock, BORIS, "opt-in"))
    number = imported(f"email\n{HASHED[kind](ANNA)}\n{'0' * 64}\nrubbish\n", {**OPT_OUTS, "hash": kind})
    assert decisions()[2:] == [("Anna@Example.com", "newsletter", "opt-out")]
    found = counts_of(batch_of(number))
    assert (found["matched"], found["bad-hash"]) == (1, 1 if kind == "sha256" else 2)


def test_a_later_opt_in_by_an_import_is_refused(imported, verdicts, decisions):
    imported(f"email\n{plain_hash('anna@example.com')}\n", PLAIN)
    opt_in = {**OPT_OUTS, "choice": "opt-in", "evidence": "form 7"}
    assert verdicts(imported("email\nanna@example.com\nboris@example.com\n", opt_in)) == [
        "suppressed", "recorded",
    ]  # fmt: skip
    assert decisions() == [("boris@example.com", "newsletter", "opt-in")]


def test_a_list_that_says_when_overrules_no_newer_opt_in(imported, decisions, database, clock):
    record(database, decision(clock, ANNA, "opt-in"), decision(clock, BORIS, "opt-in"))
    dated = {**PLAIN, "when": {"column": "when"}}
    old, new = clock.now() - timedelta(days=9), clock.now()
    rows = f"{plain_hash(ANNA.value)},{old.isoformat()}\n{plain_hash(BORIS.value)},{new.isoformat()}\n"
    imported(f"email,when\n{rows}", dated)
    assert decisions()[2:] == [("boris@example.com", "newsletter", "opt-out")]


def test_who_opts_in_after_the_list_was_read_stays_in(begin, order, importer, decisions, database, clock):
    number = begin(f"email\n{plain_hash(ANNA.value)}\n", PLAIN)
    finish(importer)
    order(batches.run, number)
    for _ in range(3):
        importer.step()
    record(database, decision(clock, ANNA, "opt-in", method="preferences"))
    finish(importer)
    assert [choice for *_, choice in decisions()] == ["opt-in"]


def test_a_break_does_not_end_for_who_is_on_the_list(imported, decisions, database, clock):
    until = clock.now() + timedelta(days=30)
    record(database, decision(clock, ANNA, until=until))
    imported(f"email\n{plain_hash(ANNA.value)}\n", PLAIN)
    assert decisions("choice", "until") == [("opt-out", until), ("opt-out", None)]


def test_somebody_without_an_address_is_known_by_the_one_that_was_read_back(
    imported, decisions, database, clock
):
    who = Profile("customId", "C-7")
    record(database, decision(clock, who, "opt-in"))
    with database.writing() as session:
        session.add(
            Consent(
                workspace="default", digest=who.digest(DIGEST_KEY), agreement="newsletter", choice="opt-in",
                decision_seq=1, since=clock.now(), email="anna@example.com",
                email_digest=ANNA.digest(DIGEST_KEY),
            )
        )  # fmt: skip
        session.commit()
    imported(f"email\n{plain_hash(ANNA.value)}\n", PLAIN)
    assert decisions()[1:] == [("C-7", "newsletter", "opt-out")]


def test_many_are_opted_out_in_several_steps(imported, decisions, database, clock, monkeypatch, batch_of):
    monkeypatch.setattr("resign.imports.comparing.MOST_AT_ONCE", 5)
    monkeypatch.setattr("resign.imports.comparing._SEQS_AT_ONCE", 9)
    people = [Profile("email", f"p{n}@example.com") for n in range(23)]
    record(database, *(decision(clock, who, "opt-in") for who in people))
    number = imported(
        "email\n" + "\n".join(plain_hash(who.value) for who in people), {**PLAIN, "agreement": "all"}
    )
    assert len(decisions()) == 23 * 4
    assert counts_of(batch_of(number))["matched"] == 23


def test_hashes_say_only_opt_outs():
    for wrong in ({**PLAIN, "choice": "opt-in"}, {**PLAIN, "identifiers": {"customId": "id"}}):
        with pytest.raises(BadMapping, match="only of people who opted out"):
            RowMapping.of(wrong)


@pytest.mark.parametrize("dated", [True, False])
def test_a_newer_list_speaks_again_of_who_was_on_an_older_one(
    imported, decisions, verdicts, database, clock, dated
):
    """They opted in between the two: what the second says came later, or in doubt did."""
    mapping = {**PLAIN, "when": {"column": "when"}}

    def the_list():
        when = clock.now().isoformat() if dated else ""
        return imported(f"email,when\n{plain_hash(ANNA.value)},{when}\n", mapping)

    the_list()
    clock.advance(days=1)
    record(database, decision(clock, ANNA, "opt-in", method="preferences"))
    clock.advance(days=1)
    assert "recorded" in verdicts(the_list())
    assert [choice for *_, choice in decisions()] == ["opt-in", "opt-out"]


def test_an_older_list_says_nothing_new(imported, decisions, verdicts, database, clock):
    mapping = {**PLAIN, "when": {"column": "when"}}
    text = f"email,when\n{plain_hash(ANNA.value)},{clock.now().isoformat()}\n"
    imported(text, mapping)
    clock.advance(days=1)
    record(database, decision(clock, ANNA, "opt-in", method="preferences"))
    assert verdicts(imported(text, mapping)) == ["known"]
    assert [choice for *_, choice in decisions()] == ["opt-in"]
