"""Two workers, each with an import, and both about the same people."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from resign.imports import batches
from resign.imports.running import Importer
from resign.imports.tables import ImportRow
from resign.ledger.hashed import plain_hash
from resign.ledger.tables import Decision, HashedOptOut
from tests.imports.conftest import BY_COLUMN, OPT_OUTS, finish

PEOPLE = [f"person{n}@example.com" for n in range(1_500)]


@pytest.fixture
def at_once(database, settings, shelf, clock, caplog):
    """Each in a thread of its own, as a worker of its own has it."""

    def go_through(*numbers):
        together = Barrier(len(numbers))

        def goes_through(number):
            one = Importer(database, settings.workspaces, shelf, clock, only=number, breath=0)
            together.wait(20)
            finish(one)

        with ThreadPoolExecutor(len(numbers)) as pool:
            list(pool.map(goes_through, numbers))
        assert [each for each in caplog.records if each.levelname == "ERROR"] == []

    return go_through


@pytest.fixture
def both(begin, order, importer, batch_of, at_once):
    """Checks two files one after the other, and takes them in at once."""

    def take_in(*files):
        numbers = [begin(text, mapping, origin=origin) for text, mapping, origin in files]
        finish(importer)
        for number in numbers:
            order(batches.run, number)
        at_once(*numbers)
        assert [batch_of(number).state for number in numbers] == ["done", "done"]
        return numbers

    return take_in


def stands(database) -> dict[str, int]:
    """How many people's newest decision is which."""
    last = select(func.max(Decision.seq)).group_by(Decision.digest)
    with database.reading() as session:
        found = select(Decision.choice, func.count()).where(Decision.seq.in_(last)).group_by(Decision.choice)
        return dict(map(tuple, session.execute(found)))


def rows_of(database, number) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(ImportRow.batch == number))


def test_whoever_is_on_the_list_of_those_who_left_ends_as_out(both, database):
    """Whichever of the two comes first: the opt-ins are older, and overrule nobody."""
    left = "email\n" + "\n".join(PEOPLE)
    agreed = "email,choice,when,evidence\n" + "\n".join(
        f"{who},yes,2026-01-02T00:00:00Z,form 7" for who in reversed(PEOPLE)
    )
    numbers = both((left, OPT_OUTS, "crm"), (agreed, BY_COLUMN, "shop"))
    assert stands(database) == {"opt-out": len(PEOPLE)}
    assert [rows_of(database, number) for number in numbers] == [len(PEOPLE)] * 2


def test_two_lists_of_the_same_hashes_do_not_wait_for_each_other_for_ever(both, database):
    hashes = [plain_hash(who) for who in PEOPLE]
    mapping = {**OPT_OUTS, "hash": "sha256"}
    first, second = "\n".join(["email", *hashes]), "\n".join(["email", *reversed(hashes)])
    numbers = both((first, mapping, "crm"), (second, mapping, "shop"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(HashedOptOut)) == len(PEOPLE)
    assert [rows_of(database, number) for number in numbers] == [len(PEOPLE)] * 2


def test_taken_back_at_once_each_is_out_while_one_of_the_two_says_so(
    both, at_once, order, database, batch_of
):
    left = "email\n" + "\n".join(PEOPLE)
    numbers = both((left, OPT_OUTS, "crm"), (left, OPT_OUTS, "shop"))
    for number in numbers:
        order(batches.reverse, number)
    at_once(*numbers)
    assert [batch_of(number).state for number in numbers] == ["reversed", "reversed"]
    assert stands(database) == {"opt-out": len(PEOPLE)}, "nothing was known of them before"
