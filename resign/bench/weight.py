"""What the opt-out page weighs on the wire, and how many requests a browser makes for it."""

import gzip
import re
from collections.abc import Iterator

import httpx

from resign.bench.engines import fresh
from resign.bench.figure import Figure
from resign.bench.plan import Plan
from resign.bench.system import install

# Whatever makes a browser ask for more: pictures, scripts, frames, style sheets, icons, and what those refer to.
_MORE = re.compile(
    rb"<(?:img|script|iframe|link|source|embed|object)\b[^>]*\b(?:src|href|data)=|url\(|@import"
)


def measure(plan: Plan) -> Iterator[Figure]:
    with fresh("sqlite", None) as database:
        system = install(database, plan.folder / "weight")
        with system.running_web():
            page = httpx.get(
                system.address + system.paths(0, 1)[0], headers={"Accept-Encoding": "gzip"}, trust_env=False
            )
    headers = sum(len(name) + len(value) + 4 for name, value in page.headers.raw)
    measured = {
        "bytes": len(page.content),
        "gzip_bytes": len(gzip.compress(page.content)),
        "sent_compressed": "content-encoding" in page.headers,
        "header_bytes": headers,
    }
    yield Figure("page weight", "", len(page.content) / 1024, "KiB", None, measured)
    yield Figure("page requests", "", requests_of(page.content), "requests")


def requests_of(page: bytes) -> int:
    """The page itself, and each thing that it refers to, data in place aside."""
    return 1 + len(_MORE.findall(re.sub(rb"url\(['\"]?data:|href=['\"]?data:", b"", page)))
