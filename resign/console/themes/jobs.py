"""What takes longer than anybody waits for a page: checking a theme, publishing it. One at a time for a workspace."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from resign.themes.fault import Fault
from resign.themes.publishing import Prepared, Refused

log = logging.getLogger(__name__)

Kind = Literal["check", "publish", "wear"]
State = Literal["running", "passed", "refused", "failed"]


@dataclass(slots=True, kw_only=True)
class Job:
    """`digest` is of the files that it is about, `found` the publication that was worn when it began (0: none), and
    `publication` the one that came of it.
    """

    kind: Kind
    digest: str
    found: int
    note: str = ""
    state: State = "running"
    faults: tuple[Fault, ...] = ()
    publication: int | None = None
    begun: float = 0.0
    seconds: float = 0.0

    @property
    def lasts(self) -> float:
        return self.seconds or time.monotonic() - self.begun


Prepare = Callable[[], Prepared | Refused]
Put = Callable[[Prepared], int]


class Jobs:
    """The newest job of each workspace, and what the last check that was passed had made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Job] = {}
        self._prepared: dict[str, tuple[str, Prepared]] = {}
        # A check shows every page to a browser: two at once would take twice as long each.
        self._turn = threading.Lock()

    def newest(self, workspace: str) -> Job | None:
        return self._newest.get(workspace)

    def forget(self, workspace: str) -> None:
        """What was found out about a draft that is no more."""
        with self._lock:
            newest = self._newest.get(workspace)
            if newest and newest.state != "running" and newest.kind != "wear":
                del self._newest[workspace]

    def start(self, workspace: str, job: Job, prepare: Prepare, put: Put | None = None) -> bool:
        """False where the workspace's last one is still running. `put` is called where nothing is in the way."""
        with self._lock:
            running = self._newest.get(workspace)
            if running and running.state == "running":
                return False
            job.begun = time.monotonic()
            self._newest[workspace] = job
        arguments = (workspace, job, prepare, put)
        threading.Thread(
            target=self._run, args=arguments, name=f"{job.kind}-{workspace}", daemon=True
        ).start()
        return True

    def _run(self, workspace: str, job: Job, prepare: Prepare, put: Put | None) -> None:
        state: State = "passed"
        try:
            with self._turn:
                prepared = self._known(workspace, job) or prepare()
            if isinstance(prepared, Refused):
                job.faults, state = prepared.faults, "refused"
            else:
                if job.kind != "wear":
                    self._prepared[workspace] = (job.digest, prepared)
                if put:
                    job.publication = put(prepared)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page says that it broke off
            # Whoever waits for it is told; the text of a theme belongs in no log.
            # No traceback: it would quote the theme.
            log.error("The %s of a theme broke off (%s)", job.kind, type(error).__name__)  # noqa: TRY400
            state = "failed"
        job.seconds = time.monotonic() - job.begun
        job.state = state

    def _known(self, workspace: str, job: Job) -> Prepared | None:
        digest, prepared = self._prepared.get(workspace, ("", None))
        return prepared if job.kind == "publish" and digest == job.digest else None
