"""Scripted trouble: which faults stand, and when each of them strikes."""

import itertools
import random
import threading

from resign.sandbox.calls import Call
from resign.sandbox.fault_form import Fault, read_fault


class Faults:
    """The standing faults. Without any, asking costs one comparison."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()
        self._numbers = itertools.count(1)
        self.dice = random.Random()  # noqa: S311 - chance for tests, not for secrets

    def add(self, asked: dict[str, object]) -> Fault:
        """ValueError says what is wrong with the request, naming what is allowed."""
        fault = read_fault(asked, next(self._numbers))
        if fault.effects:
            with self._lock:
                self._faults = (*self._faults, fault)
        return fault

    def remove(self, number: int | None = None) -> int:
        """Removes one fault, or all; returns how many there were."""
        with self._lock:
            kept = () if number is None else tuple(fault for fault in self._faults if fault.number != number)
            removed = len(self._faults) - len(kept)
            self._faults = kept
        return removed

    def standing(self) -> list[dict[str, object]]:
        return [fault.as_json() for fault in self._faults]

    def ask(self, call: Call, effect: str, wanted: str | None = None) -> object | None:
        """What a fault does to this call in this respect, or None. With `wanted`, only where it is about that."""
        fault = self.strike(call, effect, wanted) if self._faults else None
        return fault.effects[effect] if fault else None

    def strike(self, call: Call, effect: str, wanted: str | None = None) -> Fault | None:
        for fault in self._faults:
            if effect in fault.effects and _about(fault.effects[effect], wanted) and self._hits(fault, call):
                return fault
        return None

    def _hits(self, fault: Fault, call: Call) -> bool:
        """Decides once per call and fault: `times: 1` is one call, however many effects the fault has."""
        if fault.number not in call.drawn:
            with self._lock:
                call.drawn[fault.number] = self._draw(fault, call)
        return call.drawn[fault.number]

    def _draw(self, fault: Fault, call: Call) -> bool:
        elsewhere = fault.paths and not call.path.startswith(fault.paths)
        if elsewhere or (fault.methods and call.method not in fault.methods) or fault.left == 0:
            return False
        # random() is below 1, so a probability of 1 always strikes and 0 never does.
        if self.dice.random() >= fault.probability:
            return False
        fault.struck += 1
        if fault.left is not None:
            fault.left -= 1
        return True


def _about(value: object, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return wanted in value if isinstance(value, list) else value == wanted
