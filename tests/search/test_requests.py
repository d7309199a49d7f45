"""What was only asked for is found as that, and not among opt-ins; an export says the same."""

from resign.exports.columns import lines
from resign.ledger.requested import REQUESTED
from tests.support.decisions import ANNA, BORIS


def test_it_is_found_and_shown_as_what_it_is(find, decided, database):
    decided(ANNA, choice="opt-in", agreement=REQUESTED, method="api")
    decided(BORIS, choice="opt-in", method="api")

    def found(query):
        return [(row.agreement, row.choice) for row in find(query).rows]

    assert found("choice:in") == [("newsletter", "opt-in")]
    assert found("choice:request") == [("newsletter", "request")]
    assert (
        found("choice:request choice:in")
        == found("")
        == [("newsletter", "opt-in"), ("newsletter", "request")]
    )
    with database.reading() as session:
        told = lines(session, [row.seq for row in find("").rows], clear=False)
    assert [(line.agreement, line.choice) for line in told] == found("")
