"""Whether the settings still name a destination: nobody goes to one that was taken out, so it is in no trouble."""

from collections.abc import Collection, Iterable, Mapping

from resign.outbox.tables import Lane, leads_to_synerise

# The destinations beside Synerise, webhooks and feeds, of every workspace that there is.
Named = Mapping[str, Collection[str]]


def is_named(workspace: str, destination: str, named: Named) -> bool:
    return workspace in named and (leads_to_synerise(destination) or destination in named[workspace])


def named_lanes(lanes: Iterable[Lane], named: Named) -> list[Lane]:
    """Without those on which nothing is tried again: they would be held, or paused by hand, for ever."""
    return [lane for lane in lanes if is_named(lane.workspace, lane.destination, named)]
