"""A person who presses at the worst moment: just after somebody has looked where they stand."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import ModuleType

import pytest


@contextmanager
def pressed_after(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, look: str, press: Callable[[], None]
) -> Iterator[None]:
    """`press` in a thread of its own, when `module.look` has answered; it may have to wait for whoever looked."""
    looked, pressing = getattr(module, look), list[Future[None]]()
    with ThreadPoolExecutor(1) as pool:

        def looks(*given: object, **more: object) -> object:
            found = looked(*given, **more)
            pressing.append(pool.submit(press))
            wait(pressing, 0.3)
            return found

        monkeypatch.setattr(module, look, looks)
        yield
        pressing[0].result(5)
