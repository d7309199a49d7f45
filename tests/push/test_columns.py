"""Which headings name a profile, and what is wrong with others."""

import pytest

from resign.push.columns import BadColumns, Columns


def test_case_and_blanks_of_a_heading_do_not_count():
    assert Columns.of().kinds(["E MAIL", " customid", "Client Id", "x"]) == [
        "email",
        "customId",
        "clientId",
        None,
    ]


def test_a_heading_that_was_asked_for_stands_instead_of_the_usual_one():
    assert Columns.of(["Email= E-Mail "]).kinds(["email", "e-mail"]) == [None, "email"]


@pytest.mark.parametrize(
    "asked",
    [
        ["phone=x"],
        ["email"],
        ["email="],
        ["email=a", "email=b"],
        ["email=customId"],
        ["email=x", "clientId=X"],
    ],
)
def test_what_cannot_be_meant_is_refused(asked):
    with pytest.raises(BadColumns):
        Columns.of(asked)
