"""Who sends the emails, and how to reach them: by name, and as a link."""

from collections.abc import Iterator

from resign.themes.checks.shown import Shown
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
    if not any(link.attributes.get("href") == sender.href for link in shown.tree.all("a")):
        yield shown.fault(
            "the page does not say how to reach the sender",
            'Write <a href="{{ sender.href }}">{{ sender.shown }}</a>, in the foot say.',
            "block foot",
        )
