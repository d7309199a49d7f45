"""A file is gone through, and then taken in: the opt-out wins, each row has its reason, a kill repeats nothing."""

import csv
import io

import pytest

from resign.imports import batches
from resign.imports.batches import changes_of, counts_of, expected_rows
from resign.imports.running import Importer
from resign.imports.work import Fenced
from tests.imports.conftest import BY_COLUMN, finish
from tests.support.decisions import decision, record


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr("resign.imports.chunks.MOST_AT_ONCE", 4)


@pytest.fixture
def another(database, settings, shelf, clock):
    """A second process."""
    return Importer(database, settings.workspaces, shelf, clock, breath=0)


def test_a_dry_run_tells_what_the_run_then_does(begin, order, importer, batch_of, decisions, database, clock):
    record(database, decision(clock, choice="opt-in"))
    number = begin("email\nanna@example.com\nboris@example.com\nANNA@example.com\nnobody\n\n")
    finish(importer)
    checked = batch_of(number)
    assert checked.state == "checked"
    assert decisions() == [("anna@example.com", "newsletter", "opt-in")]
    said = counts_of(checked), changes_of(checked)
    assert said[0]["recorded"] == 2
    assert said[0]["known"] == 1
    assert said[0]["bad-identifier"] == 1
    assert said[1] == {("newsletter", "opt-in", "opt-out"): 1, ("newsletter", "-", "opt-out"): 1}
    order(batches.run, number)
    finish(importer)
    done = batch_of(number)
    assert (done.state, counts_of(done), changes_of(done)) == ("done", *said)
    assert expected_rows(done) == done.reached - 1 == sum(counts_of(done).values())
    assert decisions("identifier", "choice", "method", "actor", "origin")[1:] == [
        ("anna@example.com", "opt-out", "import", "mia", "crm"),
        ("boris@example.com", "opt-out", "import", "mia", "crm"),
    ]


def test_an_import_that_would_wipe_opt_outs_changes_nobody(imported, decisions, verdicts, database, clock):
    """listmonk #2008: a list of subscribers is imported again, and everybody who had left is on it once more."""
    people = [f"person{n}@example.com" for n in range(5)]
    imported("email\n" + "\n".join(people))
    before = decisions()
    assert len(before) == 5
    clock.advance(days=30)
    opt_in = {"identifiers": {"email": "email"}, "choice": "opt-in"}
    number = imported("email\n" + "\n".join(people), opt_in)
    assert verdicts(number) == ["opted-out"] * 5
    with_evidence = imported("email\n" + "\n".join(people), {**opt_in, "evidence": "our list"})
    assert verdicts(with_evidence) == ["opted-out"] * 5
    older = "".join(f"{who},yes,2026-05-01,our list\n" for who in people)
    assert verdicts(imported(f"email,choice,when,evidence\n{older}", BY_COLUMN)) == ["opted-out"] * 5
    assert decisions() == before


def test_only_a_newer_opt_in_for_which_something_speaks_overrules_an_opt_out(
    imported, decisions, verdicts, database, clock
):
    record(database, decision(clock))
    clock.advance(days=2)
    rows = (
        "anna@example.com,yes,2026-05-05T00:00:00Z,\n"
        "anna@example.com,yes,2026-05-05T00:00:00Z,form 7\n"
        "anna@example.com,no,2026-05-01T00:00:00Z,\n"
        "anna@example.com,maybe,,\n"
        "anna@example.com,no,soon,\n"
        "anna@example.com,no,2027-05-05T00:00:00Z,\n"
        "anna@example.com,no,,\n"
    )
    number = imported(f"email,choice,when,evidence\n{rows}", BY_COLUMN)
    assert verdicts(number) == [
        "no-evidence", "recorded", "newer-opt-in", "unknown-choice", "bad-date", "future", "recorded",
    ]  # fmt: skip
    assert decisions("choice", "evidence") == [("opt-out", None), ("opt-in", "form 7"), ("opt-out", None)]


def test_everything_is_said_of_each_agreement_and_then_of_all(imported, decisions, verdicts, batch_of):
    number = imported("email\nanna@example.com\n", {"identifiers": {"email": "email"}, "agreement": "all"})
    assert [agreement for _, agreement, _ in decisions()] == ["newsletter", "wine", "all"]
    assert counts_of(batch_of(number)) == {"recorded": 1}
    again = imported("email\nanna@example.com\n", {"identifiers": {"email": "email"}, "agreement": "all"})
    assert counts_of(batch_of(again)) == {"known": 1}


def test_a_person_whose_rows_lie_in_different_chunks_is_told_of_rightly_by_the_dry_run(
    begin, importer, order, batch_of, monkeypatch
):
    monkeypatch.setattr("resign.imports.chunks.MOST_AT_ONCE", 4)
    people = [f"person{n}@example.com" for n in range(6)]
    number = begin("email\n" + "\n".join(people * 3))
    finish(importer)
    assert counts_of(batch_of(number)) == {"recorded": 6, "known": 12}
    order(batches.run, number)
    finish(importer)
    assert counts_of(batch_of(number)) == {"recorded": 6, "known": 12}


def test_rejects_are_kept_with_their_cells_to_be_mended_and_brought_again(
    imported, shelf, batch_of, verdicts
):
    rows = "anna@example.com,newsletter\n,newsletter\n=cmd@,newsletter\nboris@example.com,beer\n"
    mapping = {"identifiers": {"email": "email"}, "agreement": {"column": "about"}}
    number = imported(f"email,about\n{rows}", mapping)
    assert verdicts(number) == ["recorded", "no-identifier", "bad-identifier", "undeclared-agreement"]
    path = shelf.rejects(number)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size == batch_of(number).rejects_size
    found = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
    assert [(row["resign_row"], row["resign_reason"], row["email"]) for row in found] == [
        ("3", "no-identifier", ""), ("4", "bad-identifier", "'=cmd@"), ("5", "undeclared-agreement", "boris@example.com"),
    ]  # fmt: skip
    mended = path.read_text().replace("beer", "wine")
    assert verdicts(imported(mended, mapping)) == ["no-identifier", "bad-identifier", "recorded"]
    assert shelf.file(number) is None


def test_a_pause_ends_it_after_the_rows_under_way_and_it_goes_on_there(
    begin, order, importer, batch_of, decisions, monkeypatch
):
    monkeypatch.setattr("resign.imports.chunks.MOST_AT_ONCE", 4)
    people = [f"person{n}@example.com" for n in range(12)]
    number = begin("email\n" + "\n".join(people))
    finish(importer)
    order(batches.run, number)
    while not batch_of(number).reached:
        importer.step()
    order(batches.pause, number)
    finish(importer)
    reached = batch_of(number).reached
    assert 0 < len(decisions()) == reached - 1 < 12
    with pytest.raises(batches.NotNow, match="paused"):
        order(batches.pause, number)
    order(batches.resume, number)
    finish(importer)
    assert batch_of(number).state == "done"
    assert [who for who, *_ in decisions()] == people


@pytest.mark.usefixtures("small_chunks")
def test_whoever_was_taken_for_dead_writes_nothing_more(
    begin, order, importer, another, batch_of, decisions, clock
):
    number = begin("email\n" + "\n".join(f"person{n}@example.com" for n in range(12)) + "\nnobody\n")
    finish(importer)
    order(batches.run, number)
    while not batch_of(number).reached:
        importer.step()
    assert not another.step(), "it is being worked on"
    clock.advance(minutes=2)
    stale = batch_of(number)
    assert another.step()
    another.step()
    work = importer._work
    with pytest.raises(Fenced):
        work.step(stale, clock.now())
    importer.close()
    finish(another)
    assert len(decisions()) == len(set(decisions())) == 12
    assert batch_of(number).state == "done"


def test_a_file_is_taken_in_only_once_it_was_gone_through(begin, order):
    number = begin("email\nanna@example.com\n")
    with pytest.raises(batches.NotNow, match="checking"):
        order(batches.run, number)


def test_the_same_content_is_recognised(imported, database, batch_of):
    number = imported("email\nanna@example.com\n", name="one.csv")
    sha256 = batch_of(number).sha256
    with database.reading() as session:
        assert batches.same_content(session, "default", sha256).id == number
        assert batches.same_content(session, "other", sha256) is None
        assert batches.same_content(session, "default", sha256, but=number) is None
