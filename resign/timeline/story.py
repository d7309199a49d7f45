"""A person's timeline: the oldest first, a page at a time, however much there is."""

import heapq
import struct
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from resign.timeline.entries import Entry, Place
from resign.timeline.identities import Identity, identities
from resign.timeline.sources import SOURCES, Asked

MOST_ENTRIES = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHAPE = struct.Struct(">qBQ")


@dataclass(frozen=True, slots=True)
class Timeline:
    """`next_token` is None on the last page; `bad_token` where what was given was none, and this is the first page."""

    identities: tuple[Identity, ...]
    entries: tuple[Entry, ...]
    next_token: str | None = None
    bad_token: bool = False


def timeline(
    session: Session,
    workspace: str,
    digest: str,
    now: datetime,
    after: str | None = None,
    limit: int = 100,
) -> Timeline:
    """All of the person's identities side by side. Whether whoever asks may see the workspace is the caller's to know."""
    place = _read(after) if after is not None else None
    limit = max(1, min(limit, MOST_ENTRIES))
    known = identities(session, workspace, digest)
    asked = Asked(workspace, [each.digest for each in known], place, limit, now)
    parts = [source(session, asked) for source in SOURCES]
    entries = list(islice(heapq.merge(*parts, key=lambda entry: entry.place), limit + 1))
    more = _write(entries[limit - 1].place) if len(entries) > limit else None
    return Timeline(tuple(known), tuple(entries[:limit]), more, after is not None and place is None)


def _write(place: Place) -> str:
    at, rank, number = place
    return urlsafe_b64encode(_SHAPE.pack((at - _EPOCH) // _MICROSECOND, rank, number)).decode()


def _read(token: str) -> Place | None:
    """None for whatever cannot be a place. There is nothing in it to protect."""
    try:
        microseconds, rank, number = _SHAPE.unpack(b64decode(token.encode("ascii"), b"-_", validate=True))
        at = _EPOCH + microseconds * _MICROSECOND
    except (ValueError, OverflowError, struct.error):
        return None
    return (at, rank, number) if rank < len(SOURCES) and number < 2**63 else None
