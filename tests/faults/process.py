"""One real process with its children, which can be killed the way the kernel kills: without a word, in the middle."""

import random
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil


class Process:
    """`identity` is what `Popen` needs to run it as somebody else; PostgreSQL refuses to be run by root."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        identity: Mapping[str, object] | None = None,
    ) -> None:
        self.command = list(command)
        self._environment = environment
        self._identity = dict(identity or {})
        self._log = log
        self._popen: subprocess.Popen[bytes] | None = None
        # How often it was found to have ended by itself.
        self.fell = 0

    @property
    def runs(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def lies(self) -> bool:
        """Whether it has ended by itself and nobody has started it again."""
        return self._popen is not None and self._popen.poll() is not None

    def start(self) -> None:
        """Does nothing where it runs."""
        if self.runs:
            return
        self.fell += self.lies
        with self._log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.command, env=self._environment, stdout=log, stderr=log, **self._identity
            )

    def kill(self) -> None:
        """kill -9 for it and all its children."""
        if self._popen is None:
            return
        with suppress(psutil.NoSuchProcess):
            main = psutil.Process(self._popen.pid)
            # It must not replace a child between the look and the kill: the new one would live on unseen.
            main.suspend()
            family = self.family()
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            for process in family[1:]:
                _until_dead(process)
        self._popen.wait()
        self._popen = None

    def kill_child(self, dice: random.Random) -> bool:
        """kill -9 for one of its children, drawn by lot; False where it has none."""
        if self._popen is None or not (children := self.family()[1:]):
            return False
        with suppress(psutil.NoSuchProcess):
            dice.choice(children).kill()
        return True

    def family(self) -> list[psutil.Process]:
        """Itself first, then its children; nobody where it is gone."""
        if self._popen is None:
            return []
        with suppress(psutil.NoSuchProcess):
            main = psutil.Process(self._popen.pid)
            return [main, *main.children(recursive=True)]
        return []


def _until_dead(process: psutil.Process) -> None:
    """Dead is enough: whoever inherited it may take a while to notice, and it holds nothing any more."""
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.005)
