"""Counts what attempts came to: how often, and how long after the decision."""

import logging
from collections.abc import Iterable

from resign.outbox.contract import Accepted, Confirmed
from resign.outbox.settle import Finished
from resign.telemetry.metrics import ACCEPTED_AFTER, ATTEMPTS, CONFIRMED_AFTER

log = logging.getLogger(__name__)


def observe(finished: Iterable[Finished]) -> None:
    for done in finished:
        workspace, destination, _ = done.claimed.way
        ATTEMPTS.labels(workspace, destination, done.verdict.outcome).inc()
        if done.verdict.state == "dead":
            log.error(
                "A message was refused for good: see `resign outbox list`, mend the cause, then `resign outbox retry`",
                extra={"workspace": workspace, "message_id": done.claimed.id, "reason": done.verdict.reason},
            )
        seconds = (done.at - done.claimed.message.decided_at).total_seconds()
        if isinstance(done.outcome, Accepted):
            ACCEPTED_AFTER.labels(workspace, destination).observe(seconds)
        elif isinstance(done.outcome, Confirmed):
            CONFIRMED_AFTER.labels(workspace, destination).observe(seconds)
