"""The metrics in Prometheus' text format: the processes' counters, and what is owed, read from the database."""

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from resign.ops.probe import Probe
from resign.outbox.owed import Owed
from resign.telemetry.sharing import add_shared


def exposition(probe: Probe) -> tuple[bytes, str]:
    registry = CollectorRegistry()
    if not add_shared(registry):
        registry = REGISTRY
    text = generate_latest(registry)
    gauges = CollectorRegistry()
    gauges.register(_FromDatabase(probe))
    return text + generate_latest(gauges), CONTENT_TYPE_LATEST


class _FromDatabase(Collector):
    """One truth for all processes. Without the database there are no figures, and `resign_database_up` says so."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("resign_database_up", "Whether the database answers")
        try:
            sight = self._probe.sight()
        except (SQLAlchemyError, OSError):
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from self._owed(sight.owed)
        yield GaugeMetricFamily(
            "resign_oldest_unweighed_seconds",
            "Age of the oldest event of Synerise's that the worker has not weighed",
            (self._probe.clock.now() - sight.unweighed_since).total_seconds() if sight.unweighed_since else 0,
        )
        held = GaugeMetricFamily(
            "resign_lane_closed",
            "Lanes that are paused (no), held until somebody mends them (yes), or paused by hand (by-hand)",
            labels=["workspace", "destination", "phase", "held"],
        )
        for lane in sight.held:
            held.add_metric(
                [lane.workspace, lane.destination, lane.phase, "yes" if lane.held_for else "no"], 1
            )
        for lane in sight.stopped:
            held.add_metric([lane.workspace, lane.destination, lane.phase, "by-hand"], 1)
        yield held
        feeds = GaugeMetricFamily(
            "resign_feed_late_seconds",
            "Age of the oldest decision that a feed's file should have told by now",
            labels=["workspace", "destination"],
        )
        for late in sight.late_feeds:
            feeds.add_metric(
                [late.workspace, late.destination], (self._probe.clock.now() - late.since).total_seconds()
            )
        yield feeds
        alarm = GaugeMetricFamily(
            "resign_alarm", "What somebody should look at", labels=["name", "workspace", "level"]
        )
        for each in sight.alarms:
            alarm.add_metric([each.name, each.workspace, each.level], 1)
        yield alarm

    def _owed(self, figures: Owed) -> Iterable[Metric]:
        messages = GaugeMetricFamily(
            "resign_messages", "Messages that are not finished", labels=["workspace", "destination", "state"]
        )
        for labels, count in figures.counts.items():
            messages.add_metric(list(labels), count)
        yield messages
        yield GaugeMetricFamily("resign_decisions_waiting", "Decisions not fanned out yet", figures.waiting)
        age = (self._probe.clock.now() - figures.oldest).total_seconds() if figures.oldest else 0
        yield GaugeMetricFamily(
            "resign_oldest_undelivered_seconds",
            "Age of the oldest decision that Synerise has not accepted",
            age,
        )
