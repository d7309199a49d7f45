"""The kinds of faults: how each begins, how long it lasts, how it ends, and where it can be had."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.rig import Rig

Deed = Callable[[Rig, random.Random, int], None]
BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Kind:
    """`begin` and `end` get the rig, the dice, and the number of the strike. `lasts` is in seconds, from and to."""

    name: str
    begin: Deed
    end: Deed
    lasts: tuple[float, float] = (0.2, 1.0)
    engines: tuple[str, ...] = BOTH
    needs_disk: bool = False
    # For a control: the broken variant that runs instead of resign, and must lose something.
    variant: str | None = None


def _start(rig: Rig, _dice: random.Random, _strike: int) -> None:
    rig.start()


def _leave_dead(rig: Rig, _dice: random.Random, _strike: int) -> None:
    """What is left on the disk is all that counts then."""
    if rig.postgres is not None:
        rig.postgres.start()


def _mend(rig: Rig, _dice: random.Random, _strike: int) -> None:
    rig.mend()


def _kill_web(rig: Rig, dice: random.Random, strike: int) -> None:
    """By turns all of it, which somebody must start again, and one process, which its own parent replaces."""
    if strike % 2 or not rig.web.kill_child(dice):
        rig.web.kill()


def _kill_all_web(rig: Rig, _dice: random.Random, _strike: int) -> None:
    rig.web.kill()


def _kill_worker(rig: Rig, _dice: random.Random, _strike: int) -> None:
    rig.worker.kill()


def _kill_postgres(rig: Rig, dice: random.Random, strike: int) -> None:
    """By turns the whole server, and one of its processes, upon which it restarts by itself."""
    if rig.postgres is not None and (strike % 2 == 0 or not rig.postgres.process.kill_child(dice)):
        rig.postgres.process.kill()


def _fill_disk(rig: Rig, _dice: random.Random, _strike: int) -> None:
    rig.fill_disk()


def _free_disk(rig: Rig, _dice: random.Random, _strike: int) -> None:
    rig.free_disk()
    rig.start()


def _cut_power(rig: Rig, dice: random.Random, _strike: int) -> None:
    rig.cut_power(dice.uniform(0, 0.2))


def _scripted(*faults: dict[str, object]) -> Deed:
    def begin(rig: Rig, _dice: random.Random, strike: int) -> None:
        rig.script(faults[strike % len(faults)])

    return begin


KINDS = {
    kind.name: kind
    for kind in (
        Kind("web-killed", _kill_web, _start, (0.0, 0.3)),
        Kind("worker-killed", _kill_worker, _start, (0.0, 0.5)),
        Kind("synerise-down", _scripted({"outage": "drop"}, {"outage": True}), _mend, (0.5, 3.0)),
        # The last is slower than our patience: the write arrives after we have given it up for lost. Few of
        # them, or the lane is paused, and nothing newer can be told in between.
        Kind(
            "synerise-slow",
            _scripted({"slow": 0.5}, {"slow": 1.5}, {"slow": 10.6, "probability": 0.1}),
            _mend,
            (1.0, 4.0),
        ),
        Kind("synerise-429", _scripted({"status": 429, "retry_after": 1, "probability": 0.7}), _mend),
        Kind(
            "tokens-expire",
            _scripted({"expire_tokens": True, "expired_as": 401}, {"expire_tokens": True, "expired_as": 403}),
            _mend,
        ),
        Kind(
            "lost-answers",
            _scripted(
                {"lost_answers": "drop", "probability": 0.5}, {"lost_answers": True, "probability": 0.5}
            ),
            _mend,
        ),
        Kind("postgres-killed", _kill_postgres, _start, engines=("postgresql",)),
        Kind("disk-full", _fill_disk, _free_disk, (1.0, 2.0), engines=("sqlite",)),
        Kind("power-cut", _cut_power, _start, needs_disk=True),
    )
}
CONTROLS = {
    kind.name: kind
    for kind in (
        Kind("control-early", _kill_all_web, _leave_dead, variant="early"),
        Kind("control-unsynced", _cut_power, _leave_dead, needs_disk=True, variant="unsynced"),
    )
}
