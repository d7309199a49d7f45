"""No file tells what was only asked for."""

import pytest

from resign.feeds.rows import Wanted, rows
from resign.ledger.requested import REQUESTED
from tests.support.decisions import ANNA, BORIS, decision, record


@pytest.mark.parametrize("agreements", [(), ("newsletter",), (REQUESTED,)])
def test_a_file_has_those_who_decided_and_nobody_who_asked(database, clock, agreements):
    record(
        database,
        decision(clock, ANNA, "opt-in", agreement=REQUESTED, method="api"),
        decision(clock, BORIS, "opt-in", method="api"),
    )
    fields = ("identifier", "agreement", "choice")
    wanted = Wanted("default", 0, 100, agreements=agreements, fields=fields)
    found = [(*row[:3],) for page in rows(database, wanted) for row in page]
    assert found == ([] if agreements == (REQUESTED,) else [(BORIS.value, "newsletter", "opt-in")])
