"""A file of people who asked for the newsletter: requests, counted and shown as such, and taken back without a consent."""

import pytest
from sqlalchemy import select

from resign.imports import batches
from resign.imports.batches import taken_back_of
from resign.imports.mapping import BadMapping, RowMapping
from resign.imports.tables import ImportRow
from resign.ledger.requested import REQUESTED
from tests.imports.conftest import BY_COLUMN, finish

ASKED = {**BY_COLUMN, "choice": {"column": "choice", "request": ["pending"]}}
HEAD = "email,choice,when,evidence\n"


def test_a_value_of_the_choice_column_says_that_it_was_asked_for(imported, decisions, database):
    imported(HEAD + "anna@example.com,pending,,form 7\nboris@example.com,no,,\n", mapping=ASKED)
    assert decisions("identifier", "agreement", "choice", "origin", "evidence") == [
        ("anna@example.com", REQUESTED, "opt-in", "crm", "form 7"),
        ("boris@example.com", "newsletter", "opt-out", "crm", None),
    ]


def test_the_figures_count_no_opt_in(imported, batch_of):
    number = imported(HEAD + "anna@example.com,pending,,\nanna@example.com,pending,,\n", mapping=ASKED)
    batch = batch_of(number)
    assert batch.changes == '{"newsletter - request": 1}'
    assert batch.counts == '{"known": 1, "recorded": 1}'


def test_without_saying_which_word_means_it_nobody_is_asked(imported, decisions):
    imported(HEAD + "anna@example.com,pending,,\n", mapping=BY_COLUMN)
    assert decisions("identifier") == []


@pytest.mark.parametrize("agreement", ["wine", "all"])
def test_only_the_newsletter_is_asked_for(imported, database, agreement):
    imported(
        "email\nanna@example.com\n",
        mapping={"identifiers": {"email": "email"}, "choice": "request", "agreement": agreement},
    )
    with database.reading() as session:
        assert session.scalars(select(ImportRow.verdict)).all() == ["request-elsewhere"]


def test_a_word_means_one_thing():
    with pytest.raises(BadMapping, match="cannot mean both"):
        RowMapping.of({**ASKED, "choice": {"column": "choice", "request": ["yes"]}})
    again = RowMapping.from_json(RowMapping.of(ASKED).as_json())
    assert again == RowMapping.of(ASKED)


def test_taking_it_back_withdraws_what_was_asked_for_and_opts_nobody_out(
    imported, order, importer, batch_of, decisions, clock
):
    number = imported(HEAD + "anna@example.com,pending,,\n", mapping=ASKED)
    clock.advance(hours=1)
    order(batches.reverse, number)
    finish(importer)
    assert dict(taken_back_of(batch_of(number))) == {"restored": 1}
    assert decisions("agreement", "choice") == [(REQUESTED, "opt-in"), (REQUESTED, "opt-out")]
