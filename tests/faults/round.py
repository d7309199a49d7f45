"""One round: people, load and one kind of fault; then the faults cease, everything settles, and is counted."""

import itertools
import random
import time
from dataclasses import dataclass

from tests.faults.chaos import Chaos
from tests.faults.kinds import Kind
from tests.faults.load import Load
from tests.faults.people import agreeing, gather
from tests.faults.rig import Rig
from tests.faults.settle import end_leases, settle
from tests.faults.tally import Tally, count

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a round is. `patient` ones wait for every lease and pause to run out by itself."""

    opt_outs: int
    strikes: int
    clients: int = 6
    settle_within: float = 600.0
    patient: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    kind: str
    engine: str
    seed: int
    strikes: int
    seconds: float
    # People who pressed until their patience ended, and messages still owed at the end.
    gave_up: int
    owed: int
    # How often a process ended that nobody had killed.
    fallen: int
    tally: Tally


def play(rig: Rig, kind: Kind, plan: Plan, seed: int) -> Result:
    """A control ends where it was struck down, and the next round starts what it needs."""
    began = time.monotonic()
    rig.become(kind.variant)
    rig.start()
    dice, fallen_before = random.Random(seed), rig.fallen
    people = gather(rig.system, f"{kind.name}-{next(_numbers)}", plan.opt_outs, dice)
    load = Load(rig.system.settings.base_url, people, clients=plan.clients, seed=seed)
    # A control is not started again, so there is nothing left that a second strike could meet.
    chaos = Chaos(rig, kind, load, strikes=1 if kind.variant else plan.strikes, seed=seed)
    load.start()
    chaos.start()
    try:
        if kind.variant:
            chaos.join()
            load.give_up()
        load.join()
        chaos.join()
    finally:
        load.give_up()
    owed = 0 if kind.variant else _settled(rig, plan)
    with rig.database() as database:
        tally = count(load.presses, database, None if kind.variant else agreeing(rig.system))
    return Result(
        kind=kind.name,
        engine=rig.engine,
        seed=seed,
        strikes=chaos.struck,
        seconds=time.monotonic() - began,
        gave_up=len(load.gave_up),
        owed=owed,
        fallen=rig.fallen - fallen_before,
        tally=tally,
    )


def _settled(rig: Rig, plan: Plan) -> int:
    if not plan.patient:
        rig.worker.kill()
        end_leases(rig)
    rig.start()
    return settle(rig, within=plan.settle_within, patient=plan.patient)
