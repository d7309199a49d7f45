"""A short round of the main kinds of faults; `python -m tests.faults` plays all of them, and longer."""

import pytest

from tests.faults.kinds import CONTROLS, KINDS, Kind
from tests.faults.report import holds, line, title
from tests.faults.rig import Rig
from tests.faults.round import Plan, Result, play

_SEED = 20260504
_OPT_OUTS = 150

pytestmark = pytest.mark.faults


def short(rig: Rig, kind: Kind, strikes: int = 1) -> Result:
    if kind.needs_disk and rig.disk is None:
        pytest.skip("this machine does not let us mount a disk of our own, so no power can be cut")
    plan = Plan(_OPT_OUTS, strikes, settle_within=60.0, patient=False)
    result = play(rig, kind, plan, _SEED)
    assert result.strikes, "no fault happened at all"
    assert holds(result), f"\n{title()}\n{line(result)}\n{rig.log.read_text()[-6000:]}"
    return result


def test_a_killed_web_process_loses_nothing_that_it_acknowledged(sqlite: Rig) -> None:
    short(sqlite, KINDS["web-killed"], strikes=2)


def test_a_killed_worker_costs_a_delay_and_no_opt_out(sqlite: Rig) -> None:
    short(sqlite, KINDS["worker-killed"])


@pytest.mark.parametrize("name", ["synerise-down", "lost-answers"])
def test_trouble_at_synerise_is_waited_out(sqlite: Rig, name: str) -> None:
    short(sqlite, KINDS[name])


def test_on_a_full_disk_nothing_is_acknowledged_until_there_is_room_again(sqlite: Rig) -> None:
    result = short(sqlite, KINDS["disk-full"])
    assert result.tally.refused, "everybody got an answer, so the disk was not full"


def test_a_power_cut_loses_nothing_that_was_acknowledged(sqlite: Rig) -> None:
    short(sqlite, KINDS["power-cut"])


def test_a_killed_postgres_loses_nothing_that_was_acknowledged(postgresql: Rig) -> None:
    result = short(postgresql, KINDS["postgres-killed"])
    assert result.tally.refused, "everybody got an answer, so the database was not away"


@pytest.mark.parametrize("name", CONTROLS)
def test_a_careless_variant_is_seen_to_lose_what_it_acknowledged(sqlite: Rig, name: str) -> None:
    assert short(sqlite, CONTROLS[name]).tally.lost_here > 0
