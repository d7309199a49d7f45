"""The load: several people at a time, each following their plan and pressing again until they get an answer."""

import random
import threading
import time
from collections import deque
from collections.abc import Sequence

from tests.faults.browser import Browser, Press
from tests.faults.people import Person

_PATIENCE_SECONDS = 90.0
_PAUSE_FIRST, _PAUSE_MOST = 0.02, 0.5


class Load:
    """`presses` is every attempt in the order of its end; one person's are always in the order they were made."""

    def __init__(self, base_url: str, people: Sequence[Person], *, clients: int, seed: int) -> None:
        self.presses: list[Press] = []
        self.gave_up: set[int] = set()
        self._base_url = base_url
        self._waiting = deque(people)
        self._total = len(people)
        self._seed = seed
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._press_on, args=(number,), name=f"client-{number}", daemon=True)
            for number in range(clients)
        ]

    @property
    def progress(self) -> float:
        """The share of the people whose turn has come."""
        return 1 - len(self._waiting) / self._total

    @property
    def runs(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def give_up(self) -> None:
        """For when something else went wrong: nobody begins anything new."""
        self._stopping.set()

    def _press_on(self, number: int) -> None:
        dice = random.Random(f"{self._seed}/{number}")
        with Browser(self._base_url) as browser:
            while not self._stopping.is_set():
                try:
                    person = self._waiting.popleft()
                except IndexError:
                    return
                if not all(self._insist(browser, person, choice, dice) for choice in person.plan):
                    self.gave_up.add(person.number)

    def _insist(self, browser: Browser, person: Person, choice: str, dice: random.Random) -> bool:
        deadline, pause = time.monotonic() + _PATIENCE_SECONDS, _PAUSE_FIRST
        while not self._stopping.is_set() and time.monotonic() < deadline:
            press = browser.choose(person, choice)
            self.presses.append(press)
            if press.acknowledged:
                return True
            if press.contradicted:
                return False
            time.sleep(pause * (0.5 + dice.random()))
            pause = min(pause * 2, _PAUSE_MOST)
        return False
