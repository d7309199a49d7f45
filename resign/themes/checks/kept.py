"""What the shipped page tells a person of their decision, and its other languages: a theme tells it too."""

import re
from collections.abc import Iterator

from resign.themes.checks.shown import Shown
from resign.themes.fault import Fault

_TOLD = ("recorded_at", "reference", "record", "until", "elsewhere")


def faults(shown: Shown) -> Iterator[Fault]:
    for name in _TOLD:
        marker = f"{{{{{name}}}}}"
        if marker in shown.shipped.text and marker not in shown.page.text:
            yield shown.fault(
                f"the page does not show `{name}`", f"Write {{{{ {name} }}}}: see docs/pages.md."
            )
    for name in sorted(set(re.findall(r"\{\{(now\.[a-z0-9-]+)\}\}", shown.shipped.text))):
        if f"{{{{{name}}}}}" not in shown.page.text:
            yield shown.fault("the page does not say how each agreement stands", "Write {{ agreement.now }}.")
            break
    wanted = {*_languages(shown.shipped.text), shown.shipped.language} - {shown.page.language}
    if missing := sorted(wanted - _languages(shown.page.text)):
        yield shown.fault(
            f"the page does not lead to its other languages ({', '.join(missing)})",
            "Write {{ fragments.switcher() }}, in the header say.",
        )


def _languages(text: str) -> set[str]:
    return set(re.findall(r' hreflang="([^"]+)"', text))
