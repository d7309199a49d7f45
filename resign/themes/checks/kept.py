"""What the shipped page tells a person of their decision, and its other languages: a theme tells it too."""

import re
from collections.abc import Iterator

from resign.themes.checks.shown import Shown, seen
from resign.themes.fault import Fault

# To be read, and to be followed.
TOLD, LED = ("recorded_at", "reference", "until"), ("record", "elsewhere")


def faults(shown: Shown) -> Iterator[Fault]:
    said = seen(shown.tree)
    led = {link.attributes.get("href", "") for link in shown.tree.all("a") if link.text}
    for name in (*TOLD, *LED):
        marker = f"{{{{{name}}}}}"
        if marker in shown.shipped.text and marker not in (led if name in LED else said):
            where = f'<a href="{{{{ {name} }}}}">' if name in LED else f"{{{{ {name} }}}} as text"
            yield shown.fault(
                f"the page does not show `{name}`", f"Write {where}: see docs/pages.md.", "block content"
            )
    for name in sorted(set(re.findall(r"\{\{(now\.[a-z0-9-]+)\}\}", shown.shipped.text))):
        # Beside a choice the mark says it, and the words are for the rare case that it cannot.
        if f"{{{{{name}}}}}" not in said and "{{to." not in shown.shipped.text:
            yield shown.fault(
                "the page does not say how each agreement stands",
                "Write {{ agreement.now }}.",
                "block content",
            )
            break
    wanted = {
        link.attributes["hreflang"] for link in shown.shipped_tree.all("a") if "hreflang" in link.attributes
    }
    led_to = {shown.language_of(link) for link in shown.tree.all("a")}
    if missing := sorted({*wanted, shown.shipped.language} - {shown.page.language} - led_to):
        yield shown.fault(
            f"the page does not lead to its other languages ({', '.join(missing)})",
            "Write {{ fragments.switcher() }}, in the header say.",
            "block switcher",
            "macro tongues",
            same="languages",
        )
