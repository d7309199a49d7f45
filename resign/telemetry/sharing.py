"""Metrics of several processes in one folder, as prometheus-client's multi-process mode has it."""

from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

SHARED_BY = "PROMETHEUS_MULTIPROC_DIR"


def add_shared(registry: CollectorRegistry) -> bool:
    """Adds up all processes' files into `registry`; False where this process shares with none."""
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:  # prometheus-client's way to say that no folder was named
        return False
    return True


def environment_for_sharing(folder: Path) -> dict[str, str]:
    """What child processes need in their environment; empties the folder, since its files belong to dead ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)
    return {SHARED_BY: str(folder)}
