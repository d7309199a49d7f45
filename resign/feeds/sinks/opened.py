"""The sink of a place. What speaks SSH is loaded only where a destination is one: it costs every start half a second."""

from resign.feeds.sinks.contract import Sink
from resign.feeds.sinks.folder import FolderSink
from resign.feeds.sinks.http import HttpSink
from resign.settings.destinations import FileTo
from resign.settings.destinations.place import FolderPlace, HttpPlace


def sink_of(to: FileTo) -> Sink:
    if isinstance(to.place, FolderPlace):
        return FolderSink(to.place.path)
    if isinstance(to.place, HttpPlace):
        return HttpSink(to.place, to.networks, to.most_seconds)
    from resign.feeds.sinks.sftp import SftpSink  # noqa: PLC0415

    return SftpSink(to.place, to.networks, to.most_seconds)
