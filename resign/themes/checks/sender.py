"""Who sends the emails, and how to reach them: by name, and as a link."""

import re
from collections.abc import Iterator

from resign.themes.checks.shown import Shown, seen
from resign.themes.fault import Fault


def faults(shown: Shown) -> Iterator[Fault]:
    sender = shown.brand.sender
    if " ".join(sender.name.split()) not in " ".join(shown.tree.pieces()):
        yield shown.fault(
            "the page does not name its sender",
            "Write {{ sender.name }}, in the foot say.",
            "block foot",
            "block brand",
        )
    # A single sign is no way that anybody finds.
    if not any(
        link.attributes.get("href") == sender.href and len(re.findall(r"\w", seen(link))) > 1
        for link in shown.tree.all("a")
    ):
        yield shown.fault(
            "the page does not say how to reach the sender",
            'Write <a href="{{ sender.href }}">{{ sender.shown }}</a>, in the foot say.',
            "block foot",
        )
