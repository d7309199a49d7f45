"""One fault for one cause, however many pages it shows on, and never more than somebody reads."""

import dataclasses
from collections.abc import Iterable

from resign.themes.fault import Fault

MOST = 100
_Key = tuple[str, str, int | None]
_MORE = Fault(
    where="the theme",
    what="it has more faults than are named here",
    remedy="Mend these first, and check again.",
)


class Once:
    """Gathers faults; the first of those that are the same is kept, and it is counted where else they show.

    `pages` are all that have one, those too that a fault is only counted on.
    """

    def __init__(self) -> None:
        self.pages: set[tuple[str, str]] = set()
        self._first: dict[_Key, Fault] = {}
        self._more: dict[_Key, int] = {}
        self._seen: set[tuple[_Key, str, str | None, str | None]] = set()
        self._is_full = False

    def add(self, fault: Fault) -> None:
        if fault.page and fault.language:
            self.pages.add((fault.page, fault.language))
        if fault == _MORE:
            self._is_full = True
            return
        key = (fault.where, fault.same or fault.what, fault.line)
        if key not in self._first and len(self._first) >= MOST:
            self._is_full = True
            return
        place = (key, fault.what, fault.page, fault.language)
        is_new = place not in self._seen
        self._seen.add(place)
        if self._first.setdefault(key, fault) is not fault:
            self._more[key] = self._more.get(key, 0) + fault.more + int(is_new)

    def update(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.add(fault)

    @property
    def faults(self) -> tuple[Fault, ...]:
        found = [
            dataclasses.replace(fault, more=fault.more + self._more[key]) if key in self._more else fault
            for key, fault in self._first.items()
        ]
        return (*found, *([_MORE] if self._is_full else []))


def once(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    gathered = Once()
    gathered.update(faults)
    return gathered.faults
