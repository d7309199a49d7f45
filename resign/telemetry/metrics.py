"""The counters and histograms of all processes on this machine, kept in files that any of them can add up.

prometheus-client keeps them in memory-mapped files where `PROMETHEUS_MULTIPROC_DIR` says so; whoever starts the
processes sets it (`resign.serving`). Gauges of what is owed are not here: they come from the database, once.
"""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# They double the number of series and are said nowhere to mean anything to an alarm.
disable_created_metrics()  # type: ignore[no-untyped-call]

_SECONDS = (0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400, float("inf"))

DECISIONS = Counter(
    "resign_decisions", "Decisions recorded on the public pages", ["workspace", "choice", "method"]
)
REFUSED = Counter("resign_refused", "Public requests refused, by cause", ["cause"])
API_ANSWERS = Counter("resign_api_answers", "Answers of the API, by what was asked", ["route", "status"])
ATTEMPTS = Counter(
    "resign_attempts", "Attempts to deliver or read back", ["workspace", "destination", "outcome"]
)
ACCEPTED_AFTER = Histogram(
    "resign_accepted_seconds",
    "From the decision to its acceptance by the destination",
    ["workspace", "destination"],
    buckets=_SECONDS,
)
CONFIRMED_AFTER = Histogram(
    "resign_confirmed_seconds",
    "From the decision to its confirmation by reading back",
    ["workspace", "destination"],
    buckets=_SECONDS,
)
NOTICES = Counter("resign_notices", "Events that Synerise told us of", ["workspace", "subject"])
HOOK_REFUSED = Counter(
    "resign_hook_refused", "Requests to a hook that were refused or left alone, by cause", ["cause"]
)
WEIGHED = Counter("resign_notices_weighed", "What became of Synerise's events", ["workspace", "verdict"])
RECONCILED = Counter(
    "resign_reconciled", "Profiles compared with Synerise, by what was found", ["workspace", "found"]
)
# Each process says it at every look, so the newest word counts: one that ended leaves none behind.
THEME_FALLBACK = Gauge(
    "resign_theme_fallback",
    "Whether shipped pages stand in for a published theme's",
    ["workspace"],
    multiprocess_mode="mostrecent",
)
