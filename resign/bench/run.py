"""Takes the figures one after the other, so that no measurement runs beside another."""

from collections.abc import Iterator

from resign.bench import (
    drain,
    feed_memory,
    feeding,
    import_beside,
    importing,
    memory,
    minting,
    push,
    push_memory,
    search,
    suppression,
    themed,
    told,
    web,
    weight,
)
from resign.bench.figure import Figure
from resign.bench.plan import Plan

NAMES = (
    *(kind.name for kind in web.KINDS),
    "themed",
    "weight",
    "memory",
    "told",
    "drain",
    "minting",
    "push",
    "push-memory",
    "search",
    "import",
    "suppression",
    "import-beside",
    "feed",
    "feed-memory",
)


def figures(plan: Plan) -> Iterator[Figure]:
    yield from web.measure(plan)
    for name, measure in (
        ("themed", themed.measure),
        ("weight", weight.measure),
        ("memory", memory.measure),
        ("told", told.measure),
        ("drain", drain.measure),
        ("minting", minting.measure),
        ("push", push.measure),
        ("push-memory", push_memory.measure),
        ("search", search.measure),
        ("import", importing.measure),
        ("suppression", suppression.measure),
        ("import-beside", import_beside.measure),
        ("feed", feeding.measure),
        ("feed-memory", feed_memory.measure),
    ):
        if plan.wants(name):
            yield from measure(plan)
