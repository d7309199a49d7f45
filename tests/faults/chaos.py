"""Strikes at random moments of a load: the dice are seeded, so a run that lost something can be had again."""

import random
import threading
import time

from tests.faults.kinds import Kind
from tests.faults.load import Load
from tests.faults.rig import Rig

_LOOK_SECONDS = 0.002
# Not in the very first presses, and not so late that the load might be over.
_FROM, _TO = 0.05, 0.6


class Chaos:
    """Strikes when so much of the load is done, and a moment later than that; `struck` counts."""

    def __init__(self, rig: Rig, kind: Kind, load: Load, *, strikes: int, seed: int) -> None:
        self.struck = 0
        self._rig, self._kind, self._load = rig, kind, load
        self._dice = random.Random(f"{seed}/chaos")
        self._moments = sorted(self._dice.uniform(_FROM, _TO) for _ in range(strikes))
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        """Returns when the last fault has ended; raises what went wrong in the rig itself."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            for moment in self._moments:
                while self._load.progress < moment and self._load.runs:
                    time.sleep(_LOOK_SECONDS)
                if self.struck and not self._load.runs:
                    return
                self._strike()
        except BaseException as error:  # noqa: BLE001 - raised again by `join`, in the thread that can tell of it
            self._error = error
            self._load.give_up()

    def _strike(self) -> None:
        time.sleep(self._dice.uniform(0, 0.03))
        self._kind.begin(self._rig, self._dice, self.struck)
        time.sleep(self._dice.uniform(*self._kind.lasts))
        self._kind.end(self._rig, self._dice, self.struck)
        self.struck += 1
