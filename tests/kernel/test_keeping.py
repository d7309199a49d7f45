"""What falls due by itself takes its turn, also beside something that always fails."""

import pytest

from resign.keeping import Keeping
from resign.ledger import pauses
from resign.outbox import overtaken
from resign.outbox.contract import Refused
from resign.outbox.worker import Worker
from tests.support.decisions import decision, record, states
from tests.support.destination import ScriptedDestination


def test_a_part_that_always_fails_keeps_no_other_from_its_turn_and_is_not_kept_silent(
    database, settings, clock, monkeypatch
):
    record(database, decision(clock, choice="opt-in"))
    refusing = ScriptedDestination(tell=lambda _: Refused("400"))
    worker = Worker(database, settings.workspaces, {"default": [refusing]}, clock)
    worker.drain()
    worker.finish()
    record(database, decision(clock, method="synerise"))

    def fails(*_):
        raise RuntimeError("a break cannot be read")

    monkeypatch.setattr(pauses, "any_over", fails)
    with pytest.raises(RuntimeError, match="a break cannot be read"):
        Keeping(database, settings.workspaces, clock).step()
    assert states(database) == ["superseded"]


def test_one_that_has_more_to_do_says_so_whatever_the_others_say(database, settings, clock, monkeypatch):
    monkeypatch.setattr(overtaken, "find", lambda *_, **__: overtaken.Found([1], 0))
    assert Keeping(database, settings.workspaces, clock).step()
