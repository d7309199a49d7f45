"""What was only asked for is counted nowhere as an opt-in."""

from resign.ledger.requested import REQUESTED
from tests.reports.conftest import caught_up
from tests.reports.test_rollups import total
from tests.support.decisions import ANNA, BORIS, decision, record


def test_a_request_is_no_opt_in_in_any_figure(database, rollups, clock):
    record(
        database,
        decision(clock, ANNA, "opt-in", agreement=REQUESTED, method="api"),
        decision(clock, BORIS, "opt-in", method="api"),
    )
    caught_up(rollups)
    assert (total(database), total(database, choice="opt-in")) == (1, 1)
    clock.advance(days=1)
    record(database, decision(clock, ANNA, "opt-out", agreement=REQUESTED, method="import"))
    caught_up(rollups)
    assert total(database) == 1
